// What people wrote on a call: notes, tags, who and when. Nothing of it is changed silently.

import { X } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { IconButton } from "@/components/IconButton";
import { Answered, Problem } from "@/components/States";
import { TrailLink } from "@/components/TrailLink";
import { When } from "@/components/text/When";
import type { CallNotes, NoteRow, TagRow } from "@/lib/bindings";
import { count, visible } from "@/lib/format";
import { useAsk, useDo } from "@/lib/query";

const LONGEST = 4_000;

export function Notes({ id, isErased }: { id: string; isErased: boolean }) {
  const asked = useAsk("trail.notes", { id });
  return (
    <div className="grid gap-4 p-4">
      <Answered asked={asked} what="the notes">
        {(notes) => (
          <>
            <Tags id={id} notes={notes} isErased={isErased} />
            <Written id={id} notes={notes} isErased={isErased} />
          </>
        )}
      </Answered>
    </div>
  );
}

type Part = { id: string; notes: CallNotes; isErased: boolean };

function Tags({ id, notes, isErased }: Part) {
  const [tag, setTag] = useState("");
  const add = useDo("trail.add_tag");
  const remove = useDo("trail.remove_tag");
  const error = add.error ?? remove.error;
  const submit = () => add.mutate({ id, tag: tag.trim() }, { onSuccess: () => setTag("") });
  return (
    <section aria-label="Tags" className="grid gap-2">
      <h3 className="font-semibold">Tags</h3>
      {notes.tags.length === 0 ? (
        <p className="text-muted">No tag.</p>
      ) : (
        <ul className="flex flex-wrap gap-2">
          {notes.tags.map((word) => (
            <li key={word} className="flex items-center gap-1 rounded-chip border border-line pl-2">
              <TrailLink query={`tag:${word}`}>{word}</TrailLink>
              <IconButton label={`Remove the tag ${word}`} onPress={() => remove.mutate({ id, tag: word })}>
                <X aria-hidden size={12} />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      {!isErased && (
        <form
          className="flex items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (tag.trim() !== "") submit();
          }}
        >
          <div className="min-w-0 flex-1">
            <TextField
              label="Another tag"
              value={tag}
              onChange={setTag}
              help="Lower-case letters, digits, hyphens."
            />
          </div>
          <Button type="submit" className="mb-6" isDisabled={tag.trim() === "" || add.isPending}>
            Add the tag
          </Button>
        </form>
      )}
      {error && <Problem error={error} what="change the tags" />}
      {notes.tag_history.length > 0 && (
        <details>
          <summary className="text-sm text-muted">Who put tags here and took them away</summary>
          <ul className="grid gap-1 pt-1 text-sm">
            {notes.tag_history.map((row) => (
              <li key={row.leaf}>
                <TagPast row={row} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function TagPast({ row }: { row: TagRow }) {
  return (
    <>
      {row.tag === null ? <i>erased with the record</i> : <code>{row.tag}</code>} added by{" "}
      {visible(row.added_by)}, <When at={row.added_at} />
      {row.removed_by !== null && (
        <>
          ; removed by {visible(row.removed_by)}, <When at={row.removed_at} />
        </>
      )}
    </>
  );
}

function Written({ id, notes, isErased }: Part) {
  const [text, setText] = useState("");
  const [corrected, setCorrected] = useState<number | null>(null);
  const add = useDo("trail.add_note");
  const withdraw = useDo("trail.withdraw_note");
  const submit = () =>
    add.mutate(
      { id, text, ...(corrected === null ? {} : { replaces: corrected }) },
      {
        onSuccess: () => {
          setText("");
          setCorrected(null);
        },
      },
    );
  const length = [...text.trim()].length;
  return (
    <section aria-label="Notes" className="grid gap-2">
      <h3 className="font-semibold">Notes</h3>
      {notes.notes.length === 0 && <p className="text-muted">No note.</p>}
      <ol className="grid gap-3">
        {notes.notes.map((note) => (
          <li key={note.id} className="grid gap-1 rounded-control border border-line p-2">
            <Note note={note} />
            {note.text !== null && note.replaced_by === null && !isErased && (
              <div className="flex gap-2">
                <Button
                  tone="quiet"
                  aria-label={`Correct note ${note.id}`}
                  onPress={() => setCorrected(note.id)}
                >
                  Correct…
                </Button>
                <Button
                  tone="quiet"
                  aria-label={`Withdraw note ${note.id}`}
                  isDisabled={withdraw.isPending}
                  onPress={() => withdraw.mutate({ note: note.id })}
                >
                  Withdraw
                </Button>
              </div>
            )}
          </li>
        ))}
      </ol>
      {withdraw.error && <Problem error={withdraw.error} what="withdraw the note" />}
      {isErased ? (
        <p className="text-sm text-muted">
          This record was erased. What is written on it now could not be erased with it, so nothing can be.
        </p>
      ) : (
        <div className="grid gap-2">
          <TextField
            label={corrected === null ? "Another note" : `A note that corrects note ${corrected}`}
            lines={3}
            value={text}
            onChange={setText}
            help={`${count(length)} of ${count(LONGEST)} characters. A note is never changed: a correction is a note of its own.`}
          />
          <div className="flex gap-2">
            <Button isDisabled={length === 0 || length > LONGEST || add.isPending} onPress={submit}>
              {corrected === null ? "Write the note" : "Write the correction"}
            </Button>
            {corrected !== null && <Button onPress={() => setCorrected(null)}>Correct nothing</Button>}
          </div>
        </div>
      )}
      {add.error && <Problem error={add.error} what="write the note" />}
      <p className="text-sm text-muted">Notes are shown masked by the policy {notes.masked_by}.</p>
    </section>
  );
}

function Note({ note }: { note: NoteRow }) {
  return (
    <>
      <p className="text-sm text-muted">
        Note {note.id} by {visible(note.noted_by)}, <When at={note.noted_at} />
        {note.replaces !== null && `, corrects note ${note.replaces}`}
        {note.replaced_by !== null && `, corrected by note ${note.replaced_by}`}
      </p>
      {note.text !== null && (
        <p
          className={`[overflow-wrap:anywhere] whitespace-pre-wrap ${note.replaced_by === null ? "" : "text-muted"}`}
        >
          {visible(note.text)}
        </p>
      )}
      {note.is_erased && <p className="text-muted">Its text was erased with the record.</p>}
      {note.withdrawn_by !== null && (
        <p className="text-muted">
          Withdrawn by {visible(note.withdrawn_by)}, <When at={note.withdrawn_at} />.
        </p>
      )}
    </>
  );
}
