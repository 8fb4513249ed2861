// The sections that are tables: applications, credentials, guests, licences, groups.

const permissionList = (permissions) => !(permissions || []).length ? null : el("ul", { class: "plain" }, permissions.map((p) => el("li", null,
  outside(p.page, p.value), p.takeover ? [" ", badge("any role", "zero")] : null, el("span", { class: "kind" }, " " + p.why, " (", bdi(nameOf(objectOf(p.api))), ")"))));

const consentCell = (a) => [
  (a.everybody || []).length ? el("div", null, el("strong", null, "For everybody: "), permissionList(a.everybody)) : null,
  (a.some || []).length ? el("div", null, el("strong", null, "For " + plural(a.people, "person", "people") + ": "), permissionList(a.some)) : null,
];

const actingCell = (a) => [
  (a.owners || []).length ? ["Owned by ", few(a.owners.map((n) => link(objectOf(n), true)), 4), ". "] : null,
  a.credentials ? plural(a.credentials, "working credential") + "." : null,
];

const applicationColumns = () => [
  { head: "Application", cell: (a) => link(objectOf(a.application)), by: (a) => nameOf(objectOf(a.application)), text: (a) => nameOf(objectOf(a.application)) },
  { head: "May do by itself", cell: (a) => permissionList(a.permissions), by: (a) => (a.permissions || []).length, text: (a) => (a.permissions || []).map((p) => p.value).join(" ") },
  { head: "May do for people", cell: consentCell, by: (a) => (a.everybody || []).length * 1000 + (a.people || 0), text: (a) => [...(a.everybody || []), ...(a.some || [])].map((p) => p.value).join(" ") },
  { head: "Who can act for it", cell: actingCell },
];

const drawApplications = () => {
  put("applications", gapsOf("applications"),
    el("p", null, "Permissions that read mail or files, or change the directory. By itself an application has them at any time and for everybody; for people it can do only what these people can, after they or an administrator consented. A permission that is not listed here gives less, or is not known to this program."),
    dataTable({ caption: "Applications with dangerous permissions and consents", rows: summary.applications, columns: applicationColumns(), filter: true,
      empty: "No application has a dangerous permission or consent." }));
  if (summary.moreApplications) put("applications", notice(plural(summary.moreApplications, "more application") + " are left out, of those with the least."));
};

// Credentials by when they end, and guests.

const credentialGroups = [
  ["ended", (d) => d !== undefined && d < 0], ["end within 30 days", (d) => d !== undefined && d >= 0 && d <= 30], ["end within 90 days", (d) => d !== undefined && d > 30 && d <= 90],
  ["end within a year", (d) => d !== undefined && d > 90 && d <= 365], ["end later", (d) => d !== undefined && d > 365], ["do not end", (d) => d === undefined],
];

const drawCredentials = async () => {
  const { rows, more } = await jsonBlock("credentials");
  put("credentials", gapsOf("credentials"),
    el("p", null, "Counted from when the snapshot was made, " + moment(summary.now) + "."),
    el("ul", { class: "tally" }, credentialGroups.map(([text, fits]) => el("li", null, el("strong", null, number(rows.filter((r) => fits(r.days)).length)), " " + text))),
    dataTable({ caption: "Credentials, those that end first at the top", rows: [...rows.filter((r) => r.days === undefined || r.days >= 0), ...rows.filter((r) => r.days < 0)], filter: true, empty: "The snapshot has no credentials.", columns: [
      { head: "Credential", cell: (r) => bdi(r.name), by: (r) => r.name, text: (r) => r.name + " " + nameOf(objectOf(r.owner)) },
      { head: "Kind", cell: (r) => credentialWords[r.kind] || bdi(r.kind), by: (r) => r.kind, text: (r) => credentialWords[r.kind] || r.kind },
      { head: "Of", cell: (r) => link(objectOf(r.owner)), by: (r) => nameOf(objectOf(r.owner)) },
      { head: "Since", class: "when", cell: (r) => since(r.since), by: (r) => r.since || "" },
      { head: "Ends", class: "when", cell: (r) => r.days === undefined ? "does not end" : [dateOnly(r.until), " ", r.days < 0 ? badge("ended", "off") : badge("in " + plural(r.days, "day"), r.days <= 30 ? "zero" : r.days <= 90 ? "one" : "")], by: (r) => r.until || "9999", text: (r) => r.until || "" },
    ] }));
  if (more) put("credentials", notice(plural(more, "credential") + " that end last are left out."));
};

const stateWords = { Accepted: "accepted", PendingAcceptance: "not accepted yet" };

const drawGuests = async () => {
  const { rows, more } = await jsonBlock("guests");
  const idle = rows.filter((r) => r.idle === undefined || r.idle > 90).length;
  put("guests", gapsOf("guests"),
    el("ul", { class: "tally" },
      el("li", null, el("strong", null, number(summary.findings.guests)), " guests"),
      el("li", null, el("strong", null, number(rows.filter((r) => r.state === "PendingAcceptance").length)), " have not accepted their invitation"),
      el("li", null, el("strong", null, number(idle)), " did not sign in within 90 days, or never did"),
      el("li", null, el("strong", null, number(rows.filter((r) => objectOf(r.who).flags & flagDisabled).length)), " are disabled")),
    dataTable({ caption: "Guests, those with privileged roles first, then by how much they hold", rows, filter: true, empty: "The snapshot has no guests.", columns: [
      { head: "Guest", cell: (r) => link(objectOf(r.who)), by: (r) => nameOf(objectOf(r.who)), text: (r) => nameOf(objectOf(r.who)) + " " + objectOf(r.who).login },
      { head: "Invitation", cell: (r) => stateWords[r.state] || bdi(r.state || "not told"), by: (r) => r.state || "", text: (r) => r.state || "" },
      { head: "Created", class: "when", cell: (r) => since(r.created), by: (r) => r.created || "" },
      { head: "Last sign-in", cell: (r) => r.idle === undefined ? "never, or not told" : plural(Math.max(0, r.idle), "day") + " before", by: (r) => r.idle === undefined ? 1e9 : r.idle },
      { head: "MFA", cell: (r) => r.mfa === undefined || r.mfa === null ? "not told" : r.mfa ? "registered" : "not registered", by: (r) => String(r.mfa) },
      { head: "Holds directly", class: "amount", cell: (r) => number(r.direct), by: (r) => r.direct },
      { head: "Through groups", class: "amount", cell: (r) => number(r.through), by: (r) => r.through },
    ] }));
  if (more) put("guests", notice(plural(more, "guest") + " who hold least are left out of this table. The search has all of them."));
};

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
