import { readFileSync } from "node:fs";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { compression, defineAlgorithm } from "vite-plugin-compression2";
import { VitePWA } from "vite-plugin-pwa";
import { defineConfig } from "vitest/config";

/** The hub has one page, which stands at its root. */
function guardIsIndex(): Plugin {
  return {
    name: "guard-is-index",
    enforce: "post",
    generateBundle(_, bundle) {
      const page = bundle["guard.html"];
      if (page) page.fileName = "index.html";
    },
  };
}

/** Installs the resident's page as an app. Names of things, not texts: an installed app has one language, the first. */
const app = VitePWA({
  strategies: "injectManifest",
  srcDir: "src/resident/app",
  filename: "sw.ts",
  injectRegister: false,
  manifestFilename: "app.webmanifest",
  includeAssets: [],
  injectManifest: { globPatterns: ["index.html", "assets/resident-*.{js,css}", "icons/*"] },
  manifest: JSON.parse(readFileSync(new URL("src/resident/app/manifest.json", import.meta.url), "utf8")),
});

/** The pages of each build by their names. */
const PAGES: Record<string, Record<string, string>> = {
  cloud: { resident: "index.html", admin: "admin.html" },
  hub: { guard: "guard.html" },
};

/** Two builds: `cloud` (the resident's page and the administrator's) and `hub` (the guard's). */
export default defineConfig(({ mode }) => ({
  resolve: { alias: { "~": new URL("src", import.meta.url).pathname } },
  plugins: [
    react(),
    mode === "cloud" && app,
    mode === "hub" && guardIsIndex(),
    compression({
      include: /\.(html|js|css|svg|json|webmanifest)$/,
      threshold: 512,
      algorithms: [defineAlgorithm("brotliCompress"), defineAlgorithm("gzip", { level: 9 })],
    }),
  ],
  build: {
    outDir: `dist/${mode}`,
    emptyOutDir: true,
    target: "es2022",
    manifest: true,
    // What is small is not worth a request, but pages are forbidden what stands inside themselves.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: PAGES[mode] },
  },
  // `npm run dev`: pages as they are being written, over a cloud and a hub that run.
  server: {
    proxy: {
      "/api/v1": process.env.CLOUD ?? "http://127.0.0.1:8481",
      // The hub does what its own page asks, which is one whose address it has.
      "/api": { target: process.env.HUB ?? "http://127.0.0.1:8480", changeOrigin: false },
    },
  },
  test: { include: ["src/**/*.test.ts", "src/**/*.test.tsx"] },
}));
