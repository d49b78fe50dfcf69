// Imported first of all. Under LANG=C.UTF-8 WebKitGTK says that the language is "C", which every
// `Intl` constructor refuses; libraries that ask at import would leave a white window.
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(Navigator.prototype, "language", { configurable: true, get: () => "en-US" });
  Object.defineProperty(Navigator.prototype, "languages", {
    configurable: true,
    get: () => Object.freeze(["en-US"]),
  });
}
