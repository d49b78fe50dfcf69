import { expect, test } from "vitest";
import { given, OPERATORS, withGiven, withoutGiven } from "@/features/redaction/operators";

const TOML = `name = "x"
version = "1"

[operators]
default = { operator = "replace" }
# Cards keep four.
CREDIT_CARD = { operator = "mask", keep_last = 4 } # said by billing
DATE_TIME = { operator = 'generalise', date = 'year' }

[[deny]]
entity_type = "PROJECT"
words = ["Bluebird"]
`;

test("the lines of the section are read, and nothing else", () => {
  expect(given(TOML)).toEqual([
    { entityType: "default", operator: "replace", parameters: {} },
    { entityType: "CREDIT_CARD", operator: "mask", parameters: { keep_last: "4" } },
    { entityType: "DATE_TIME", operator: "generalise", parameters: { date: "year" } },
  ]);
  expect(given("name = 1")).toEqual([]);
});

test("a type's line is changed where it stands, and added at the end of the section", () => {
  const changed = withGiven(TOML, {
    entityType: "CREDIT_CARD",
    operator: "date_shift",
    parameters: { keep_last: "4", max_days: "30", day_first: "true" },
  });
  expect(changed).toContain(
    '\n# Cards keep four.\nCREDIT_CARD = { operator = "date_shift", max_days = 30, day_first = true }\nDATE_TIME',
  );
  const added = withGiven(TOML, { entityType: "PERSON", operator: "pseudonym", parameters: {} });
  expect(added).toContain(
    "DATE_TIME = { operator = 'generalise', date = 'year' }\nPERSON = { operator = \"pseudonym\" }\n\n[[deny]]",
  );
  expect(withoutGiven(added, "PERSON")).toBe(TOML);
  expect(withGiven('name = "x"\n', { entityType: "default", operator: "keep", parameters: {} })).toBe(
    'name = "x"\n\n[operators]\ndefault = { operator = "keep" }\n',
  );
});

test("what is usual is not written", () => {
  for (const { name, parameters } of OPERATORS) {
    const usual = Object.fromEntries(parameters.map(({ key, usual }) => [key, usual]));
    expect(withGiven("[operators]", { entityType: "A", operator: name, parameters: usual })).toBe(
      `[operators]\nA = { operator = "${name}" }`,
    );
  }
});
