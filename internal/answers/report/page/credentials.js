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
