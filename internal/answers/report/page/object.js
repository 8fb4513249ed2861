// The page of one object: a person's access, who has a resource.

const view = () => byId("view");

// What an access package gives: "type:id role" of an object.
const givenShown = (value) => {
  const [, type, id, role] = /^([a-z_]+):(\S+) (.*)$/.exec(value) || [];
  const n = type && find(type, id);
  return n === undefined ? bdi(value) : [link(objectOf(n), true), ": ", bdi(role)];
};

const factRow = async (key, value) => {
  let shown = key === "gives" ? givenShown(value) : bdi(value);
  if (factLinks[key]) {
    const n = factLinks[key].map((type) => find(type, value)).find((found) => found !== undefined);
    if (n !== undefined) shown = link(objectOf(n), true);
  } else if (/^\d{4}-\d\d-\d\dT/.test(value)) {
    shown = el("time", { datetime: value }, moment(value));
  } else if (value === "true" || value === "false") {
    shown = value === "true" ? "yes" : "no";
  }
  return fact(factWords[key] || key, shown);
};

const factList = async (object) => {
  const facts = await factsOf(object.n);
  const rows = [fact("Id", el("code", null, bdi(object.id)))];
  if (object.login) rows.unshift(fact("Signs in as", bdi(object.login)));
  for (const [key, value] of facts || []) rows.push(await factRow(key, value));
  return [el("dl", { class: "facts" }, rows), facts ? null : el("p", { class: "kind" }, "What the profile says of it is not in this page, which would get too large: ", command(question("what-has", object)))];
};

const strongBadge = (row) => {
  if (index.strong.has(row.entitlement)) return badge("dangerous", "zero");
  const role = rolesByNumber.get(row.on);
  return role && role.tier >= 0 ? badge("tier " + role.tier, role.tier ? "one" : "zero") : null;
};

const heldColumns = (timed) => [
  { head: "What", cell: (r) => [link(objectOf(r.on), true), " ", strongBadge(r)], by: (r) => nameOf(objectOf(r.on)), text: (r) => nameOf(objectOf(r.on)) + " " + labelOf(r.entitlement) },
  { head: "As", cell: (r) => bdi(labelOf(r.entitlement)), by: (r) => labelOf(r.entitlement) },
  { head: "How", cell: howOf, by: (r) => r.direct ? 0 : 1 },
  ...(timed ? [
    { head: "Since", class: "when", cell: (r) => since(r.since), by: (r) => r.since || "" },
    { head: "Until", class: "when", cell: (r) => until(r.until), by: (r) => r.until || "9999" },
  ] : []),
];

const heldPart = async (object) => {
  const held = await heldBy(object.n);
  if (held === null) {
    return [el("h3", null, "Access"), notice("What ", bdi(nameOf(object)), " holds is not in this page, which would get too large. It is in the snapshot: ", command(question("what-has", object)))];
  }
  const parts = [];
  const left = new Set(held);
  for (const [title, types] of heldKinds) {
    const rows = held.filter((r) => types.includes(objectOf(r.on).type));
    rows.forEach((r) => left.delete(r));
    if (!rows.length) continue;
    const direct = rows.filter((r) => r.direct).length;
    rows.sort((a, b) => (b.direct - a.direct) || nameOf(objectOf(a.on)).localeCompare(nameOf(objectOf(b.on))));
    parts.push(el("h3", null, title, el("span", { class: "kind" }, " " + number(rows.length) + (direct === rows.length ? ", all direct" : ", " + number(direct) + " direct"))),
      dataTable({ caption: title + " of " + nameOf(object), rows, columns: heldColumns(rows.some((r) => r.since || r.until)), filter: true }));
  }
  if (left.size) parts.push(el("h3", null, "Other"), dataTable({ caption: "What else " + nameOf(object) + " holds", rows: [...left], columns: heldColumns(false), filter: true }));
  if (!held.length) parts.push(el("p", { class: "empty" }, "It holds nothing that the snapshot has."));
  return [el("h2", null, object.type === "user" ? "Access" : "What it holds"), ...parts];
};

const holderColumns = (timed) => [
  { head: "Who", cell: (r) => link(objectOf(r.who)), by: (r) => nameOf(objectOf(r.who)), text: (r) => nameOf(objectOf(r.who)) + " " + objectOf(r.who).login },
  { head: "How", cell: howOf, by: (r) => r.direct ? 0 : 1 },
  ...(timed ? [
    { head: "Since", class: "when", cell: (r) => since(r.since), by: (r) => r.since || "" },
    { head: "Until", class: "when", cell: (r) => until(r.until), by: (r) => r.until || "9999" },
  ] : []),
];

const holdersPart = async (object) => {
  const parts = [];
  for (const e of entitlementsOn(object.n)) {
    const { count, direct, holders } = await holdersOf(e);
    parts.push(el("h3", null, bdi(labelOf(e)), index.strong.has(e) ? [" ", badge("dangerous", "zero")] : null, el("span", { class: "kind" }, " " + number(count) + ", " + number(direct) + " direct")));
    holders.sort((a, b) => b.direct - a.direct);
    if (holders.length) parts.push(dataTable({ caption: labelOf(e) + ": who has it", rows: holders, columns: holderColumns(holders.some((h) => h.since || h.until)), filter: true }));
    if (holders.length < count) parts.push(notice(number(count - holders.length) + " more are not in this page. All of them: ", command(question("who-has", object))));
  }
  return parts.length ? [el("h2", null, "Who has it"), ...parts] : [];
};

const dangerPart = (object) => {
  const a = applicationsByNumber.get(object.n);
  return a ? [el("h2", null, "What it may do"), dataTable({ caption: "Dangerous permissions and consents of " + nameOf(object), rows: [a], columns: applicationColumns().slice(1) })] : [];
};

const credentialsPart = async (object) => {
  if (!["application", "app_registration", "agent_identity", "managed_identity"].includes(object.type)) return [];
  const rows = (await jsonBlock("credentials")).rows.filter((r) => r.owner === object.n);
  return rows.length ? [el("h2", null, "Credentials"), dataTable({ caption: "Credentials of " + nameOf(object), rows, columns: [
    { head: "Credential", cell: (r) => bdi(r.name) }, { head: "Kind", cell: (r) => credentialWords[r.kind] || bdi(r.kind) },
    { head: "Since", class: "when", cell: (r) => since(r.since) }, { head: "Ends", class: "when", cell: (r) => r.until ? until(r.until) : "does not end" },
  ] })] : [];
};

const pathsPart = (object) => {
  const own = pathsFrom(object.n).map(({ role, path }) => pathFigure(path, role));
  const to = (summary.paths).find((r) => r.role === object.n);
  return [
    own.length ? [el("h2", null, "Paths to roles of tier 0"), el("div", { class: "paths" }, own)] : null,
    to ? [el("h2", null, "Paths to it"), pathsOfRole(to)] : null,
  ];
};

const drawObject = async (type, id) => {
  await loadIndex();
  const n = find(type, id);
  if (n === undefined) {
    view().replaceChildren(el("h1", { tabindex: -1 }, "Not in this report"), el("p", null, "The snapshot has no ", typeWord(type), " with the id ", el("code", null, bdi(id)), "."));
    return;
  }
  const object = objectOf(n);
  document.title = nameOf(object) + ": access report";
  view().replaceChildren(
    el("p", { class: "kicker" }, capital(typeWord(object.type))),
    el("h1", { tabindex: -1 }, bdi(nameOf(object)), " ", flagBadges(object.flags)),
    ...[await factList(object), dangerPart(object), await heldPart(object), pathsPart(object), await holdersPart(object), await credentialsPart(object)].flat(Infinity).filter(Boolean),
    el("p", { class: "kind" }, el("a", { href: "#overview" }, "Back to the report")));
  arrangeSoon();
};
