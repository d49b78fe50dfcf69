// As of when the program's own tables were read. What is older than it says was not seen.

import { Facts } from "@/components/Facts";
import { When } from "@/components/text/When";
import type { About } from "@/lib/bindings";

export function DatesTab({ about }: { about: About }) {
  return (
    <div className="grid max-w-180 gap-3">
      <Facts
        facts={[
          { name: "Prices", value: <When at={about.prices_as_of} form="date" /> },
          { name: "Vendor statements", value: <When at={about.facts_as_of} form="date" /> },
        ]}
      />
      <p className="text-muted">
        Costs are computed from the price table of this build; what a vendor states was read on its date.
        Nothing is fetched: a newer build brings newer tables. Statements older than 180 days are marked
        “Review due”.
      </p>
    </div>
  );
}
