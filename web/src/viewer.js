// Shows a process diagram and marks where an instance stands.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

const LEAST_ZOOM = 0.35;

function elementsOf(place, name) {
  return JSON.parse(place.dataset[name] || "[]");
}

// Flows between two finished elements were walked; the way into an active one as well.
function walkedFlows(registry, done, active) {
  const reached = new Set([...done, ...active]);
  return registry.filter(
    (element) =>
      element.type === "bpmn:SequenceFlow" && done.has(element.source.id) && reached.has(element.target.id),
  );
}

function mark(viewer, place) {
  const canvas = viewer.get("canvas");
  const registry = viewer.get("elementRegistry");
  const done = new Set(elementsOf(place, "done"));
  const active = new Set(elementsOf(place, "active"));
  for (const id of done) if (registry.get(id) && !active.has(id)) canvas.addMarker(id, "is-done");
  for (const id of active) if (registry.get(id)) canvas.addMarker(id, "is-now");
  for (const flow of walkedFlows(registry, done, active)) canvas.addMarker(flow.id, "is-walked");
  return [...active].map((id) => registry.get(id)).filter(Boolean);
}

// A wide diagram would be too small to read: then the current step comes to the middle instead.
function show(viewer, current) {
  const canvas = viewer.get("canvas");
  canvas.zoom("fit-viewport", "auto");
  if (canvas.zoom() >= LEAST_ZOOM) return;
  canvas.zoom(LEAST_ZOOM);
  const target = current[0];
  if (target) canvas.scrollToElement(target, { top: 120, bottom: 120, left: 260, right: 260 });
}

async function draw(place) {
  const answer = await fetch(place.dataset.source, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`the diagram answered ${answer.status}`);
  const viewer = new NavigatedViewer({ container: place });
  await viewer.importXML(await answer.text());
  const picture = place.querySelector("svg");
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", place.dataset.title || "");
  show(viewer, mark(viewer, place));
  place.dataset.state = "ready";
}

for (const place of document.querySelectorAll("[data-source]")) {
  if (!place.offsetWidth) continue; // Narrow screens read the log instead.
  draw(place).catch((error) => {
    place.hidden = true;
    console.warn(error);
  });
}
