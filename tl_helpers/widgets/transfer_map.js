// A map of recorded runs: a table of colours, the best way of each column framed.

// Light to dark blue, and an ink that is legible on it.
function shade(mean) {
  const [light, dark] = [[233, 243, 251], [0, 63, 122]];
  const rgb = light.map((a, i) => Math.round(a + (dark[i] - a) * mean));
  return { background: `rgb(${rgb.join(",")})`, color: mean > 0.66 ? "#ffffff" : "#1b1f24" };
}

function render({ model, el }) {
  const spec = model.get("spec");
  const id = newId("map");
  const dials = dialControls(model, id);
  const again = againButton(model, "Run this point now");
  const summary = h("p", { class: "tl-summary", "aria-live": "polite", "aria-atomic": "true" });
  const box = scrollBox("Map");
  const root = h("div", { class: "tl-widget tl-map", role: "group" });
  root.setAttribute("aria-labelledby", `${id}-title`);
  root.append(h("p", { class: "tl-title", id: `${id}-title` }, spec.title), dials.node, box);
  root.append(h("p", { class: "tl-key" }, `Solid frame: ${spec.best}. Dashed: not worse beyond doubt.`), summary, ...again.nodes);
  root.append(h("p", { class: "tl-source" }, `Recorded by: ${spec.source}`));
  keepKeys(root);
  el.append(root);

  const [, columns, ways] = spec.dials;
  const words = { best: "best", equal: "not worse beyond doubt" };

  function choose(column, way) {
    model.set("position", [model.get("position")[0], column, way]);
    model.save_changes();
  }

  function cellNode(place, chosen) {
    const [d, c, r] = place;
    const cell = spec.cells[d][c][r];
    const made = model.get("live")[place.join(",")] ?? [];
    const node = h("td", { class: `tl-place ${cell.mark && `tl-${cell.mark}`}` }, cell.text);
    if (cell.mark) node.append(h("span", { class: "tl-unseen" }, `, ${words[cell.mark]}`));
    if (made.length) node.append(h("div", { class: "tl-made" }, `now ${made.join(", ")}`));
    if (cell.mean !== null) Object.assign(node.style, shade(cell.mean));
    if (chosen) node.classList.add("tl-chosen");
    node.addEventListener("click", () => choose(c, r)); // the dials do the same from the keyboard
    return node;
  }

  function update() {
    const position = model.get("position");
    dials.show();
    again.update();
    const [d, column, way] = position;
    const heads = columns.levels.map((level) => h("th", { scope: "col" }, level));
    const rows = ways.levels.map((name, r) => {
      const cells = columns.levels.map((_, c) =>
        cellNode([d, c, r], c === column && r === way),
      );
      return h("tr", {}, h("th", { scope: "row" }, name), ...cells);
    });
    rows.splice(-1, 0, h("tr", { class: "tl-gap", "aria-hidden": true }, h("td", {})));
    const caption = `${spec.metric} in percent, ${spec.dials[0].phrases[d]}; across: ${columns.name}`;
    const table = h("table", { class: "tl-map-table" }, h("caption", {}, caption));
    table.append(h("thead", {}, h("tr", {}, h("td", {}), ...heads)), h("tbody", {}, ...rows));
    box.replaceChildren(table);
    summary.textContent = spec.cells[d][column][way].said;
  }
  for (const name of ["position", "running", "result", "live"]) model.on(`change:${name}`, update);
  update();
}

export default { render };
