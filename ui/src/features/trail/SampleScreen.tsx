// One review sample: how it was drawn, who reads it, and what reading gave once it has ended.

import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "@/components/Button";
import { Facts } from "@/components/Facts";
import { TextField } from "@/components/form/TextField";
import { Page, Panel } from "@/components/Page";
import { Answered, Problem } from "@/components/States";
import { TrailLink } from "@/components/TrailLink";
import { Rows } from "@/components/table/Rows";
import { When } from "@/components/text/When";
import { Reading } from "@/features/trail/Reading";
import { Results } from "@/features/trail/Results";
import { Matched, standing } from "@/features/trail/SamplesScreen";
import { stratumName } from "@/features/trail/stratum";
import type { SampleDetail, SampleRow } from "@/lib/bindings";
import { count, counted, visible } from "@/lib/format";
import { useAsk, useDo } from "@/lib/query";

export function SampleScreen() {
  const { sample } = useParams({ from: "/trail/samples/$sample" });
  const number = Number(sample);
  const asked = useAsk("trail.sample", { sample: number });
  // Kept here only: an address would be kept by the browser, and a reader's name is a person's.
  const [reader, setReader] = useState<string | null>(null);
  if (reader !== null) {
    return <Reading sample={number} reader={reader} onLeft={() => setReader(null)} />;
  }
  return (
    <Page
      title={`Sample ${sample}`}
      about={asked.data && standing(asked.data.sample)}
      actions={
        <Link to="/trail/samples" className="text-accent underline underline-offset-2">
          All samples
        </Link>
      }
    >
      <Answered asked={asked} what="the sample">
        {(detail) => (
          <div className="grid gap-4">
            {detail.sample.results_shown && <Results sample={number} />}
            <div className="grid gap-4 min-[1100px]:grid-cols-2">
              <div className="grid content-start gap-4">
                {!detail.sample.results_shown && <Begin sample={detail.sample} onBegun={setReader} />}
                <Drawn detail={detail} />
              </div>
              <div className="grid content-start gap-4">
                {!detail.sample.results_shown && (
                  <Panel title="Results">
                    <p>
                      Withheld from everybody until {count(detail.sample.readers_wanted)}{" "}
                      {detail.sample.readers_wanted === 1 ? "reader has" : "readers have"} finished: a second
                      reader who has seen them would not read blind.
                    </p>
                  </Panel>
                )}
                <Strata detail={detail} />
              </div>
            </div>
          </div>
        )}
      </Answered>
    </Page>
  );
}

function Begin({ sample, onBegun }: { sample: SampleRow; onBegun: (reader: string) => void }) {
  const [name, setName] = useState("");
  const [isSure, setIsSure] = useState(false);
  const join = useDo("trail.join_sample");
  const close = useDo("trail.close_sample");
  const submit = () =>
    join.mutate({ sample: sample.sample, reader: name.trim() }, { onSuccess: () => onBegun(name.trim()) });
  return (
    <Panel title="Read it">
      <form
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "") submit();
        }}
      >
        <TextField
          label="Your name as a reader"
          value={name}
          onChange={setName}
          help="Under the same name you go on where you stopped. Readers are told apart by their names only."
        />
        <div>
          <Button type="submit" tone="primary" isDisabled={name.trim() === "" || join.isPending}>
            Read the sample
          </Button>
        </div>
        {join.error && <Problem error={join.error} what="read the sample" />}
      </form>
      <div className="mt-4 grid gap-2 border-t border-line pt-3">
        {isSure ? (
          <>
            <p>Nobody can judge any more after that, and the results are shown as they stand.</p>
            <div className="flex gap-2">
              <Button onPress={() => setIsSure(false)}>Go on reading</Button>
              <Button
                tone="danger"
                isDisabled={close.isPending}
                onPress={() => close.mutate({ sample: sample.sample })}
              >
                End the reading
              </Button>
            </div>
          </>
        ) : (
          <div>
            <Button onPress={() => setIsSure(true)}>End the reading as it stands…</Button>
          </div>
        )}
        {close.error && <Problem error={close.error} what="end the reading" />}
      </div>
    </Panel>
  );
}

function Drawn({ detail }: { detail: SampleDetail }) {
  const { sample } = detail;
  const [isRepeating, setIsRepeating] = useState(false);
  return (
    <Panel title="How it was drawn">
      <Facts
        facts={[
          {
            name: "Calls",
            value: (
              <>
                <TrailLink query={`review_sample:${sample.sample}`}>{count(sample.items)}</TrailLink> of{" "}
                {count(sample.population)} that matched when it was drawn
              </>
            ),
          },
          { name: "Query", value: <Matched query={sample.query} /> },
          { name: "Seed", value: <code>{sample.seed}</code> },
          {
            name: "Strata",
            value: `${count(detail.strata.length)} by ${sample.by.length === 0 ? "nothing" : sample.by.join(", ")}, ${sample.allocation === "equal" ? "the same number of each" : "by size, at least one of each"}`,
          },
          {
            name: "Drawn",
            value: (
              <>
                by {visible(sample.drawn_by)}, <When at={sample.drawn_at} />
              </>
            ),
          },
          { name: "From", value: `the records before leaf ${count(sample.tree_size)}` },
          {
            name: "Proof",
            value: `leaf ${count(sample.leaf)}, ${sample.checkpoint === null ? "no signed checkpoint covers it yet" : `under the signed checkpoint of ${counted(sample.checkpoint, "leaf", "leaves")}`}`,
          },
          {
            name: "Readers",
            value:
              sample.readers.length === 0
                ? "Nobody yet"
                : sample.readers.map((reader) => (
                    <span key={reader.name} className="block">
                      {visible(reader.name)} (as {visible(reader.os_user)} on this computer),{" "}
                      {reader.finished_at === null ? (
                        "reading"
                      ) : (
                        <>
                          finished <When at={reader.finished_at} />
                        </>
                      )}
                    </span>
                  )),
          },
        ]}
      />
      <div className="mt-3 grid gap-2">
        {isRepeating ? (
          <Repeated sample={sample.sample} />
        ) : (
          <div>
            <Button onPress={() => setIsRepeating(true)}>Draw it again and compare</Button>
          </div>
        )}
        <p className="text-sm text-muted">{detail.weakness}</p>
      </div>
    </Panel>
  );
}

function Repeated({ sample }: { sample: number }) {
  const asked = useAsk("trail.repeat_sample", { sample });
  return (
    <Answered asked={asked} what="the comparison">
      {(repeated) => <p role="status">{repeated.says}</p>}
    </Answered>
  );
}

function Strata({ detail }: { detail: SampleDetail }) {
  return (
    <Panel title="Strata" flush>
      <Rows
        label="Strata of the sample"
        rows={detail.strata}
        rowKey={(stratum) => JSON.stringify(stratum.values)}
        columns={[
          { id: "name", title: "Stratum", cell: (stratum) => stratumName(stratum.values) },
          { id: "of", title: "Calls", align: "right", cell: (stratum) => count(stratum.population) },
          { id: "items", title: "In the sample", align: "right", cell: (stratum) => count(stratum.items) },
        ]}
      />
    </Panel>
  );
}
