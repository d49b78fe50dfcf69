// Saved views: opening one, saving the query that is shown, renaming and deleting.

import { Bookmark } from "lucide-react";
import { useState } from "react";
import { Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover, Separator } from "react-aria-components";
import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Problem } from "@/components/States";
import { When } from "@/components/text/When";
import type { ViewRow } from "@/lib/bindings";
import { count, counted, visible } from "@/lib/format";
import { useAsk, useDo } from "@/lib/query";
import { say } from "@/lib/toasts";

type Props = {
  query: string;
  table: "calls" | "activities";
  /** The view whose columns are shown. */
  opened: ViewRow | undefined;
  /** The columns that are shown, as a view keeps them; no names for the usual ones. */
  columns: { names: readonly string[]; titles: readonly string[] };
  onOpened: (view: ViewRow) => void;
  onLeft: () => void;
};

const SAVE = "save";
const MANAGE = "manage";
const LEAVE = "leave";
const ITEM = "cursor-default rounded-chip px-3 py-1 outline-none focus:bg-selected";

export function Views({ query, table, opened, columns, onOpened, onLeft }: Props) {
  const views = useAsk("trail.views", {});
  const [asked, setAsked] = useState<typeof SAVE | typeof MANAGE | null>(null);
  const rows = views.data ?? [];
  const close = () => setAsked(null);
  return (
    <>
      <MenuTrigger>
        <Button className="h-8">
          <Bookmark aria-hidden size={14} />
          {opened === undefined ? (
            "Views"
          ) : (
            <span className="max-w-40 truncate">View: {visible(opened.name)}</span>
          )}
        </Button>
        <Popover className="max-w-120 rounded-control border border-line bg-surface p-1 shadow-pop">
          <Menu
            aria-label="Views"
            className="max-h-90 min-w-56 overflow-auto outline-none"
            onAction={(key) => {
              if (key === SAVE || key === MANAGE) setAsked(key);
              else if (key === LEAVE) onLeft();
              else {
                const view = rows.find((row) => `view-${row.leaf}` === key);
                if (view) onOpened(view);
              }
            }}
          >
            {rows.length > 0 && (
              <MenuSection>
                <Header className="px-3 py-1 text-sm text-muted">Open</Header>
                {rows.map((view) => (
                  <MenuItem
                    key={view.leaf}
                    id={`view-${view.leaf}`}
                    textValue={visible(view.name)}
                    className={ITEM}
                  >
                    <span className="block font-semibold">{visible(view.name)}</span>
                    <span className="block truncate text-sm text-muted">
                      {view.records}: {view.query === "" ? "all" : <code>{view.query}</code>}
                    </span>
                  </MenuItem>
                ))}
              </MenuSection>
            )}
            {rows.length > 0 && <Separator className="my-1 border-t border-line" />}
            <MenuItem id={SAVE} className={ITEM}>
              Save this query as a view…
            </MenuItem>
            {opened !== undefined && (
              <MenuItem id={LEAVE} className={ITEM}>
                Back to the usual columns
              </MenuItem>
            )}
            {rows.length > 0 && (
              <MenuItem id={MANAGE} className={ITEM}>
                Rename or delete views…
              </MenuItem>
            )}
          </Menu>
        </Popover>
      </MenuTrigger>
      {asked === SAVE && (
        <SaveDialog query={query} table={table} columns={columns} onOpened={onOpened} onClosed={close} />
      )}
      {asked === MANAGE && <ManageDialog views={rows} onClosed={close} />}
    </>
  );
}

type Saving = Pick<Props, "query" | "table" | "columns" | "onOpened"> & { onClosed: () => void };

function SaveDialog({ query, table, columns, onOpened, onClosed }: Saving) {
  const [name, setName] = useState("");
  const save = useDo("trail.save_view");
  const submit = () =>
    save.mutate(
      {
        name,
        records: table,
        query,
        ...(columns.names.length === 0 ? {} : { columns: [...columns.names] }),
      },
      {
        onSuccess: (view) => {
          say(`Saved the view ${visible(view.name)}; leaf ${count(view.leaf)} records it.`);
          onClosed();
          if (view.columns.length > 0) onOpened(view);
        },
      },
    );
  return (
    <Dialog
      title="Save this query as a view?"
      isOpen
      onClosed={onClosed}
      actions={
        <>
          <Button onPress={onClosed}>Cancel</Button>
          <Button tone="primary" isDisabled={name.trim() === "" || save.isPending} onPress={submit}>
            Save the view
          </Button>
        </>
      }
    >
      <TextField label="Name" autoFocus value={name} onChange={setName} help="No other view has it." />
      <p>
        {table}: {query === "" ? "all, no query" : <code className="[overflow-wrap:anywhere]">{query}</code>}
      </p>
      <p>
        {columns.names.length === 0
          ? "Columns: the usual ones, as each person has laid them out."
          : `Columns, with their widths: ${columns.titles.join(", ")}.`}
      </p>
      <p className="text-sm text-muted">
        A view is kept in the store, with who saved it and when. Where its query names a person whose records
        are erased, the view goes with them.
      </p>
      {save.error && <Problem error={save.error} what="save the view" />}
    </Dialog>
  );
}

function ManageDialog({ views, onClosed }: { views: readonly ViewRow[]; onClosed: () => void }) {
  return (
    <Dialog
      title="Views"
      isOpen
      onClosed={onClosed}
      width="wide"
      actions={<Button onPress={onClosed}>Close</Button>}
    >
      {views.length === 0 && <p className="text-muted">No view is left.</p>}
      <ul className="grid gap-3">
        {views.map((view) => (
          <Managed key={view.name} view={view} />
        ))}
      </ul>
    </Dialog>
  );
}

function Managed({ view }: { view: ViewRow }) {
  const [name, setName] = useState(view.name);
  const [isSure, setIsSure] = useState(false);
  const rename = useDo("trail.rename_view");
  const remove = useDo("trail.delete_view");
  const error = rename.error ?? remove.error;
  return (
    <li className="grid gap-1 border-b border-line pb-3">
      <div className="flex flex-wrap items-end gap-2">
        <div className="min-w-48 flex-1">
          <TextField label={`Name of ${visible(view.name)}`} value={name} onChange={setName} />
        </div>
        <Button
          className="h-8"
          isDisabled={name.trim() === "" || name.trim() === view.name || rename.isPending}
          onPress={() => rename.mutate({ name: view.name, to: name })}
        >
          Rename
        </Button>
        {isSure ? (
          <Button
            tone="danger"
            className="h-8"
            isDisabled={remove.isPending}
            onPress={() => remove.mutate({ name: view.name })}
          >
            Delete {visible(view.name)}
          </Button>
        ) : (
          <Button
            className="h-8"
            aria-label={`Delete ${visible(view.name)}…`}
            onPress={() => setIsSure(true)}
          >
            Delete…
          </Button>
        )}
      </div>
      <p className="text-sm text-muted">
        {view.records}:{" "}
        {view.query === "" ? "all" : <code className="[overflow-wrap:anywhere]">{view.query}</code>} ·{" "}
        {view.columns.length === 0 ? "usual columns" : counted(view.columns.length, "column")} · saved by{" "}
        {visible(view.saved_by)}, <When at={view.saved_at} />
      </p>
      {isSure && <p className="text-sm">No record is affected when a view is deleted.</p>}
      {error && <Problem error={error} what="change the view" />}
    </li>
  );
}
