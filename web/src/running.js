// Shows on a process diagram how many instances stand where, and how long each step usually takes.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

const LEAST_ZOOM = 0.75;
const EDGE = 20;
const SHADES = [1, 2, 3, 4];

function badge(kind, text) {
  const made = document.createElement("i");
  made.className = `heat-${kind}`;
  made.textContent = text;
  return made;
}

function put(overlays, id, position, ...badges) {
  const html = document.createElement("div");
  html.className = "heat-badges";
  html.setAttribute("aria-hidden", "true"); // The table below tells the same.
  html.append(...badges);
  overlays.add(id, { position, html });
}

function label(viewer, id, mark) {
  const overlays = viewer.get("overlays");
  const standing = mark.count ? [badge("count", mark.count)] : [];
  const late = mark.overdue ? [badge("late", mark.overdue)] : [];
  const failed = mark.incidents ? [badge("incident", `!${mark.incidents}`)] : [];
  const signs = [...standing, ...late, ...failed];
  if (signs.length) put(overlays, id, { top: -13, right: 24 }, ...signs);
  if (mark.usual) put(overlays, id, { bottom: 9, left: 6 }, badge("usual", mark.usual));
}

// Colour alone says nothing: the numbers stand beside it whichever is chosen.
function shade(viewer, marks, by) {
  const canvas = viewer.get("canvas");
  for (const [id, mark] of marks) {
    for (const level of SHADES) canvas.removeMarker(id, `heat-${level}`);
    if (mark[by]) canvas.addMarker(id, `heat-${mark[by]}`);
  }
}

// A wide diagram would be too small to read: then the chosen step, else the fullest, comes to the middle.
function bringToSight(viewer, element) {
  const canvas = viewer.get("canvas");
  canvas.zoom("fit-viewport", "auto");
  if (canvas.zoom() >= LEAST_ZOOM || !element) return;
  const { inner, outer } = canvas.viewbox();
  const [width, height] = [outer.width / LEAST_ZOOM, outer.height / LEAST_ZOOM];
  canvas.viewbox({
    x: within(element.x + element.width / 2 - width / 2, inner.x - EDGE, inner.x + inner.width + EDGE - width),
    y: within(element.y + element.height / 2 - height / 2, inner.y - EDGE, inner.y + inner.height + EDGE - height),
    width,
    height,
  });
}

// Between the first and the last place; in the middle of both where the diagram is smaller than the window.
function within(place, first, last) {
  return last < first ? (first + last) / 2 : Math.min(Math.max(place, first), last);
}

async function draw(place) {
  const answer = await fetch(place.dataset.running, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`the diagram answered ${answer.status}`);
  const viewer = new NavigatedViewer({ container: place });
  await viewer.importXML(await answer.text());
  const registry = viewer.get("elementRegistry");
  const marks = Object.entries(JSON.parse(place.dataset.marks)).filter(([id]) => registry.get(id));
  const picture = place.querySelector("svg");
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", place.dataset.title);
  for (const [id, mark] of marks) label(viewer, id, mark);
  const chosen = registry.get(place.dataset.chosen);
  if (chosen) viewer.get("canvas").addMarker(chosen, "is-chosen");
  const [fullest] = [...marks].sort(([, one], [, other]) => other.count - one.count);
  bringToSight(viewer, chosen || (fullest && registry.get(fullest[0])));
  openOnClick(viewer, new Map(marks), place);
  for (const choice of document.querySelectorAll("[name=heat]")) {
    choice.addEventListener("change", () => shade(viewer, marks, choice.value));
    if (choice.checked) shade(viewer, marks, choice.value);
  }
  place.dataset.state = "ready";
}

function openOnClick(viewer, marks, place) {
  const isOpen = (id) => marks.get(id)?.count || marks.get(id)?.incidents;
  for (const [id, mark] of marks) {
    const drawn = viewer.get("elementRegistry").getGraphics(id);
    const says = document.createElementNS("http://www.w3.org/2000/svg", "title");
    says.textContent = mark.says;
    drawn.append(says);
    if (isOpen(id)) viewer.get("canvas").addMarker(id, "is-open");
  }
  viewer.on("element.click", ({ element }) => {
    const id = element.labelTarget?.id || element.id;
    if (!isOpen(id)) return;
    const target = new URL(place.dataset.place, location.href);
    target.searchParams.set("element", id);
    target.hash = "ho-so";
    location.assign(target);
  });
}

for (const place of document.querySelectorAll("[data-running]")) {
  if (!place.offsetWidth) continue; // Narrow screens read the table instead.
  draw(place).catch((error) => {
    place.hidden = true;
    console.warn(error);
  });
}
