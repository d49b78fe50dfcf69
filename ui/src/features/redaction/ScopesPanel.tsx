// What a policy says of some fields or deployments only.

import { Panel } from "@/components/Page";
import { Rows } from "@/components/table/Rows";
import { fieldName } from "@/features/redaction/replacements";
import type { PolicyRow } from "@/lib/bindings";

export function ScopesPanel({ policy }: { policy: PolicyRow }) {
  return (
    <Panel title="Scopes" flush={policy.scopes.length > 0}>
      {policy.scopes.length === 0 ? (
        <p className="text-muted">
          It says the same of every field of every deployment. A <code>[[scope]]</code> in its text says what
          is other in some.
        </p>
      ) : (
        <Rows
          label="What is other where"
          rows={policy.scopes.map((scope, index) => ({ ...scope, id: String(index) }))}
          rowKey={(scope) => scope.id}
          columns={[
            {
              id: "fields",
              title: "Fields",
              cell: (scope) =>
                scope.fields.length === 0 ? "All fields" : scope.fields.map(fieldName).join(", "),
            },
            {
              id: "deployments",
              title: "Deployments",
              cell: (scope) =>
                scope.deployments.length === 0 ? "All deployments" : scope.deployments.join(", "),
            },
            {
              id: "says",
              title: "What is other there",
              width: "40%",
              cell: (scope) => (
                <ul>
                  {scope.says.map((one) => (
                    <li key={one}>
                      <code className="[overflow-wrap:anywhere]">{one}</code>
                    </li>
                  ))}
                </ul>
              ),
            },
          ]}
        />
      )}
    </Panel>
  );
}
