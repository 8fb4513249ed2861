// The data of the page: the summary, which is there at once, and blocks, which are
// unpacked when somebody looks at what is in them.

const flagGuest = 1, flagDisabled = 2, flagDeleted = 4, flagMissing = 8, flagTierZero = 16, flagTierOne = 32;

const summary = JSON.parse(byId("summary").textContent);

const known = new Map(summary.known.map((o) => [o.n, o]));

const rolesByNumber = new Map(summary.roles.map((r) => [r.role, r]));

const applicationsByNumber = new Map(summary.applications.map((a) => [a.application, a]));

// The blocks come after the script, so that the page shows before they are read.
const whole = new Promise((done) => {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", done, { once: true });
  else done();
});

const bytesOf = async (name) => {
  await whole;
  const element = byId("b-" + name);
  if (!element) throw new Error("The file is not whole: it lacks the part " + name + ".");
  const text = element.textContent;
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return bytes;
};

const unpacked = async (name) => {
  if (typeof DecompressionStream === "undefined") throw new Error("This browser is too old to unpack the report: it needs one of 2023 or later.");
  const stream = new Blob([await bytesOf(name)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};

// The blocks that were used last stay unpacked.
const keptBlocks = 24;
const blocks = new Map();

const block = (name, read) => {
  let promise = blocks.get(name);
  if (promise) blocks.delete(name);
  else promise = unpacked(name).then(read);
  blocks.set(name, promise);
  if (blocks.size > keptBlocks) blocks.delete(blocks.keys().next().value);
  return promise;
};

const readJSON = (bytes) => JSON.parse(new TextDecoder().decode(bytes));

const jsonBlock = (name) => block(name, readJSON);

// The index: names, logins, types and flags of everything, and its ids.
let index = null;
let ids = null;
let indexing = null;

const loadIndex = () => {
  indexing ||= Promise.all([unpacked("index").then(readJSON), bytesOf("ids")]).then(([read, bytes]) => {
    ids = bytes;
    index = read;
    index.strong = new Set(index.strong);
  });
  return indexing;
};

const hex = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, "0"));

const idOf = (n) => {
  if (index.odd[n] !== undefined) return index.odd[n];
  let text = "";
  for (let i = 0; i < 16; i++) text += (i === 4 || i === 6 || i === 8 || i === 10 ? "-" : "") + hex[ids[n * 16 + i]];
  return text;
};

const objectOf = (n) => {
  if (!index) return known.get(n) || { n, type: "", id: "", name: "?", login: "", flags: 0 };
  return { n, type: summary.types[index.types[n]][0], id: idOf(n), name: index.names[n], login: index.logins[n], flags: index.flags[n] };
};

const guidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

// All objects with an id; there can be several, of different types.
const numbersOfID = (id) => {
  const found = [];
  if (!guidForm.test(id)) {
    for (const [n, odd] of Object.entries(index.odd)) if (odd === id) found.push(Number(n));
    return found;
  }
  const plain = id.replaceAll("-", "");
  const wanted = Array.from({ length: 16 }, (_, i) => parseInt(plain.slice(2 * i, 2 * i + 2), 16));
  for (let n = 0, at = 0; at < ids.length; n++, at += 16) {
    let i = 0;
    while (i < 16 && ids[at + i] === wanted[i]) i++;
    if (i === 16) found.push(n);
  }
  return found;
};

const find = (type, id) => numbersOfID(id).find((n) => summary.types[index.types[n]][0] === type);

// Entitlements by their object.
let entitlementsByObject = null;

const entitlementsOn = (n) => {
  if (!entitlementsByObject) {
    entitlementsByObject = new Map();
    index.entitlementsOf.forEach((object, e) => {
      const list = entitlementsByObject.get(object);
      if (list) list.push(e);
      else entitlementsByObject.set(object, [e]);
    });
  }
  return entitlementsByObject.get(n) || [];
};

const labelOf = (e) => {
  const label = index.labels[index.labelsOf[e]];
  return slugWords[label] || label;
};

// Rows of varints, as blocks.go describes them.
class Rows {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  next() {
    let value = 0, scale = 1, byte;
    do {
      byte = this.bytes[this.at++];
      if (byte === undefined) throw new Error("The file is not whole: a row ends early.");
      value += (byte & 127) * scale;
      scale *= 128;
    } while (byte & 128);
    return value;
  }

  // form, groups, times, packages
  tail(row) {
    const form = this.next();
    row.direct = (form & 1) === 1;
    row.through = [];
    for (let i = form >> 3; i > 0; i--) row.through.push(this.next());
    if (form & 2) [row.kind, row.since, row.until] = index.times[this.next()];
    row.packages = [];
    if (form & 4) {
      for (let i = this.next(); i > 0; i--) {
        const on = this.next();
        row.packages.push({ on, until: index.times[this.next()][2] });
      }
    }
    return row;
  }
}

const asRows = (bytes) => bytes;

// What an object holds; null where the page leaves it out.
const heldBy = async (n) => {
  await loadIndex();
  const per = summary.parts.perBlock;
  const rows = new Rows(await block("h" + Math.floor(n / per), asRows));
  for (let at = Math.floor(n / per) * per; ; at++) {
    const count = rows.next();
    const held = [];
    for (let i = 1, e = 0; i < count; i++) {
      e += rows.next();
      held.push(rows.tail({ entitlement: e, on: index.entitlementsOf[e] }));
    }
    if (at === n) return count === 0 ? null : held;
  }
};

// Who has an entitlement: how many, how many of them directly, and those listed.
const holdersOf = async (e) => {
  await loadIndex();
  const starts = summary.parts.holderStarts;
  let low = 0, high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= e) low = middle;
    else high = middle - 1;
  }
  const rows = new Rows(await block("w" + low, asRows));
  for (let at = starts[low]; ; at++) {
    const count = rows.next(), direct = rows.next(), listed = rows.next();
    const holders = [];
    for (let i = 0, who = 0; i < listed; i++) {
      const step = rows.next();
      who += step % 2 ? -(step + 1) / 2 : step / 2;
      holders.push(rows.tail({ who }));
    }
    if (at === e) return { count, direct, holders };
  }
};

// What the profile says of an object, as pairs; null where the page leaves it out.
const factsOf = async (n) => {
  const at = Math.floor(n / summary.parts.perBlock);
  const flat = at < summary.parts.details ? (await jsonBlock("d" + at))[n % summary.parts.perBlock] : (await jsonBlock("late"))[n];
  if (!flat) return null;
  const pairs = [];
  for (let i = 0; i < flat.length; i += 2) pairs.push([flat[i], flat[i + 1]]);
  return pairs;
};
