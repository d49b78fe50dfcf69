import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Browser specs: the built UI behind `assay serve`, in Chromium.
export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  test: {
    include: ["tests/e2e/**/*.spec.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
