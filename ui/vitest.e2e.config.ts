import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Browser specs: the built UI behind `assay serve`, in Chromium. ASSAY_BIN names the program; where
// ASSAY_UI names a folder, its UI is served instead of the program's own.
export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  test: {
    include: ["tests/e2e/**/*.spec.ts"],
    globalSetup: "tests/e2e/place.ts",
    testTimeout: 60_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
