// Licences and groups.

const drawLicences = async () => {
  const { products, errors, more } = await jsonBlock("licences");
  put("licences", gapsOf("licences"), dataTable({ caption: "Products by used seats", rows: products, filter: true, empty: "The snapshot has no licences.", columns: [
    { head: "Product", cell: (p) => [link(objectOf(p.licence), true), p.status && p.status !== "Enabled" ? [" ", badge(p.status, "off")] : null], by: (p) => p.name, text: (p) => p.name },
    { head: "Purchased", class: "amount", cell: (p) => number(p.purchased), by: (p) => p.purchased },
    { head: "Used", class: "amount", cell: (p) => [number(p.consumed), p.consumed > p.purchased ? [" ", badge("more than purchased", "zero")] : null], by: (p) => p.consumed },
    { head: "Free", class: "amount", cell: (p) => number(Math.max(0, p.purchased - p.consumed)), by: (p) => p.purchased - p.consumed },
    { head: "People", class: "amount", cell: (p) => number(p.people), by: (p) => p.people },
    { head: "Directly", class: "amount", cell: (p) => number(p.direct), by: (p) => p.direct },
    { head: "Through groups", cell: (p) => (p.groups || []).length ? few(p.groups.map((g) => [link(objectOf(g.group), true), el("span", { class: "kind" }, " " + number(g.people))]), 6, "more groups") : "none" },
    { head: "Failed", class: "amount", cell: (p) => p.failed ? badge(number(p.failed), "zero") : "0", by: (p) => p.failed },
  ] }));
  put("licences", el("h3", null, "Assignments that fail"), dataTable({ caption: "People to whom a product is assigned and who do not have it, or not whole", rows: errors, filter: true, empty: "The snapshot has none.", columns: [
    { head: "Who", cell: (e) => link(objectOf(e.who)), by: (e) => nameOf(objectOf(e.who)), text: (e) => nameOf(objectOf(e.who)) + " " + objectOf(e.who).login },
    { head: "Product", cell: (e) => link(objectOf(e.licence), true), by: (e) => nameOf(objectOf(e.licence)), text: (e) => nameOf(objectOf(e.licence)) },
    { head: "Through", cell: (e) => e.group < 0 ? "direct" : link(objectOf(e.group), true), by: (e) => e.group < 0 ? "" : nameOf(objectOf(e.group)) },
    { head: "What is wrong", cell: (e) => bdi([e.state, e.error].filter((t) => t && t !== "None").join(": ")), by: (e) => e.error || "", text: (e) => (e.error || "") + " " + (e.state || "") },
  ] }));
  if (more) put("licences", notice(plural(more, "failed assignment") + " are left out."));
};

const groupAssignable = 1, groupDynamic = 2, groupSynced = 4, groupHidden = 8, groupMicrosoft365 = 16, groupMail = 32, groupSecurity = 64;

const groupKind = (kind) => [
  kind & groupMicrosoft365 ? "Microsoft 365" : kind & groupMail ? (kind & groupSecurity ? "mail-enabled security" : "distribution") : "security",
  kind & groupSynced ? ", synchronized" : "", kind & groupHidden ? ", hidden members" : "",
].join("");

const groupColumns = (rules) => [
  { head: "Group", cell: (g) => [link(objectOf(g[0]), true), g[1] & groupAssignable ? [" ", badge("can hold roles", "one")] : null], by: (g) => nameOf(objectOf(g[0])), text: (g) => nameOf(objectOf(g[0])) + " " + (rules[g[0]] || "") },
  { head: "Kind", cell: (g) => groupKind(g[1]), by: (g) => groupKind(g[1]), text: (g) => groupKind(g[1]) },
  { head: "Direct members", class: "amount", cell: (g) => number(g[2]), by: (g) => g[2] },
  { head: "People in effect", class: "amount", cell: (g) => number(g[3]), by: (g) => g[3] },
  { head: "Owners", class: "amount", cell: (g) => number(g[4]), by: (g) => g[4] },
];

const drawGroups = async () => {
  const { rows, rules } = await jsonBlock("groups");
  const columns = groupColumns(rules);
  const part = (title, caption, fits, more, open) => {
    const found = rows.filter(fits);
    return folding({ open }, title + " (" + number(found.length) + ")", () => dataTable({ caption, rows: found, columns: [...columns, ...(more || [])], filter: true }));
  };
  put("groups", gapsOf("groups"),
    part("Groups that can hold roles", "Groups that can hold directory roles", (g) => g[1] & groupAssignable, null, true),
    part("All groups by people", "Groups, those with the most people first", () => true, null, true),
    part("Groups of the cloud without an owner", "Groups that nobody owns and that are not synchronized from on-premises", (g) => !g[4] && !(g[1] & groupSynced)),
    part("Dynamic groups", "Groups whose members a rule decides", (g) => g[1] & groupDynamic, [{ head: "Rule", class: "rule", cell: (g) => el("code", null, bdi(rules[g[0]] || "")) }]));
};
