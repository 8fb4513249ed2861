// How elements are made. Texts become text nodes: nothing that the data says is ever
// read as HTML.

const svgNamespace = "http://www.w3.org/2000/svg";

const fill = (element, attributes, children) => {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [event, does] of Object.entries(value)) element.addEventListener(event, does);
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return element;
};

const el = (name, attributes, ...children) => fill(document.createElement(name), attributes, children);

const svg = (name, attributes, ...children) => fill(document.createElementNS(svgNamespace, name), attributes, children);

const byId = (id) => document.getElementById(id);

// A name keeps its direction of writing to itself.
const bdi = (text) => el("bdi", null, text);

const badge = (text, kind) => el("span", { class: "badge " + (kind || "") }, text);

const flagBadges = (flags, tierless) => [
  flags & flagTierZero && !tierless ? badge("tier 0", "zero") : null,
  flags & flagTierOne && !(flags & flagTierZero) && !tierless ? badge("tier 1", "one") : null,
  flags & flagGuest ? badge("guest", "guest") : null,
  flags & flagDisabled ? badge("disabled", "off") : null,
  flags & flagDeleted ? badge("deleted", "off") : null,
  flags & flagMissing ? badge("not in the snapshot", "off") : null,
];

const nameOf = (object) => object.name || object.login || typeWord(object.type) + " " + object.id;

// Names that are longer are cut in tables; the object's page has all of them.
const longName = 80;

const hrefOf = (object) => "#" + object.type + "/" + encodeURIComponent(object.id);

// An object by its name, as a link to its page; quietly without its type and tier.
const link = (object, quietly, tierless) => [
  el("a", { href: hrefOf(object), title: nameOf(object).length > longName ? nameOf(object) : null }, bdi(short(nameOf(object), longName))),
  object.type !== "user" && !quietly ? el("span", { class: "kind" }, " " + typeWord(object.type)) : null,
  object.login && object.name ? el("span", { class: "login" }, " ", bdi(object.login)) : null,
  ...flagBadges(object.flags || 0, quietly || tierless).map((b) => b && [" ", b]),
];

const outside = (address, text) => /^https:\/\//.test(address) ? el("a", { href: address, rel: "noreferrer noopener", target: "_blank" }, text) : text;

// What is folded away is made when somebody unfolds it, as there can be a thousand of it.
const unmade = new Map();

const unfold = (details) => {
  const make = unmade.get(details);
  unmade.delete(details);
  if (make) fill(details, null, [make()]);
};

const folding = (attributes, head, make) => {
  const details = el("details", attributes, el("summary", null, head));
  unmade.set(details, make);
  if (attributes && attributes.open) unfold(details);
  else details.addEventListener("toggle", () => unfold(details), { once: true });
  return details;
};

const notice = (...text) => el("p", { class: "notice" }, ...text);

const gapsOf = (section) => (summary.gaps[section] || []).map((text) => notice(text));

const command = (text) => el("code", { class: "command" }, text);

// A list with commas, the first few of many.
const few = (items, most, rest) => {
  const shown = items.slice(0, most).map((item, i) => [i ? ", " : "", item]);
  return items.length > most ? [shown, " and " + number(items.length - most) + " " + (rest || "more")] : shown;
};

const until = (text) => {
  if (!text) return "no end";
  const days = daysUntil(text);
  return [el("time", { datetime: text }, dateOnly(text)), Number.isNaN(days) ? null : [" ", el("span", { class: "kind" }, days < 0 ? "ended" : "in " + plural(days, "day"))]];
};

const since = (text) => text ? el("time", { datetime: text }, dateOnly(text)) : "";

const put = (section, ...children) => fill(byId(section).querySelector(".body"), null, children);
