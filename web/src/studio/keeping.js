// Keeps what a file holds beyond what the editor knows.
//
// Elements and attributes of other tools come through untouched. Elements of the Zeebe namespace that this editor has
// never heard of would be dropped on import: they travel under another namespace and come back on saving.
import zeebe from "zeebe-bpmn-moddle/resources/zeebe.json";

const ZEEBE = "http://camunda.org/schema/zeebe/1.0";
const TRAVEL = `${ZEEBE}#kept`;
const KNOWN = new Set(zeebe.types.map((type) => type.name.toLowerCase()));

export function hideUnknown(xml) {
  const tree = parse(xml);
  const unknown = [...tree.getElementsByTagNameNS(ZEEBE, "*")].filter(
    (element) => !KNOWN.has(element.localName.toLowerCase()),
  );
  if (!unknown.length) return xml;
  for (const element of unknown) rename(element, TRAVEL, "kept");
  return new XMLSerializer().serializeToString(tree);
}

export function showUnknown(xml) {
  if (!xml.includes(TRAVEL)) return xml;
  const tree = parse(xml);
  for (const element of [...tree.getElementsByTagNameNS(TRAVEL, "*")]) rename(element, ZEEBE, "zeebe");
  for (const element of tree.querySelectorAll("*")) {
    for (const { name, value } of [...element.attributes]) if (value === TRAVEL) element.removeAttribute(name);
  }
  return new XMLSerializer().serializeToString(tree);
}

function parse(xml) {
  return new DOMParser().parseFromString(xml, "application/xml");
}

function rename(element, namespace, prefix) {
  const renamed = element.ownerDocument.createElementNS(namespace, `${prefix}:${element.localName}`);
  for (const attribute of [...element.attributes]) renamed.setAttributeNode(element.removeAttributeNode(attribute));
  renamed.append(...element.childNodes);
  element.replaceWith(renamed);
}
