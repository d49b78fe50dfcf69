// The report that was just written: where it is and how to recognise it.

import { Button } from "@/components/Button";
import { Facts } from "@/components/Facts";
import { Panel } from "@/components/Page";
import { Id } from "@/components/text/Id";
import type { RenderedReport } from "@/lib/bindings";
import { bytes, count } from "@/lib/format";
import { host } from "@/lib/host";
import { sayProblem } from "@/lib/toasts";

export function Created({ report }: { report: RenderedReport }) {
  return (
    <Panel
      title="Report created"
      actions={
        host().kind === "browser" && (
          <Button onPress={() => void host().download(report.handle).catch(sayProblem)}>Download</Button>
        )
      }
    >
      <Facts
        facts={[
          { name: "File", value: <span className="break-all">{report.path}</span> },
          { name: "SHA-256", value: <Id id={report.sha256} label="SHA-256 of the report" /> },
          { name: "Size", value: bytes(report.bytes) },
          ...(report.pages === null ? [] : [{ name: "Pages", value: count(report.pages) }]),
        ]}
      />
    </Panel>
  );
}
