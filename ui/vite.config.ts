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
    // Typing as a person does takes its time on a machine that builds at the same time.
    testTimeout: 20_000,
  },
});
