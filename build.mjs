// Bundles web/src into web/static/dist. Run by hatch_build.py, with the Node of the build environment.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const TARGET = "web/static/dist";
const EDITORS = ["diagram", "tables", "forms", "texts"].map((name) => `web/src/studio/${name}.js`);

const shared = {
  outbase: "web/src",
  outdir: TARGET,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  legalComments: "none", // the licences stand whole in one file
  metafile: true,
  loader: { ".woff": "file", ".woff2": "file", ".ttf": "file", ".eot": "file", ".svg": "file" },
  logLevel: "warning",
};

const pages = await build({ ...shared, entryPoints: ["web/src/app.js", "web/src/viewer.js", "web/src/comparison.js", "web/src/running.js"] });
// The editors of the studio: each is loaded on its own page alone. The properties panel brings a Preact of its own, and
// its hooks must not find another one.
const editors = await build({
  ...shared,
  entryPoints: EDITORS.filter((path) => existsSync(path)),
  alias: { preact: "@bpmn-io/properties-panel/preact" },
});
writeFileSync(`${TARGET}/licences.txt`, licences([pages, editors].flatMap(({ metafile }) => Object.keys(metafile.inputs))));

// The licence of every package that any bundle holds a part of.
function licences(inputs) {
  const folders = new Set(inputs.flatMap((path) => path.match(/^.*node_modules\/(@[^/]+\/)?[^/]+/)?.[0] ?? []));
  return [...folders]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`));
      const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
      return `${name} ${version}\n\n${file ? readFileSync(`${folder}/${file}`, "utf8") : license}`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
}
