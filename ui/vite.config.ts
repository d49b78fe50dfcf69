import { fileURLToPath } from "node:url";
import tailwind from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react(), tailwind()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // WebKitGTK 2.48 and newer; the window checks nothing else.
  build: { target: "safari16.4", chunkSizeWarningLimit: 900, assetsInlineLimit: 0 },
  server: { port: 5173, strictPort: true },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["tests/setup.ts"],
    restoreMocks: true,
    // Loading React and a page anew for each file takes longer than all tests. Each test sets its own
    // host and clears the answers.
    isolate: false,
    // Typing as a person does takes its time on a machine that builds at the same time.
    testTimeout: 60_000,
  },
});
