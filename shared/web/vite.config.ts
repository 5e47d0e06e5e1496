import { createHash } from "node:crypto";
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

/**
 * Something is seen before styles and scripts have come: the sign of the app on the page's ground. Styles stand behind it for
 * that, and before the page, whose own (the theme's) must have the last word; scripts wait for them all the same.
 */
function firstPaint(): Plugin {
  const sign = readFileSync(new URL("public/icons/icon.svg", import.meta.url), "utf8");
  // Until the theme has chosen between light and dark: stronger than what styles say before that.
  const ground = "html:not([data-mantine-color-scheme])";
  const style =
    "body{margin:0}#sign{position:fixed;top:30vh;left:calc(50% - 48px);width:96px}" +
    `${ground}{color-scheme:light dark}${ground} body{background:#f5f4ef}` +
    `@media(prefers-color-scheme:dark){${ground} body{background:#101512}}`;
  return {
    name: "first-paint",
    transformIndexHtml: {
      order: "post",
      handler(html) {
        const styles = html.match(/ *<link rel="stylesheet"[^>]*>\n?/g) ?? [];
        return styles
          .reduce((html, link) => html.replace(link, ""), html)
          .replace("</head>", `  <style>${style}</style>\n  </head>`)
          .replace(
            '<div id="page">',
            () => `<div id="sign">${sign.trim()}</div>\n${styles.join("")}    <div id="page">`,
          );
      },
    },
  };
}

/** What begins with asking the cloud waits for no other script and no style. */
function asksAtOnce(): Plugin {
  return {
    name: "asks-at-once",
    transformIndexHtml: {
      order: "post",
      handler(html) {
        const [preload, file] =
          html.match(/ *<link rel="modulepreload" [^>]*"(\/assets\/begin-[^"]+)">\n?/) ?? [];
        if (!preload) return html;
        const script = `<script type="module" async crossorigin src="${file}"></script>\n    `;
        return html.replace(preload, "").replace('<script type="module"', `${script}$&`);
      },
    },
  };
}

/** While pages are being written: whose page an address is, as the cloud answers it. */
function adminStandsInItsFolder(): Plugin {
  return {
    name: "admin-stands-in-its-folder",
    configureServer({ middlewares }) {
      middlewares.use((request, _, next) => {
        if (/^\/admin(\/[^.]*)?(\?|$)/.test(request.url ?? "")) request.url = "/admin.html";
        next();
      });
    },
  };
}

type Chunk = { file: string; css?: string[]; imports?: string[]; dynamicImports?: string[] };

/** Of all files those that the resident's page is made of, now or when it is led there: that is what works offline. */
async function ofResident<Entry extends { url: string; size: number }>(entries: Entry[]) {
  const built = new URL("dist/cloud/.vite/manifest.json", import.meta.url);
  const chunks: Record<string, Chunk> = JSON.parse(readFileSync(built, "utf8"));
  const files = new Set<string>();
  const walk = (name: string) => {
    const { file, css = [], imports = [], dynamicImports = [] } = chunks[name] as Chunk;
    if (files.has(file)) return;
    for (const each of [file, ...css]) files.add(each);
    for (const each of [...imports, ...dynamicImports]) walk(each);
  };
  walk("index.html");
  const manifest = entries.filter(({ url }) => !url.startsWith("assets/") || files.has(url));
  return { manifest, warnings: [] };
}

/** Installs the resident's page as an app. Names of things, not texts: an installed app has one language, the first. */
const app = VitePWA({
  strategies: "injectManifest",
  srcDir: "src/resident/app",
  filename: "sw.ts",
  injectRegister: false,
  manifestFilename: "app.webmanifest",
  includeAssets: [],
  injectManifest: {
    globPatterns: ["index.html", "assets/*.{js,css}", "icons/*"],
    dontCacheBustURLsMatching: /^assets\//,
    manifestTransforms: [ofResident],
  },
  manifest: JSON.parse(readFileSync(new URL("src/resident/app/manifest.json", import.meta.url), "utf8")),
});

/** Of Mantine what the first screen is made of. */
const FIRST_PARTS = "Button|CloseButton|Input|InputBase|Loader|NativeSelect|TextInput|Transition";

/** What every page stands on, and no version of ours changes. */
const BASE = [
  "react",
  "react-dom",
  "scheduler",
  "use-sync-external-store",
  "clsx",
  "idb-keyval",
  "openapi-[a-z-]+",
  "@fluent",
  "@tabler",
  "@tanstack",
  "@mantine/hooks",
  `@mantine/core/esm/(core|components/(${FIRST_PARTS}))`,
];

/**
 * What a page begins with comes in few files: each is a way to the cloud and back, of which a phone's line has few at a time.
 * By what pages share, and by what changes together. Whatever is wanted later is split as it is needed.
 */
const TOGETHER = [
  { name: "begin", test: /\/src\/resident\/begin\.ts$/ },
  { name: "base", test: new RegExp(`/node_modules/(${BASE.join("|")})/.*js$`) },
  { name: "shared", test: /\/web\/(src\/(ui|api|session|texts)|shared)\// },
  { name: "first", test: /\/src\/resident\/(?!main)/ },
].map((group) => ({ ...group, tags: ["$initial" as const] }));

/** The pages of each build by their names. */
const PAGES: Record<string, Record<string, string>> = {
  cloud: { resident: "index.html", admin: "admin.html" },
  hub: { guard: "guard.html" },
};

/** Which shape the API's answers have: those of another are not read from what a browser kept. */
const answers = createHash("sha256")
  .update(readFileSync(new URL("src/api/cloud.ts", import.meta.url)))
  .digest("base64url")
  .slice(0, 12);

/** Two builds: `cloud` (the resident's page and the administrator's) and `hub` (the guard's). */
export default defineConfig(({ mode }) => ({
  define: { "import.meta.env.ANSWERS": JSON.stringify(answers) },
  resolve: { alias: { "~": new URL("src", import.meta.url).pathname } },
  plugins: [
    react(),
    mode === "cloud" && app,
    mode === "hub" && guardIsIndex(),
    adminStandsInItsFolder(),
    firstPaint(),
    asksAtOnce(),
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
    rolldownOptions: {
      input: PAGES[mode],
      output: mode === "cloud" ? { codeSplitting: { groups: TOGETHER } } : {},
    },
  },
  // `npm run dev`: pages as they are being written, over a cloud and a hub that run.
  server: {
    proxy: {
      // With the page's own host: what changes something must come from a page of the same origin.
      "/api/v1": { target: process.env.CLOUD ?? "http://127.0.0.1:8481", changeOrigin: false },
      "/api": { target: process.env.HUB ?? "http://127.0.0.1:8480", changeOrigin: false },
    },
  },
  // What hangs ends; what waits for a busy machine does not fail.
  test: { include: ["src/**/*.test.ts", "src/**/*.test.tsx"], testTimeout: 60_000 },
}));
