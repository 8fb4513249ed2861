// Tables of any length: they show the first rows, more on demand, and can be sorted
// and filtered.

const rowsShown = 25;
const rowsAdded = 100;
let tables = 0;

// columns are {head, cell(row)}; with by(row) they can be sorted by, and text(row) is
// what the filter looks at. A row that is a list of cells needs no cell.
const dataTable = ({ caption, columns, rows, filter, empty, shown }) => {
  if (!rows.length) return el("p", { class: "empty" }, empty || "None.");
  const id = "t" + ++tables;
  const body = el("tbody", { role: "rowgroup" });
  const status = el("p", { class: "status", role: "status" });
  const more = el("button", { type: "button" });
  let matching = rows, limit = shown || rowsShown;

  const draw = () => {
    const scroll = matching.slice(0, limit).map((row) => el("tr", { role: "row" }, columns.map((c, i) =>
      el(i ? "td" : "th", { role: i ? "cell" : "rowheader", scope: i ? null : "row", "data-head": c.head, class: c.class }, c.cell(row)))));
    body.replaceChildren(...scroll);
    const left = matching.length - limit;
    status.textContent = matching.length === rows.length ? "" : plural(matching.length, "row") + " of " + number(rows.length);
    more.hidden = left <= 0;
    more.textContent = "Show " + number(Math.min(left, rowsAdded)) + " more of " + number(left);
  };

  const sorted = { column: null, up: true };
  const heads = columns.map((c) => {
    if (!c.by) return el("th", { role: "columnheader", scope: "col", class: c.class }, c.head);
    const head = el("th", { role: "columnheader", scope: "col", class: c.class });
    head.append(el("button", { type: "button", class: "sort", on: { click: () => {
      sorted.up = sorted.column === c ? !sorted.up : true;
      sorted.column = c;
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", sorted.up ? "ascending" : "descending");
      const order = (a, b) => typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
      matching = [...matching].sort((a, b) => (sorted.up ? 1 : -1) * order(c.by(a), c.by(b)));
      draw();
    } } }, c.head));
    return head;
  });
  const textOf = (row) => fold(columns.filter((c) => c.text).map((c) => c.text(row)).join("\n"));
  const parts = [];
  if (filter && rows.length > rowsShown) {
    const input = el("input", { id: id + "f", type: "search", autocomplete: "off", maxlength: 256, on: { input: () => {
      const wanted = fold(input.value.trim());
      matching = wanted ? rows.filter((row) => textOf(row).includes(wanted)) : rows;
      limit = shown || rowsShown;
      draw();
    } } });
    parts.push(el("p", { class: "filter" }, el("label", { for: id + "f" }, "Only rows with "), input));
  }
  more.addEventListener("click", () => {
    const first = limit;
    limit += rowsAdded;
    draw();
    const next = body.rows[first];
    if (next) (next.querySelector("a, button") || more).focus();
  });
  draw();
  const table = el("table", { role: "table" }, el("caption", null, caption), el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, heads)), body);
  return el("div", { class: "table" }, parts, table, status, more);
};

// Text as it is compared: without marks, in small letters.
const fold = (text) => (/^[\x20-\x7e\n]*$/.test(text) ? text : text.normalize("NFD").replace(/\p{M}/gu, "")).toLowerCase();

// The access packages by which something is held.
const packagesOf = (packages) => !packages || !packages.length ? null
  : [" by access package ", few(packages.map((p) => [link(objectOf(p.on), true), p.until ? " until " + dateOnly(p.until) : null]), 3, "more")];

// How somebody holds something: directly, or through which groups.
const howOf = (row) => {
  const ways = [];
  if (row.direct) ways.push(["direct", packagesOf(row.packages)]);
  if (row.through.length) ways.push(["through ", few(row.through.map((n) => link(objectOf(n), true)), 5, "more groups")]);
  return ways.map((w, i) => [i ? "; also " : "", w]);
};
