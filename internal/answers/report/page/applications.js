// Applications that may do much: by themselves, and for people.

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
