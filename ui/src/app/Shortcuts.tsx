// The keys, for those who press `?`.

import { SCREENS } from "@/app/screens";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/overlay/Dialog";

const KEYS: readonly [string, string][] = [
  ["Ctrl K", "Search or run a command"],
  ["Ctrl J", "Jobs"],
  ["/", "Query of the trail"],
  ["J, K or ↓, ↑", "Next, previous row"],
  ["Home, End", "First, last row"],
  ["Ctrl G", "Go to a row or a time"],
  ["Space, Shift Space", "Select a row, all from the last one on"],
  ["Ctrl A", "Select all that match"],
  ["Enter, Esc", "Open, close"],
  ["R", "Reveal the original text of the open call"],
  ["1, 2, 3, U", "Reading a sample: fine, problem, unsure, take the last one back"],
  ["[", "Narrow or wide navigation"],
  ["Ctrl +, Ctrl −, Ctrl 0", "Larger, smaller, 100 %"],
  ["?", "These keys"],
];

export function Shortcuts({ isOpen, onClosed }: { isOpen: boolean; onClosed: () => void }) {
  const rows = [
    ...KEYS,
    ...SCREENS.map((screen): [string, string] => [`g ${screen.key}`, `Go to ${screen.title}`]),
  ];
  return (
    <Dialog
      title="Keyboard shortcuts"
      isOpen={isOpen}
      onClosed={onClosed}
      actions={<Button onPress={onClosed}>Close</Button>}
    >
      <table className="w-full">
        <tbody>
          {rows.map(([keys, does]) => (
            <tr key={keys}>
              <th scope="row" className="py-0.5 pr-4 text-left font-normal whitespace-nowrap">
                <kbd className="font-mono">{keys}</kbd>
              </th>
              <td className="py-0.5">{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}
