// The overview: what to look at first, and what the snapshot says of itself.

const tile = (count, text, section, grave) => el("li", null, el("a", { href: "#" + section, class: count && grave ? "tile grave" : "tile" },
  el("span", { class: "figure" }, number(count)), " ", el("span", null, text)));

const fact = (label, ...value) => [el("dt", null, label), el("dd", null, ...value)];

const listOrNone = (items) => items && items.length ? few(items.map(bdi), 40) : "none";

const drawOverview = () => {
  const o = summary.overview, f = summary.findings, p = f.privileged;
  byId("tenant").append(bdi(o.tenant || summary.snapshot));
  document.title = "Access report: " + (o.tenant || summary.snapshot);
  put("overview",
    el("p", { class: "lead" }, "What the snapshot ", bdi(summary.snapshot), " of ", el("time", { datetime: summary.now }, moment(summary.now)),
      " shows of ", o.tenant ? bdi(o.tenant) : "the tenant", ". It says who had what then, not what has changed since."),
    o.untold ? notice(o.untold) : null,
    el("ul", { class: "tiles" },
      tile(p.globalAdministrators, p.globalAdministrators === 1 ? "active Global Administrator" : "active Global Administrators", "privileged", p.globalAdministrators > 5),
      tile(p.zeroActive, "hold a role of tier 0", "privileged"),
      tile(p.zeroEligible, "may activate a role of tier 0", "privileged"),
      tile(p.guests, "guests with privileged roles", "privileged", true),
      tile(p.disabled, "disabled accounts with privileged roles", "privileged", true),
      tile(f.takeover, "applications that can come to any role", "applications", true),
      tile(f.expired, "credentials that have ended", "credentials"),
      tile(f.soon, "credentials that end within 30 days", "credentials", true),
      tile(f.guests, "guests", "guests"),
      tile(f.failed, "licence assignments that fail", "licences", true),
      tile(f.assignable, "groups that can hold roles", "groups"),
      tile(f.ownerless, "groups of the cloud without an owner", "groups")),
    aboutList(o), readTable(o), countTable(o), missingList());
};

const aboutList = (o) => el("dl", { class: "facts" },
  o.told ? [
    fact("Tenant", bdi(o.tenant || "without a name"), " ", el("code", null, o.tenantId || "")),
    fact("Domains", listOrNone(o.domains)),
    fact("Plans", listOrNone(o.plans)),
    o.cloud ? fact("Cloud", bdi(o.cloud)) : null,
    fact("Read by build", bdi(o.build || "not told")),
  ] : null,
  o.began ? fact("Read from", moment(o.began)) : null,
  fact("Read until", o.ended ? moment(o.ended) : "not told"),
  fact("Report made by build", bdi(summary.build)),
  (o.settings || []).length ? fact("Settings", o.settings.map(([name, value], i) => [i ? ", " : "", bdi(name + ": " + value)])) : null);

const readTable = (o) => {
  if (!o.told) return null;
  const rows = [...(o.leftOut || []).map(([data, why]) => [data, "not read", why || "no reason given"]), ...(o.read || []).map((data) => [data, "read", ""])];
  return el("details", { open: (o.leftOut || []).length > 0 }, el("summary", null, "What was read: " + plural((o.read || []).length, "data set") + ", not read: " + number((o.leftOut || []).length)),
    dataTable({ caption: "Data sets", rows, shown: 100, columns: [
      { head: "Data set", cell: (r) => bdi(r[0]) }, { head: "Read", cell: (r) => r[1] === "read" ? "read" : badge("not read", "off") }, { head: "Why not", cell: (r) => bdi(r[2]) },
    ] }));
};

const countTable = (o) => dataTable({ caption: "What is in the snapshot", rows: o.counts, shown: 100, columns: [
  { head: "What", cell: (r) => capital(r.name) },
  { head: "How many", class: "amount", cell: (r) => number(r.n) },
  { head: "Of these", cell: (r) => r.note || "" },
] });

const missingList = () => {
  const p = summary.parts;
  const texts = [
    p.unlisted ? "What " + number(p.unlisted) + " people hold: the page of such a person names the question to ask." : null,
    p.short ? "All holders of " + plural(p.short, "thing") + " that a great many hold: the first are listed, and all are counted." : null,
    p.undetailed ? "The profiles of " + plural(p.undetailed, "object") + "." : null,
    summary.moreApplications ? plural(summary.moreApplications, "application") + " with consents." : null,
  ].filter(Boolean);
  return el("div", null, el("h2", { class: "small" }, "What is not in this page"),
    texts.length ? el("ul", null, texts.map((t) => el("li", null, t))) : el("p", null, "Everything that the snapshot holds of people, groups, applications, roles, licences and who has them is in this page."),
    el("p", null, "The snapshot answers further questions on the command line: ", command("baton-azure-ad ask -f " + quoted(summary.snapshot) + " --help")));
};
