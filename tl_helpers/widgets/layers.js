// What the units of each layer look for. All pictures are on one sheet, in memory: nothing loads.

// One picture of the sheet, `size` pixels wide, with words for those who cannot see it.
function picture(index, size, words, { spec, url }) {
  const [height, width] = spec.side;
  const [column, row] = [index % spec.columns, Math.floor(index / spec.columns)];
  const rows = Math.ceil(spec.pictures / spec.columns);
  const tall = (size * height) / width;
  const node = h("div", { class: "tl-unit-picture", role: "img", "aria-label": words });
  Object.assign(node.style, {
    width: `${size}px`,
    height: `${tall}px`,
    backgroundImage: `url(${url})`,
    backgroundSize: `${size * spec.columns}px ${tall * rows}px`,
    backgroundPosition: `${-size * column}px ${-tall * row}px`,
    imageRendering: size < width ? "auto" : "pixelated",
  });
  return node;
}

// How many pictures (upwards, as a root) get which activation at most (to the right).
function histogram({ counts, ends }) {
  const [width, height] = [230, 160];
  const svg = h("svg:svg", { viewBox: `0 0 ${width} ${height + 40}`, width, role: "img" });
  const most = counts.indexOf(Math.max(...counts));
  const words = `Histogram of activations from ${ends[0]} to ${ends[1]}`;
  svg.setAttribute("aria-label", `${words}, most often in bar ${most + 1} of ${counts.length}`);
  const top = Math.max(...counts.map(Math.sqrt));
  const step = width / counts.length;
  counts.forEach((count, i) => {
    const tall = (Math.sqrt(count) / top) * height;
    const place = { x: i * step + 0.5, y: height - tall, width: step - 1, height: tall };
    const bar = h("svg:rect", { ...place, class: "tl-bar" });
    bar.append(h("svg:title", {}, `${count} pictures`));
    svg.append(bar);
  });
  svg.append(h("svg:line", { x1: 0, x2: width, y1: height, y2: height, class: "tl-rail" }));
  const write = (x, anchor, text) =>
    svg.append(h("svg:text", { x, y: height + 17, style: `text-anchor: ${anchor}` }, text));
  write(0, "start", ends[0]);
  write(width, "end", ends[1]);
  write(width / 2, "middle", "activation");
  return svg;
}

function unitTable({ top }) {
  const heads = ["place", "kind", "activation"].map((text) => h("th", { scope: "col" }, text));
  const rows = top.map(([, kind, value], i) =>
    h("tr", {}, h("th", { scope: "row" }, `${i + 1}`), h("td", {}, kind), h("td", {}, value)),
  );
  const body = [h("thead", {}, h("tr", {}, ...heads)), h("tbody", {}, ...rows)];
  return h("table", { class: "tl-table" }, h("caption", {}, "favourite pictures"), ...body);
}

function render({ model, el }) {
  const spec = model.get("spec");
  const url = URL.createObjectURL(new Blob([model.get("sheet")], { type: "image/jpeg" }));
  const view = h("div", { class: "tl-figures tl-unit" });
  const { dials, summary, tableBox } = dialView(model, el, "layers", view);

  function update() {
    const position = model.get("position");
    dials.show();
    const at = position.reduce((sum, i, d) => sum * spec.dials[d].levels.length + i, 0);
    const unit = spec.units[at];
    const names = position.map((i, d) => spec.dials[d].levels[i]);
    const where = `${names[0]}, ${names[1]}, unit ${names[2]}`;
    const sheet = { spec, url };
    const wish = picture(unit.wish, 200, `${where}: the picture it would like most`, sheet);
    const top = unit.top.map(([index, kind, value], i) =>
      picture(index, 64, `favourite ${i + 1}: ${kind}, activation ${value}`, sheet),
    );
    const part = (words, ...nodes) => h("figure", {}, h("figcaption", {}, words), ...nodes);
    view.replaceChildren(
      part("Its wish", wish),
      part("Its favourite pictures", h("div", { class: "tl-unit-grid" }, ...top)),
      part("All pictures (height: root of their number)", histogram(unit)),
    );
    summary.textContent = `${where}: ${unit.said}`;
    tableBox.replaceChildren(unitTable(unit));
  }
  model.on("change:position", update);
  update();
  return () => URL.revokeObjectURL(url);
}

export default { render };
