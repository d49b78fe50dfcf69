// What jsdom lacks and the components need. Imported before every unit test.
import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";
import { closeToasts } from "@/lib/toasts";

globalThis.CSS ??= {} as never;
CSS.escape ??= (text: string) => String(text).replace(/[^\w\u00a0-\uffff-]/g, (letter) => `\\${letter}`);
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
globalThis.matchMedia ??= ((query: string) => ({
  matches: false,
  media: query,
  addEventListener() {},
  removeEventListener() {},
})) as never;

// What is waited for is there at once, but not where other tests want the processors too.
configure({ asyncUtilTimeout: 30_000 });

globalThis.scrollTo = () => undefined;
// Tests of what needs no page have none.
if ("HTMLCanvasElement" in globalThis) HTMLCanvasElement.prototype.getContext = () => null;

// Files share their modules: a message of one test is not to be on the screen of another.
afterEach(() => {
  cleanup();
  closeToasts();
});
