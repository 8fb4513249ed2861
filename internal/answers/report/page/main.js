// The start: theme, addresses, and the sections in turn.

const trouble = (error) => {
  byId("trouble").replaceChildren(notice("Something went wrong: " + (error && error.message ? error.message : error)));
};

const themes = ["automatic", "light", "dark"];

const startTheme = () => {
  const button = byId("theme");
  let at = 0;
  const apply = () => {
    if (at) document.documentElement.dataset.theme = themes[at];
    else delete document.documentElement.dataset.theme;
    button.textContent = "Theme: " + themes[at];
  };
  try {
    at = Math.max(0, themes.indexOf(localStorage.getItem("theme")));
  } catch { /* A page from a file may have no storage. */ }
  button.addEventListener("click", () => {
    at = (at + 1) % themes.length;
    apply();
    try {
      localStorage.setItem("theme", themes[at]);
    } catch { /* As above. */ }
  });
  apply();
};

// An address is a section, or type/id of an object.
const go = async (byPerson) => {
  const [type, ...rest] = location.hash.slice(1).split("/");
  const isObject = rest.length > 0;
  byId("report").hidden = isObject;
  view().hidden = !isObject;
  for (const a of document.querySelectorAll("nav a")) {
    if (!isObject && a.getAttribute("href") === "#" + (type || "overview")) a.setAttribute("aria-current", "true");
    else a.removeAttribute("aria-current");
  }
  if (!isObject) {
    document.title = "Access report: " + (summary.overview.tenant || summary.snapshot);
    arrangeSoon();
    const section = type && byId(type);
    if (byPerson && section) section.scrollIntoView();
    return;
  }
  view().replaceChildren(el("p", { role: "status" }, "Looking it up …"));
  let id = rest.join("/");
  try {
    id = decodeURIComponent(id);
  } catch { /* An address that somebody typed: it stays as it is. */ }
  await drawObject(type, id);
  scrollTo(0, 0);
  view().querySelector("h1").focus({ preventScroll: true });
};

const drawFoot = () => {
  byId("foot").append(el("p", null, "Made by baton-azure-ad ", bdi(summary.build), " from ", bdi(summary.snapshot), ". This file asks nothing of any network. It holds names and access of a whole directory: keep it as you keep the snapshot."));
};

const start = async () => {
  startTheme();
  startSearch();
  drawOverview();
  drawPrivileged();
  drawPaths();
  drawApplications();
  drawFoot();
  addEventListener("hashchange", () => go(true).catch(trouble));
  if (location.hash.length > 1) await go(true);
  await loadIndex();
  for (const draw of [drawCredentials, drawGuests, drawLicences, drawGroups]) {
    await draw();
    await new Promise((next) => setTimeout(next));
  }
  document.documentElement.dataset.ready = "true";
};

// What is folded away is printed all the same.
addEventListener("beforeprint", () => {
  while (unmade.size) [...unmade.keys()].forEach(unfold); // What is unfolded can fold more.
  document.querySelectorAll("main details").forEach((d) => { d.open = true; });
  arrange();
});

// A picture that was folded away did not know how wide it could be.
addEventListener("toggle", arrangeSoon, true);

start().catch(trouble);
