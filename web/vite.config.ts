import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const fonts = join(import.meta.dirname, "src/styles/fonts");

/** The Open Font License asks that its text travels with the fonts. */
const fontLicences = (): Plugin => ({
  name: "font-licences",
  generateBundle() {
    for (const name of readdirSync(fonts).filter((file) => file.startsWith("LICENSE"))) {
      this.emitFile({ type: "asset", fileName: `assets/${name}`, source: readFileSync(join(fonts, name)) });
    }
  },
});

/** Builds the web app into `dist/web`: hashed files, nothing inline, nothing from other hosts. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), fontLicences()],
  build: {
    outDir: "../dist/web",
    emptyOutDir: true,
    target: "es2022",
    // The page's policy is `script-src 'self'; style-src 'self'`, so no data: URLs and no injected script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      "/api": { target: "http://127.0.0.1:3000", ws: true },
      "/simulator/api": "http://127.0.0.1:3000",
    },
  },
});
