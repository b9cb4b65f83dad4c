// Bundles web/src into web/static/dist. Run by hatch_build.py, with the Node of the build environment.
import { build } from "esbuild";

await build({
  entryPoints: ["web/src/app.js", "web/src/viewer.js"],
  outdir: "web/static/dist",
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  legalComments: "linked",
  loader: { ".woff": "file", ".woff2": "file", ".ttf": "file", ".eot": "file", ".svg": "file" },
  logLevel: "warning",
});
