// The search: a box with a list of results, both usable without a mouse.

const resultsShown = 20;

// How long it waits for the next letter, in milliseconds.
const pause = 50;

let folded = null;

const prepareSearch = async () => {
  await loadIndex();
  if (folded) return;
  folded = index.names.map((name, n) => fold(index.logins[n] ? name + "\n" + index.logins[n] : name));
};

// How good a hit is: all of a name, its beginning, the beginning of a word, or within.
const rank = (text, wanted) => {
  const at = text.indexOf(wanted);
  if (at < 0) return -1;
  if (("\n" + text + "\n").includes("\n" + wanted + "\n")) return 0;
  if (at === 0 || text.includes("\n" + wanted)) return 1;
  return /[\s\n@._-]/.test(text[at - 1]) ? 2 : 3;
};

// The order of types among hits that are as good.
const typePlace = (n) => {
  const place = ["user", "group", "application", "role", "license", "app_registration"].indexOf(summary.types[index.types[n]][0]);
  return place < 0 ? (summary.types[index.types[n]][0] === "consent" ? 99 : 50) : place;
};

const search = async (text) => {
  await prepareSearch();
  const wanted = fold(text.trim());
  if (!wanted) return { hits: [], more: 0 };
  const byID = guidForm.test(wanted) ? numbersOfID(wanted) : [];
  if (byID.length) return { hits: byID, more: 0 };
  const words = wanted.split(/\s+/);
  const hits = [];
  for (let n = 0; n < folded.length; n++) {
    let place = rank(folded[n], wanted);
    if (place < 0 && words.length > 1 && words.every((w) => folded[n].includes(w))) place = 4;
    if (place >= 0) hits.push([place * 100 + typePlace(n), n]);
  }
  const total = hits.length;
  hits.sort((a, b) => a[0] - b[0] || (index.names[a[1]] < index.names[b[1]] ? -1 : 1));
  return { hits: hits.slice(0, resultsShown).map((h) => h[1]), more: Math.max(0, total - resultsShown) };
};

const startSearch = () => {
  const input = byId("q"), list = byId("found"), status = byId("search-status");
  let options = [], chosen = -1, asked = 0;

  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    chosen = -1;
  };
  const choose = (at) => {
    options.forEach((o, i) => o.setAttribute("aria-selected", String(i === at)));
    chosen = at;
    if (at < 0) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    input.setAttribute("aria-activedescendant", options[at].id);
    options[at].scrollIntoView({ block: "nearest" });
  };
  const open = (at) => {
    if (!options[at]) return;
    location.hash = options[at].dataset.href;
    input.value = "";
    close();
  };
  const show = async () => {
    const turn = ++asked;
    if (!input.value.trim()) {
      close();
      status.textContent = "";
      return;
    }
    await new Promise((next) => setTimeout(next, pause));
    if (turn !== asked) return; // Somebody has typed on.
    const { hits, more } = await search(input.value);
    if (turn !== asked) return;
    options = hits.map((n, i) => {
      const object = objectOf(n);
      return el("li", { role: "option", id: "option" + i, "aria-selected": "false", "data-href": hrefOf(object), on: {
        mousedown: (event) => event.preventDefault(), click: () => open(i),
      } }, el("span", null, bdi(short(nameOf(object), longName)), flagBadges(object.flags).map((b) => b && [" ", b])),
      el("span", { class: "kind" }, object.login ? bdi(object.login) : typeWord(object.type)));
    });
    const said = options.length ? (more ? "The first " + options.length + " of " + number(options.length + more) + " results" : plural(options.length, "result")) : "Nothing is called so";
    list.replaceChildren(...options, ...(more || !options.length ? [el("li", { role: "presentation", class: "rest" }, more ? number(more) + " more: type on to narrow them down" : "Nothing is called so.")] : []));
    status.textContent = said;
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    choose(-1);
  };
  input.addEventListener("focus", () => prepareSearch().catch(trouble));
  input.addEventListener("input", () => show().catch(trouble));
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const moves = { ArrowDown: () => (chosen + 1) % options.length, ArrowUp: () => (chosen <= 0 ? options.length : chosen) - 1, Home: () => 0, End: () => options.length - 1 };
    if (event.key === "Escape") {
      close();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (!list.hidden) open(Math.max(0, chosen));
      else show().catch(trouble);
    } else if (moves[event.key] && !list.hidden && options.length && (chosen >= 0 || event.key.startsWith("Arrow"))) {
      event.preventDefault();
      choose(moves[event.key]());
    } else if (event.key === "ArrowDown" && list.hidden) {
      show().catch(trouble);
    }
  });
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      input.focus();
    }
  });
};
