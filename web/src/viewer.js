// Shows a process diagram and marks where an instance stands.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

const LEAST_ZOOM = 0.75;

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
  const failed = elementsOf(place, "failed");
  for (const id of failed) if (registry.get(id)) canvas.addMarker(id, "is-failed");
  for (const flow of walkedFlows(registry, done, active)) canvas.addMarker(flow.id, "is-walked");
  return [...failed, ...active].map((id) => registry.get(id)).filter(Boolean);
}

// A wide diagram would be too small to read: then the current step, else the beginning, comes to the middle.
function show(viewer, current) {
  const canvas = viewer.get("canvas");
  canvas.zoom("fit-viewport", "auto");
  if (canvas.zoom() >= LEAST_ZOOM) return;
  const { inner, outer } = canvas.viewbox();
  const width = outer.width / LEAST_ZOOM;
  const height = outer.height / LEAST_ZOOM;
  const target = current[0] || { x: inner.x, y: inner.y, width: 0, height: inner.height };
  canvas.viewbox({
    x: within(target.x + target.width / 2 - width / 2, inner.x, inner.x + inner.width - width),
    y: within(target.y + target.height / 2 - height / 2, inner.y, inner.y + inner.height - height),
    width,
    height,
  });
}

// Between the first and the last place; in the middle of both where the diagram is smaller than the window.
function within(place, first, last) {
  return last < first ? (first + last) / 2 : Math.min(Math.max(place, first), last);
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
