// Shows two versions of a diagram side by side, coloured by what differs, moving together.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

const AROUND = 90;
const BADGES = { added: "+", removed: "−", changed: "≠" };

async function draw(place) {
  const answer = await fetch(place.dataset.diagram, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`the diagram answered ${answer.status}`);
  const viewer = new NavigatedViewer({ container: place });
  await viewer.importXML(await answer.text());
  const picture = place.querySelector("svg");
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", place.dataset.title || "");
  mark(viewer, JSON.parse(place.dataset.marks || "{}"));
  bringToSight(viewer, Object.keys(JSON.parse(place.dataset.marks || "{}")));
  place.dataset.state = "ready";
  return viewer;
}

function mark(viewer, marks) {
  const registry = viewer.get("elementRegistry");
  for (const [id, how] of Object.entries(marks)) {
    const element = registry.get(id);
    if (!element) continue;
    viewer.get("canvas").addMarker(id, `is-${how}`);
    if (element.waypoints) continue;
    const badge = document.createElement("div");
    badge.className = `difference-badge difference-badge--${how}`;
    badge.textContent = BADGES[how];
    viewer.get("overlays").add(id, { position: { top: -10, right: 10 }, html: badge });
  }
}

// All that differs, as large as it can be read; without a difference, the whole drawing.
function bringToSight(viewer, ids) {
  const canvas = viewer.get("canvas");
  const registry = viewer.get("elementRegistry");
  const boxes = ids.map((id) => registry.get(id)).filter((element) => element && !element.waypoints);
  canvas.zoom("fit-viewport", "auto");
  if (!boxes.length) return;
  const left = Math.min(...boxes.map(({ x }) => x)) - AROUND;
  const top = Math.min(...boxes.map(({ y }) => y)) - AROUND;
  const width = Math.max(...boxes.map((box) => box.x + box.width)) + AROUND - left;
  const height = Math.max(...boxes.map((box) => box.y + box.height)) + AROUND - top;
  canvas.viewbox({ x: left, y: top, width, height });
  if (canvas.zoom() > 1) canvas.zoom(1, { x: canvas.getSize().width / 2, y: canvas.getSize().height / 2 });
}

// What one shows, the other shows too; the one that follows does not answer back.
function moveTogether(viewers) {
  let following = false;
  for (const viewer of viewers) {
    viewer.on("canvas.viewbox.changed", ({ viewbox }) => {
      if (following) return;
      following = true;
      const { x, y, width, height } = viewbox;
      for (const other of viewers) if (other !== viewer) other.get("canvas").viewbox({ x, y, width, height });
      following = false;
    });
  }
}

function show(viewers, id) {
  for (const viewer of viewers) {
    const canvas = viewer.get("canvas");
    const registry = viewer.get("elementRegistry");
    for (const element of registry.filter((one) => canvas.hasMarker(one, "is-shown"))) canvas.removeMarker(element, "is-shown");
    if (!registry.get(id)) continue;
    canvas.zoom(0.9);
    canvas.scrollToElement(id, 120);
    canvas.addMarker(id, "is-shown");
  }
}

const places = [...document.querySelectorAll("[data-diagram]")].filter((place) => place.offsetWidth);
Promise.all(places.map(draw))
  .then((viewers) => {
    if (viewers.length) viewers[0].get("canvas").viewbox(viewers.at(-1).get("canvas").viewbox());
    moveTogether(viewers);
    document.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-show]");
      if (!button || !viewers.length) return;
      show(viewers, button.dataset.show);
      places[0].scrollIntoView({ block: "center" });
    });
  })
  .catch((error) => console.warn(error));
