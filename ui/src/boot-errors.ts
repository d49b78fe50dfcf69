// Shows why nothing is shown: an error before the first screen is drawn would leave a white window.
// The message is the program's own; text of records never reaches it.

const root = document.getElementById("root");

export function bootFailed(reason: string): void {
  if (!root || root.dataset.started === "true") return;
  const box = document.createElement("div");
  box.className = "boot";
  const title = document.createElement("h1");
  title.textContent = "Assay couldn't draw its window";
  const detail = document.createElement("pre");
  detail.textContent = reason;
  const hint = document.createElement("p");
  hint.textContent = "Nothing in your store was changed. Start again, with --safe-graphics if it returns.";
  box.append(title, hint, detail);
  root.replaceChildren(box);
}

window.addEventListener("error", (event) => bootFailed(event.message));
window.addEventListener("unhandledrejection", (event) => bootFailed(String(event.reason)));
