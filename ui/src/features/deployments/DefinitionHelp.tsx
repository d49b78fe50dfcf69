// What each key of a definition declares.

import { Panel } from "@/components/Page";

const KEYS: readonly (readonly [string, string])[] = [
  ["owner", "Who answers for the deployment."],
  ["regulated", "It works under a rule that limits where data may go."],
  ["zero_retention", "It relies on a zero-retention arrangement."],
  ["allowed_places", "Where calls may run: regions (eu-west-1), globs (eu-*), geographies (geo:eu)."],
  [
    "[match]",
    "Which calls are its own: accounts, regions, endpoints, sources, principals, models; * stands for anything.",
  ],
  [
    "[requirements]",
    "What it must keep to: log_retention_min_days and _max_days with their clauses, private_path, personal_data_allowed, spend_increase_percent.",
  ],
  [
    "[[declared]]",
    "A statement of yours on a topic of data handling, with its source and date. It is shown as declared, never as observed.",
  ],
];

export function DefinitionHelp() {
  return (
    <Panel title="What it declares">
      <dl className="grid gap-2">
        {KEYS.map(([key, about]) => (
          <div key={key}>
            <dt>
              <code>{key}</code>
            </dt>
            <dd className="text-muted">{about}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-3 text-muted">
        Checks judge by the definition that was saved when they ran. What it doesn't declare stays unknown.
      </p>
    </Panel>
  );
}
