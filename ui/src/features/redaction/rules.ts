// A rule as the editor has it, and what its texts mean.

import type { RuleForm } from "@/lib/bindings";

export type Detector = "pattern" | "words" | "check";

export function emptyRule(): RuleForm {
  return {
    name: "",
    entity_type: "",
    category: "custom",
    about: "",
    pattern: "",
    words: [],
    validator: null,
    needs: [],
    context: [],
    context_required: false,
    not_context: [],
    score: 0.8,
    operator: null,
    examples: [""],
    negative_examples: [""],
  };
}

/** How a rule finds: by a pattern, by words, or by a check alone. */
export function detectorOf(rule: RuleForm): Detector {
  if (rule.words.length > 0) return "words";
  return rule.pattern === "" && rule.validator !== null ? "check" : "pattern";
}

/** The rule with only what its detector needs, and without blank examples. */
export function asked(rule: RuleForm, detector: Detector): RuleForm {
  const filled = (examples: readonly string[]) => examples.filter((example) => example.trim() !== "");
  return {
    ...rule,
    pattern: detector === "pattern" ? rule.pattern : "",
    words: detector === "words" ? rule.words : [],
    validator: detector === "words" ? null : rule.validator,
    examples: filled(rule.examples),
    negative_examples: filled(rule.negative_examples),
  };
}

/** The items of a text with commas or lines between them. */
export function items(text: string): string[] {
  return text
    .split(/[,\n]/)
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
