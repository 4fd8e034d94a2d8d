// Two domains in the features of a network: circles are the source, diamonds the target.

const SIDE = 320;
const DOMAINS = ["#0072B2", "#D55E00"]; // source, target

function mark(x, y, target, colour) {
  const place = target
    ? ["svg:path", { d: `M${x} ${y - 5}l4.5 5l-4.5 5l-4.5 -5z` }]
    : ["svg:circle", { cx: x, cy: y, r: 3.6 }];
  const paint = target
    ? { fill: colour, "fill-opacity": 0.85 }
    : { fill: "none", stroke: colour, "stroke-width": 1.6 };
  return h(place[0], { ...place[1], ...paint });
}

// The points of one view, of which `points` has two bytes each.
function scatter(points, spec, byClass, words) {
  const svg = h("svg:svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, role: "img", "aria-label": words });
  svg.append(h("svg:rect", { width: SIDE, height: SIDE, class: "tl-plane" }));
  const at = (byte) => 8 + (byte / 255) * (SIDE - 16);
  spec.labels.forEach((label, i) => {
    const target = i >= spec.sources;
    const colour = byClass ? spec.colours[label] : DOMAINS[Number(target)];
    const node = mark(at(points[2 * i]), SIDE - at(points[2 * i + 1]), target, colour);
    node.append(h("svg:title", {}, `${target ? "target" : "source"}, ${spec.classes[label]}`));
    svg.append(node);
  });
  return svg;
}

// What marks and colours mean.
function key(spec, byClass) {
  const entry = (target, colour, text) => {
    const svg = h("svg:svg", { viewBox: "0 0 14 14", width: 14, height: 14, "aria-hidden": true });
    svg.append(mark(7, 7, target, colour));
    return h("span", {}, svg, text);
  };
  const plain = byClass ? ["currentColor", "currentColor"] : DOMAINS;
  const domains = ["source", "target"].map((name, i) => entry(i === 1, plain[i], name));
  const classes = byClass ? spec.classes.map((name, i) => entry(true, spec.colours[i], name)) : [];
  return h("div", { class: "tl-marks" }, ...domains, ...classes);
}

function wayTable(spec, views, ways) {
  const heads = ["way", "target", "home", "A-distance"];
  const rows = ways.map((way, i) => {
    const cells = ["accuracy", "home", "apart"].map((name) => h("td", {}, views[i][name]));
    return h("tr", {}, h("th", { scope: "row" }, way), ...cells);
  });
  const head = h("tr", {}, ...heads.map((text) => h("th", { scope: "col" }, text)));
  const body = [h("thead", {}, head), h("tbody", {}, ...rows)];
  return h("table", { class: "tl-table" }, h("caption", {}, "accuracy and distance"), ...body);
}

function render({ model, el }) {
  const spec = model.get("spec");
  const bytes = model.get("points"); // a DataView of uint8: (views, pictures, 2)
  const points = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const view = h("div", { class: "tl-figures tl-planes" });
  const { dials, summary, tableBox } = dialView(model, el, "domains", view);
  const size = 2 * spec.labels.length;
  const ways = spec.dials[2].levels;

  function update() {
    const [kind, strength, way, colour] = model.get("position");
    dials.show();
    const first = (kind * spec.dials[1].levels.length + strength) * ways.length;
    const byClass = colour === 0;
    const where = `${spec.dials[0].levels[kind]}, strength ${spec.dials[1].levels[strength]}`;
    const figure = (words, i) => {
      const { accuracy, apart } = spec.views[first + i];
      const alt = `${where}, ${ways[i]}: features of both domains, which stand ${apart} apart`;
      const own = points.subarray((first + i) * size, (first + i + 1) * size);
      const caption = h("figcaption", {}, `${words}: ${accuracy} of the target right`);
      return h("figure", {}, caption, scatter(own, spec, byClass, alt));
    };
    const changed = way ? [figure(`After, ${ways[way]}`, way)] : [];
    view.replaceChildren(figure(`Before, ${ways[0]}`, 0), ...changed, key(spec, byClass));
    const [before, after] = [spec.views[first], spec.views[first + way]];
    const was = (text) => (way ? ` (before: ${text})` : "");
    summary.textContent =
      `${where}, ${ways[way]}: of the target ${after.accuracy} right${was(before.accuracy)}, ` +
      `at home ${after.home}; the domains stand ${after.apart} apart${was(before.apart)}. ` +
      `Coloured by ${spec.dials[3].levels[colour]}.`;
    tableBox.replaceChildren(wayTable(spec, spec.views.slice(first, first + ways.length), ways));
  }
  model.on("change:position", update);
  update();
}

export default { render };
