import { expect, test } from "vitest";
import { quoted, renamed } from "@/features/redaction/toml";

test("only the name and the version change", () => {
  const text = '# a policy\nname = "default"\nversion = "1"\n[[recognizer]]\nname = "claim_number"\n';
  const after = renamed(text, "claims", "2");
  expect(after).toBe('# a policy\nname = "claims"\nversion = "2"\n[[recognizer]]\nname = "claim_number"\n');
  expect(quoted(after, "name")).toBe("claims");
});

test("a text without them gets them on top", () => {
  expect(renamed("threshold = 0.5", "a", "1")).toBe('name = "a"\nversion = "1"\nthreshold = 0.5');
});
