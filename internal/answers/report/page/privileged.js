// Privileged access: the roles by tier, and who holds or may activate each.

const wayCell = (way) => {
  if (!way.through) return ["direct", packagesOf(way.packages)];
  const groups = way.through.map((n, i) => [i ? " → " : "", link(objectOf(n), true)]);
  return [way.join ? "by becoming a member of " : "through ", groups, packagesOf(way.packages)];
};

const kindWords = { permanent: "permanent", "time-bound": "time-bound", activated: "activated now" };

const slugOfHolder = (row) => row.slug === "eligible" ? badge("may activate", "may") : badge("active", "on");

// A row for each way of each holder.
const holderRows = (role) => role.holders.flatMap((h) => (h.ways && h.ways.length ? h.ways : [{}]).map((way) => ({ ...h, way })));

const roleTable = (role) => {
  const rows = holderRows(role);
  return [
    dataTable({ caption: "Who has " + role.name + (role.scope ? " in " + role.scope : ""), rows, filter: true, columns: [
      { head: "Who", cell: (r) => link(objectOf(r.who), false, true), by: (r) => nameOf(objectOf(r.who)), text: (r) => nameOf(objectOf(r.who)) + " " + (objectOf(r.who).login || "") },
      { head: "How", class: "how", cell: (r) => [slugOfHolder(r), r.way.kind ? el("span", { class: "kind" }, " " + (kindWords[r.way.kind] || r.way.kind)) : null], by: (r) => r.slug },
      { head: "By", cell: (r) => wayCell(r.way) },
      { head: "Since", class: "when", cell: (r) => since(r.way.since), by: (r) => r.way.since || "" },
      { head: "Until", class: "when", cell: (r) => until(r.way.until), by: (r) => r.way.until || "9999" },
    ] }),
    role.more ? notice(number(role.more) + " more are left out. All of them: ", command(question("who-has", objectOf(role.role)))) : null,
  ];
};

const holdersSaid = (role) => {
  const active = new Set(role.holders.filter((h) => h.slug !== "eligible").map((h) => h.who)).size;
  const may = new Set(role.holders.filter((h) => h.slug === "eligible").map((h) => h.who)).size;
  return [active ? number(active) + " active" : null, may ? number(may) + " may activate it" : null, role.more ? "and " + number(role.more) + " more" : null].filter(Boolean).join(", ");
};

const roleBlock = (role, open) => folding({ class: "role", open }, [
  el("span", { class: "role-name" }, bdi(role.name)), role.scope ? [" in ", bdi(role.scope)] : null,
  role.custom ? [" ", badge("custom")] : null, el("span", { class: "kind" }, " " + holdersSaid(role)),
], () => [el("p", { class: "kind" }, link(objectOf(role.role))), roleTable(role)]);

const drawPrivileged = () => {
  put("privileged", gapsOf("privileged"));
  if (!summary.roles.length) {
    put("privileged", el("p", { class: "empty" }, "The snapshot has nobody who holds or may activate a directory role."));
    return;
  }
  put("privileged", el("p", null, "Microsoft calls some directory roles privileged. Those of tier 0 give the whole tenant away, directly or in one step. What holders get through groups is shown with the groups, from the holder to the one that has the role."));
  for (const [title, fits] of roleGroups) {
    const roles = summary.roles.filter(fits), zero = fits === roleGroups[0][1];
    if (roles.length) put("privileged", el("h3", null, title + " (" + plural(roles.length, "role") + ")"), roles.map((r) => roleBlock(r, zero)));
    if (zero) put("privileged", takeoverTable());
  }
};

const takeoverTable = () => el("div", null, el("h3", null, "Applications that can come to any role"),
  dataTable({ caption: "Application permissions as good as a role of tier 0", filter: true, empty: "No application holds a permission that leads to any directory role.",
    rows: summary.applications.filter((a) => a.takeover), columns: [
      { head: "Application", cell: (a) => link(objectOf(a.application)), by: (a) => nameOf(objectOf(a.application)), text: (a) => nameOf(objectOf(a.application)) },
      { head: "Permissions", cell: (a) => permissionList(a.permissions.filter((p) => p.takeover)) },
      { head: "Owners", cell: (a) => (a.owners || []).length ? few(a.owners.map((n) => link(objectOf(n), true)), 4) : "none" },
    ] }));
