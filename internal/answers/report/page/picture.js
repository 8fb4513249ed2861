// Pictures of paths: boxes and arrows, beside each other where there is room and else
// below each other. The words below a picture say the same.

const boxWidth = 204, boxHeight = 52, arrowLength = 122, arrowHeight = 46, margin = 2;

const edgeWords = (step) => edgeNames[step.edge] || step.edge;

const arrowHead = (x, y, down) => svg("path", { class: "head", d: down ? `M${x - 4} ${y - 8}L${x} ${y}L${x + 4} ${y - 8}Z` : `M${x - 8} ${y - 4}L${x} ${y}L${x - 8} ${y + 4}Z` });

const boxOf = (node, x, y) => {
  const text = (content, dy, kind) => svg("text", { x: x + 10, y: y + dy, class: kind }, content);
  const shapes = [
    svg("rect", { x, y, width: boxWidth, height: boxHeight, rx: 6, class: node.grave ? "box grave" : "box" }),
    text(short(node.name, 22), 22, "name"), text(short(node.kind, 28), 40, "what"), svg("title", null, node.name + ", " + node.kind),
  ];
  return node.href ? svg("a", { href: node.href }, shapes) : svg("g", null, shapes);
};

// The nodes of a path: where it begins, which can be several objects, and each step.
const nodesOf = (path, role) => {
  const node = (n) => {
    const o = objectOf(n);
    return { name: nameOf(o), kind: [typeWord(o.type), o.flags & flagGuest ? "guest" : null, o.flags & flagDisabled ? "disabled" : null].filter(Boolean).join(", "), href: hrefOf(o), grave: n === role };
  };
  const starts = path.starts.length === 1 ? node(path.starts[0])
    : { name: number(path.starts.length + (path.more || 0)) + " " + typeWord(objectOf(path.starts[0]).type, true), kind: "named below", href: null };
  return [starts, ...path.steps.map((s) => node(s.to))];
};

const drawing = (nodes, steps, wide, said) => {
  const width = wide ? nodes.length * boxWidth + steps.length * arrowLength + 2 * margin : 2 * boxWidth;
  const height = wide ? boxHeight + 2 * margin : nodes.length * boxHeight + steps.length * arrowHeight + 2 * margin;
  const shapes = nodes.map((n, i) => wide ? boxOf(n, margin + i * (boxWidth + arrowLength), margin) : boxOf(n, margin, margin + i * (boxHeight + arrowHeight)));
  steps.forEach((step, i) => {
    const words = short(edgeWords(step), wide ? 20 : 36), more = step.activation ? "after activation" : step.until ? "until " + dateOnly(step.until) : "";
    if (wide) {
      const x = margin + (i + 1) * boxWidth + i * arrowLength, y = margin + boxHeight / 2;
      shapes.push(svg("path", { class: "arrow", d: `M${x} ${y}H${x + arrowLength - 6}` }), arrowHead(x + arrowLength, y, false),
        svg("text", { x: x + arrowLength / 2 - 4, y: y - 7, class: "edge" }, words), svg("text", { x: x + arrowLength / 2 - 4, y: y + 16, class: "edge less" }, more));
    } else {
      const x = margin + 24, y = margin + (i + 1) * boxHeight + i * arrowHeight;
      shapes.push(svg("path", { class: "arrow", d: `M${x} ${y}V${y + arrowHeight - 6}` }), arrowHead(x, y + arrowHeight, true),
        svg("text", { x: x + 14, y: y + 20, class: "edge aside" }, words), svg("text", { x: x + 14, y: y + 36, class: "edge aside less" }, more));
    }
  });
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": said, class: "path" }, shapes);
};

const pathWords = (path) => {
  const first = path.starts.length === 1 ? nameOf(objectOf(path.starts[0])) : number(path.starts.length + (path.more || 0)) + " " + typeWord(objectOf(path.starts[0]).type, true);
  return first + path.steps.map((s) => " " + edgeWords(s) + (s.activation ? " (after activation)" : "") + " " + nameOf(objectOf(s.to))).join(", which ");
};

// A step in words: who, what they can do, and to what.
const stepWords = (step, from) => el("li", null, from, " ", step.why || edgeWords(step), ": ", link(objectOf(step.to)),
  step.activation ? ", after activation" : null, step.until ? [", until ", dateOnly(step.until)] : null,
  step.page ? [" (", outside(step.page, "source"), ")"] : null);

const startWords = (path) => few(path.starts.map((n, i) => [link(objectOf(n)), path.untils && path.untils[i] ? " until " + dateOnly(path.untils[i]) : null]), 60, "more");

// The pictures on the page. Their widths are read all at once and then they are drawn,
// as reading between drawing would have the browser lay out everything each time.
let pictures = [];
let arranging = false;

const arrange = () => {
  arranging = false;
  pictures = pictures.filter((p) => p.room.isConnected || !p.seen);
  const widths = pictures.map((p) => p.room.clientWidth);
  pictures.forEach((p, i) => {
    p.seen ||= p.room.isConnected;
    const wide = widths[i] >= p.wideWidth;
    if (!widths[i] || wide === p.wide) return; // Folded away, or drawn so already.
    p.wide = wide;
    p.draw(wide);
  });
};

const arrangeSoon = () => {
  if (!arranging) requestAnimationFrame(arrange);
  arranging = true;
};

const pathFigure = (path, role) => {
  const nodes = nodesOf(path, role);
  const room = el("div", { class: "drawing" });
  const wideWidth = nodes.length * boxWidth + path.steps.length * arrowLength + 2 * margin;
  pictures.push({ room, wideWidth, wide: null, seen: false, draw: (wide) => room.replaceChildren(drawing(nodes, path.steps, wide, pathWords(path))) });
  arrangeSoon();
  const first = path.starts.length === 1 ? link(objectOf(path.starts[0])) : "Each of them";
  return el("figure", null, room, el("figcaption", null, el("details", null, el("summary", null, "In words"),
    path.starts.length === 1 ? null : el("p", null, startWords(path), path.more ? " and " + number(path.more) + " more" : null),
    el("ol", null, path.steps.map((step, i) => stepWords(step, i ? link(objectOf(path.steps[i - 1].to), true) : first))))));
};

addEventListener("resize", arrangeSoon);

const pathsShown = 5;

// The paths of a role: the first ones, and the rest on demand.
const pathList = (paths, role) => {
  const list = el("div", { class: "paths" }, paths.slice(0, pathsShown).map((p) => pathFigure(p, role)));
  if (paths.length > pathsShown) {
    const more = el("button", { type: "button", on: { click: () => {
      const added = paths.slice(pathsShown).map((p) => pathFigure(p, role));
      more.replaceWith(...added);
      added[0].querySelector("summary").focus();
    } } }, "Show " + plural(paths.length - pathsShown, "more path"));
    list.append(more);
  }
  return list;
};

const pathsOfRole = (r) => {
  const others = r.paths.filter((p) => !p.zero), own = r.paths.filter((p) => p.zero);
  return [
    others.length ? pathList(others, r.role) : el("p", { class: "empty" }, "Nobody who is in no role of tier 0 today was found to have a way."),
    own.length ? folding(null, "By those who hold or may activate another role of tier 0 (" + plural(own.length, "path") + ")", () => pathList(own, r.role)) : null,
    r.more ? notice(plural(r.more, "more path") + " are left out. All of them: ", command(question("paths-to", objectOf(r.role)))) : null,
  ];
};

const drawPaths = () => {
  put("paths", el("p", null, "Ways by which somebody who does not hold the role can come to it, step by step: owning a group or an application that leads to it, resetting the sign-in of somebody who holds it, and the like. Each is the shortest of whoever it begins with; those who differ only in that are in one picture."));
  if (!summary.paths.length) put("paths", el("p", { class: "empty" }, "Nobody holds or may activate a role of tier 0."));
  put("paths", summary.paths.map((r) => folding({ class: "role", open: r === summary.paths[0] },
    [el("span", { class: "role-name" }, bdi(nameOf(objectOf(r.role)))), el("span", { class: "kind" }, " " + plural(r.starts, "person or application", "people and applications"))], () => pathsOfRole(r))));
  if (summary.unknown.length) put("paths", el("details", null, el("summary", null, "What a snapshot cannot know, and could be a way"), el("ul", null, summary.unknown.map((text) => el("li", null, bdi(text))))));
};

// The paths that begin at an object.
const pathsFrom = (n) => (summary.paths).flatMap((r) => r.paths.filter((p) => p.starts.includes(n)).map((p) => ({ role: r.role, path: { ...p, starts: [n], more: 0 } })));
