// Who is recorded for what is done here, and how revealed text is hidden again.

import { Link } from "@tanstack/react-router";
import { Facts } from "@/components/Facts";
import type { About } from "@/lib/bindings";

export function PrivacyTab({ about }: { about: About }) {
  return (
    <div className="grid max-w-180 gap-3">
      <Facts
        facts={[
          { name: "Recorded as", value: about.user },
          {
            name: "Revealed text",
            value: "Is hidden again after 60 seconds, once more 60 where asked, and when its record is left",
          },
          {
            name: "Network",
            value: about.offline
              ? "Offline: only this computer is reached"
              : "Only replays, anchors that were saved and runs against a guard send anything; each says first what goes where",
          },
        ]}
      />
      <p>
        Reveals, exports, replays, waivers, imported settings, and changes of definitions and policies are
        records in the trail, with this name and the time, and with the reason where one is asked for. A
        reveal is recorded before its text is shown. Imports of logs stand under Imports.
      </p>
      <p>
        <Link
          to="/trail"
          search={{ tab: "activities", q: "category:workbench" }}
          className="text-accent underline underline-offset-2"
        >
          Show what was done with this program
        </Link>
      </p>
    </div>
  );
}
