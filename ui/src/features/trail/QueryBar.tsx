// The query: typed, completed by key, checked by the engine while it is typed, applied with Enter.

import { Search, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { IconButton } from "@/components/IconButton";
import { Ticked } from "@/components/text/Ticked";
import { count, sentence } from "@/lib/format";
import { useAsk } from "@/lib/query";

type Props = { query: string; onApplied: (query: string) => void; table: "calls" | "activities" };

const PAUSE_MS = 200;
const SUGGESTIONS = 8;

/** The word before the caret, which completion replaces. */
function wordAt(text: string, caret: number): { start: number; word: string } {
  const start = text.lastIndexOf(" ", caret - 1) + 1;
  return { start, word: text.slice(start, caret) };
}

export function QueryBar({ query, onApplied, table }: Props) {
  const [draft, setDraft] = useState(query);
  const [asked, setAsked] = useState(query);
  const [at, setAt] = useState(-1);
  const [isOpen, setIsOpen] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const messageId = useId();
  const keys = useAsk("trail.keys", {});
  const checked = useAsk(table === "calls" ? "trail.count" : "trail.activity_count", { query: asked });

  useEffect(() => {
    setDraft(query);
    setAsked(query);
  }, [query]);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(draft), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [draft]);
  useLayoutEffect(() => {
    const slash = (event: globalThis.KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && event.target.matches("input, textarea");
      if (event.key !== "/" || isTyping) return;
      event.preventDefault();
      input.current?.focus();
    };
    window.addEventListener("keydown", slash);
    return () => window.removeEventListener("keydown", slash);
  }, []);

  const caret = input.current?.selectionStart ?? draft.length;
  const { start, word } = wordAt(draft, caret);
  const bare = word.replace(/^-/, "");
  // Within quotation marks stand words of the text, not keys.
  const isQuoted = (draft.slice(0, caret).match(/(?<!\\)"/g) ?? []).length % 2 === 1;
  const matching =
    table === "calls" && isOpen && !isQuoted && !bare.includes(":")
      ? (keys.data ?? []).filter((key) => key.key.startsWith(bare)).slice(0, SUGGESTIONS)
      : [];

  const take = (key: string) => {
    const next = `${draft.slice(0, start)}${word.startsWith("-") ? "-" : ""}${key}:${draft.slice(caret)}`;
    setDraft(next);
    setAt(-1);
    input.current?.focus();
  };

  const isFresh = asked === draft && !checked.isPlaceholderData;
  const error = isFresh ? checked.error : null;
  const isNew = draft.trim() !== query;

  const pressed = (event: KeyboardEvent) => {
    const chosen = matching[at];
    if (event.key === "ArrowDown" && matching.length > 0) setAt((at + 1) % matching.length);
    else if (event.key === "ArrowUp" && matching.length > 0)
      setAt((at + matching.length - 1) % matching.length);
    else if (event.key === "Tab" && matching.length > 0 && isOpen && bare !== "")
      take((chosen ?? matching[0])?.key ?? "");
    else if (event.key === "Enter" && chosen) take(chosen.key);
    else if (event.key === "Enter") {
      setIsOpen(false);
      // What is known to be wrong stays here, beside its message.
      if (!error) onApplied(draft.trim());
    } else if (event.key === "Escape" && isOpen) setIsOpen(false);
    else return;
    event.preventDefault();
  };

  return (
    <search className="relative min-w-0 flex-1 max-[900px]:order-last max-[900px]:basis-full">
      <div
        className={`flex h-8 items-center gap-2 rounded-control border bg-surface px-2 focus-within:outline-2 focus-within:outline-offset-1 focus-within:outline-focus ${error ? "border-danger" : "border-control"}`}
      >
        <Search aria-hidden size={14} className="shrink-0 text-muted" />
        <input
          ref={input}
          role="combobox"
          aria-label={`Query of ${table}`}
          aria-expanded={matching.length > 0}
          aria-controls={listId}
          aria-activedescendant={matching[at] ? `${listId}-${at}` : undefined}
          aria-invalid={error !== null}
          aria-describedby={messageId}
          className="min-w-0 flex-1 bg-transparent font-mono text-ink outline-none placeholder:text-subtle"
          placeholder={
            table === "calls" ? 'served_region:eu-* status:error "words"' : "category:settings succeeded:no"
          }
          value={draft}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => {
            setDraft(event.target.value);
            setIsOpen(true);
            setAt(-1);
          }}
          onFocus={() => setIsOpen(true)}
          onBlur={() => setIsOpen(false)}
          onKeyDown={pressed}
        />
        {draft !== "" && (
          <IconButton
            label="Clear the query"
            onPress={() => {
              setDraft("");
              onApplied("");
              // This button goes; the query is what it was for.
              input.current?.focus();
            }}
          >
            <X aria-hidden size={14} />
          </IconButton>
        )}
      </div>
      <div
        id={messageId}
        aria-live="polite"
        className={`min-h-4 px-1 pt-0.5 text-sm ${error ? "text-danger" : "text-muted"}`}
      >
        {error && <Ticked text={[error.message, error.hint ?? ""].filter(Boolean).map(sentence).join(" ")} />}
        {!error &&
          isNew &&
          isFresh &&
          checked.data &&
          `Enter shows ${count(checked.data.matching)} of ${count(checked.data.stored)}`}
      </div>
      {matching.length > 0 && (
        <div
          id={listId}
          role="listbox"
          aria-label="Keys"
          className="absolute top-9 left-0 z-20 w-110 max-w-full rounded-control border border-line bg-surface p-1 shadow-pop"
        >
          {matching.map((key, index) => (
            <div
              key={key.key}
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              className={`flex gap-3 rounded-chip px-2 py-1 ${index === at ? "bg-selected" : "hover:bg-hover"}`}
              onPointerDown={(event) => {
                event.preventDefault();
                take(key.key);
              }}
            >
              <code className="shrink-0">{key.key}</code>
              <span className="truncate text-muted">{key.about}</span>
            </div>
          ))}
        </div>
      )}
    </search>
  );
}
