// Which program this is.

import { Facts } from "@/components/Facts";
import { Maybe } from "@/components/text/When";
import type { About } from "@/lib/bindings";
import { host } from "@/lib/host";

export function AboutTab({ about }: { about: About }) {
  return (
    <div className="grid max-w-180 gap-3">
      <Facts
        facts={[
          { name: "Assay", value: `Version ${about.version}` },
          { name: "Organisation", value: <Maybe value={about.organisation} /> },
          {
            name: "Shown in",
            value: host().kind === "window" ? "Its own window" : "A browser on this computer",
          },
          { name: "Licence", value: "Apache-2.0" },
        ]}
      />
      <p className="text-muted">
        Assay shows what records prove and what nobody recorded. Whether an obligation is fulfilled is for
        people to judge.
      </p>
    </div>
  );
}
