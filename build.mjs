// Bundles web/src into web/static/dist. Run by hatch_build.py, with the Node of the build environment.
import { existsSync } from "node:fs";
import { build } from "esbuild";

const EDITORS = ["diagram", "tables", "forms", "texts"].map((name) => `web/src/studio/${name}.js`);

const shared = {
  outbase: "web/src",
  outdir: "web/static/dist",
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  legalComments: "linked",
  loader: { ".woff": "file", ".woff2": "file", ".ttf": "file", ".eot": "file", ".svg": "file" },
  logLevel: "warning",
};

await build({ ...shared, entryPoints: ["web/src/app.js", "web/src/viewer.js"] });
// The editors of the studio: each is loaded on its own page alone. The properties panel brings a Preact of its own, and
// its hooks must not find another one.
await build({
  ...shared,
  entryPoints: EDITORS.filter((path) => existsSync(path)),
  alias: { preact: "@bpmn-io/properties-panel/preact" },
});
