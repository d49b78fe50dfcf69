// Reading a sample: one masked call after the other, judged with a key.

import { useLayoutEffect, useState } from "react";
import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { Page } from "@/components/Page";
import { Answered, Problem } from "@/components/States";
import { When } from "@/components/text/When";
import { Content } from "@/features/trail/Content";
import type { ReadingItem } from "@/lib/bindings";
import { count } from "@/lib/format";
import { useAsk, useDo } from "@/lib/query";

type Props = { sample: number; reader: string; onLeft: () => void };

const JUDGEMENTS = [
  { key: "1", word: "fine", title: "Fine" },
  { key: "2", word: "problem", title: "Problem" },
  { key: "3", word: "unsure", title: "Unsure" },
] as const;

export function Reading({ sample, reader, onLeft }: Props) {
  const [position, setPosition] = useState<number | null>(null);
  const asked = useAsk("trail.read_item", {
    sample,
    reader,
    ...(position === null ? {} : { position }),
  });
  return (
    <Page
      title={`Reading sample ${sample}`}
      about={`As ${reader}. Nobody's judgements but yours are shown here.`}
      actions={<Button onPress={onLeft}>Leave</Button>}
    >
      <Answered asked={asked} what="the item">
        {(item) => (
          <Item
            key={item.position}
            item={item}
            onMoved={setPosition}
            isWaiting={asked.isPlaceholderData}
            onLeft={onLeft}
          />
        )}
      </Answered>
    </Page>
  );
}

type ItemProps = {
  item: ReadingItem;
  onMoved: (position: number) => void;
  /** What is shown is the item before, until the next one is here. */
  isWaiting: boolean;
  onLeft: () => void;
};

function Item({ item, onMoved, isWaiting, onLeft }: ItemProps) {
  const [note, setNote] = useState("");
  const judge = useDo("trail.judge_item");
  const finish = useDo("trail.finish_reading");
  const { sample, reader, position, items } = item;
  const isOpen = !item.has_finished && !judge.isPending && !isWaiting;
  const say = (word: string) => {
    if (!isOpen) return;
    const own = note.trim();
    judge.mutate(
      { sample, reader, position, judgement: word, ...(own === "" ? {} : { note: own }) },
      {
        onSuccess: (after) => {
          setNote("");
          if (after.next_unread !== null) onMoved(after.next_unread);
        },
      },
    );
  };
  const undo = () => {
    if (!isOpen || item.last_judged === null) return;
    const back = item.last_judged;
    judge.mutate({ sample, reader, position: back }, { onSuccess: () => onMoved(back) });
  };
  const move = (by: number) => {
    const next = position + by;
    if (next >= 1 && next <= items) onMoved(next);
  };
  // With what is seen, so that a key never judges the item before.
  useLayoutEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && event.target.matches("input, textarea");
      const isElsewhere = isTyping || event.ctrlKey || event.metaKey || event.altKey;
      if (isElsewhere || document.querySelector("[role=dialog]")) return;
      const judgement = JUDGEMENTS.find(({ key }) => key === event.key);
      if (judgement) say(judgement.word);
      else if (event.key === "u") undo();
      else if (event.key === "j") move(1);
      else if (event.key === "k") move(-1);
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  });
  const left = items - item.read;
  return (
    <div className="grid max-w-240 gap-4">
      <div className="sticky top-0 z-10 grid gap-2 border-b border-line bg-canvas py-2">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
          <p role="status">
            Item {count(position)} of {count(items)}: {item.judgement ?? "not judged"}. {count(item.read)} of{" "}
            {count(items)} read
            {item.erased > 0 && `, ${count(item.erased)} erased and can't be read`}.
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          {JUDGEMENTS.map(({ key, word, title }) => (
            <Button
              key={word}
              aria-pressed={item.judgement === word}
              className={item.judgement === word ? "bg-selected font-semibold" : ""}
              isDisabled={!isOpen}
              onPress={() => say(word)}
            >
              {title} <kbd>{key}</kbd>
            </Button>
          ))}
          <Button isDisabled={!isOpen || item.last_judged === null} onPress={undo}>
            Take the last one back <kbd>U</kbd>
          </Button>
          <Button isDisabled={position <= 1} onPress={() => move(-1)}>
            Previous <kbd>K</kbd>
          </Button>
          <Button isDisabled={position >= items} onPress={() => move(1)}>
            Next <kbd>J</kbd>
          </Button>
        </div>
        {judge.error && <Problem error={judge.error} what="keep the judgement" />}
        {item.has_finished ? (
          <p>You have finished, or reading was ended: judgements stay as they are.</p>
        ) : (
          item.next_unread === null && (
            <div className="flex flex-wrap items-center gap-3">
              <p>Everything that can be read is judged. After you finish nothing of yours changes.</p>
              <Button
                tone="primary"
                isDisabled={finish.isPending}
                onPress={() => finish.mutate({ sample, reader }, { onSuccess: onLeft })}
              >
                Finish
              </Button>
            </div>
          )
        )}
        {finish.error && <Problem error={finish.error} what="finish" />}
      </div>
      <p className="text-muted">
        {item.call.call.deployment} · <When at={item.call.call.started_at} /> ·{" "}
        {item.call.call.request_model ?? "model not recorded"} · {item.call.call.status}
      </p>
      {item.call.erased === null && item.call.request.length + item.call.response.length === 0 && (
        <p className="chip-medium rounded-control p-3">
          There is no text to read. <q>Fine</q> would say that nothing is wrong with it, which nobody can see:
          judge it unsure.
        </p>
      )}
      <Content detail={item.call} />
      {isOpen && item.call.erased === null && (
        <TextField
          label="A note with the judgement"
          lines={2}
          value={note}
          onChange={setNote}
          help={`Kept with the next judgement of this item. ${left > 0 ? `${count(left)} of ${count(items)} are not judged yet.` : ""}`}
        />
      )}
      {item.note !== null && (
        <p className="[overflow-wrap:anywhere] whitespace-pre-wrap">Your note, masked: {item.note}</p>
      )}
    </div>
  );
}
