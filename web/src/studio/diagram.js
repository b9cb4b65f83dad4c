// The editor of a diagram: bpmn-js with the panel, menus, rules and words of this house.
import { ZeebeVariableResolverModule } from "@bpmn-io/variable-resolver";
import ColorPickerModule from "bpmn-js-color-picker";
import {
  BpmnPropertiesPanelModule,
  BpmnPropertiesProviderModule,
  ZeebePropertiesProviderModule,
} from "bpmn-js-properties-panel";
import SimulationModule from "bpmn-js-token-simulation";
import Modeler from "bpmn-js/lib/Modeler";
import ZeebeBehaviors from "camunda-bpmn-js-behaviors/lib/camunda-cloud";
import MinimapModule from "diagram-js-minimap";
import zeebe from "zeebe-bpmn-moddle/resources/zeebe.json";

import "@bpmn-io/properties-panel/dist/assets/properties-panel.css";
import "bpmn-js-color-picker/colors/color-picker.css";
import "bpmn-js-token-simulation/assets/css/bpmn-js-token-simulation.css";
import "bpmn-js/dist/assets/bpmn-font/css/bpmn-embedded.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "bpmn-js/dist/assets/diagram-js.css";
import "diagram-js-minimap/assets/diagram-js-minimap.css";
import "./studio.css";

import ClipboardModule from "./clipboard.js";
import { openDraft } from "./draft.js";
import EditingModule from "./editing.js";
import { builtins } from "./feel.js";
import FindingModule from "./finding.js";
import { hideUnknown, showUnknown } from "./keeping.js";
import MendingModule from "./mending.js";
import MenusModule from "./menus.js";
import { read, saveByKey, start } from "./opening.js";
import PaletteModule from "./palette.js";
import PanelModule from "./panel/provider.js";
import { Problems } from "./problems.js";
import SimulationSwitchModule from "./simulation.js";
import { open, toolbar } from "./toolbar.js";
import translating from "./translating.js";
import VariablesModule from "./variables.js";
import { word } from "./words.js";

const NARROW = 820;

function modelerIn(place, lists) {
  const column = place.appendChild(Object.assign(document.createElement("div"), { className: "palette" }));
  const bench = place.appendChild(Object.assign(document.createElement("div"), { className: "canvas" }));
  const container = bench.appendChild(Object.assign(document.createElement("div"), { className: "studio-canvas" }));
  const modeler = new Modeler({
    container,
    palette: { parent: column },
    moddleExtensions: { zeebe },
    propertiesPanel: { parent: "#studio-props" },
    additionalModules: [
      { studioLists: ["value", lists] },
      BpmnPropertiesPanelModule,
      BpmnPropertiesProviderModule,
      ZeebePropertiesProviderModule,
      ZeebeBehaviors,
      ZeebeVariableResolverModule,
      ColorPickerModule,
      MinimapModule,
      SimulationModule,
      SimulationSwitchModule,
      ClipboardModule,
      EditingModule,
      FindingModule,
      MendingModule,
      MenusModule,
      PaletteModule,
      PanelModule,
      VariablesModule,
      translating(place.dataset.lang),
    ],
  });
  return [modeler, bench];
}

async function edit(place) {
  const draft = openDraft(place, {
    getContent: async () => showUnknown((await modeler.saveXML({ format: true })).xml),
    show: (xml) => show(xml),
    saved: () => check(),
  });
  // The editor is put together while its file and its lists are under way.
  const coming = Promise.all([draft.load(), read(`${place.dataset.draft}/lists`)]);
  const lists = {};
  const [modeler, bench] = modelerIn(place, lists);
  const problems = new Problems(modeler, place.dataset.file);

  async function show(content) {
    await modeler.importXML(hideUnknown(content));
    modeler.get("propertiesPanel").setFeelLanguageContext({ builtins }); // draws the panel anew, now with the pools
    open(modeler.get("canvas"));
  }

  async function check() {
    const answer = await draft.post("check").catch(() => null);
    if (answer?.ok) problems.take((await answer.json()).problems);
  }

  // Takes a file of another tool into this draft: it is shown, saved and checked like anything drawn here.
  async function importFile(content, name) {
    try {
      await modeler.get("moddle").fromXML(content);
    } catch (error) {
      console.info(error);
      window.alert(word("not_a_diagram", { name }));
      return;
    }
    if (!window.confirm(word("import_replaces", { name }))) return;
    await show(content);
    draft.changed();
  }

  async function exportFile(kind) {
    const content = kind === "svg" ? (await modeler.saveSVG()).svg : showUnknown((await modeler.saveXML({ format: true })).xml);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([content], { type: kind === "svg" ? "image/svg+xml" : "application/xml" }));
    link.download = place.dataset.file.replace(/\.bpmn$/, `.${kind}`);
    link.click();
    URL.revokeObjectURL(link.href);
  }

  toolbar(bench, modeler, { importFile, exportFile });
  const [xml, known] = await coming;
  Object.assign(lists, known);
  await show(xml);
  modeler.on("commandStack.changed", ({ trigger }) => {
    if (trigger !== "clear") draft.changed();
  });
  saveByKey(draft);
  if (window.innerWidth <= NARROW) document.getElementById("studio-props")?.setAttribute("hidden", "");
  check();
}

start("studio-diagram", edit);
