// What a classifier says of every picture, one step after another.

const EACH = 1200; // milliseconds a step when it plays

// A column a picture, a row a class, darker where more is said for it.
function stepPicture(shares, spec, words) {
  const { names, truth } = spec;
  const [wide, left, tall] = [660, 8 + 8.5 * Math.max(...names.map((name) => name.length)), 30];
  const cell = (wide - left - 4) / truth.length;
  const height = names.length * tall + 30;
  const svg = h("svg:svg", { viewBox: `0 0 ${wide} ${height}`, role: "img", "aria-label": words });
  const box = (i, c, more) => ({
    x: left + i * cell,
    y: c * tall + 2,
    width: cell,
    height: tall - 2,
    ...more,
  });
  names.forEach((name, c) => {
    svg.append(h("svg:text", { x: left - 8, y: c * tall + tall / 2 + 5, class: "tl-end" }, name));
    truth.forEach((_, i) => {
      const share = shares[i * names.length + c] / 255;
      const look = box(i, c, { class: "tl-shade", "fill-opacity": share });
      const title = `picture ${i + 1}: ${share.toFixed(2)} for ${name}`;
      svg.append(h("svg:rect", look, h("svg:title", {}, title)));
    });
  });
  names.forEach((_, c) => {
    const first = truth.indexOf(c);
    const count = truth.filter((label) => label === c).length;
    if (count) svg.append(h("svg:rect", { ...box(first, c), width: cell * count, class: "tl-frame" }));
  });
  const caption = "a column a picture; darker: a larger share; framed: right";
  const at = { x: (left + wide) / 2, y: height - 8, class: "tl-axis" };
  svg.append(h("svg:text", at, caption));
  return svg;
}

function stepTable(right, names) {
  const heads = ["class", "right"].map((text) => h("th", { scope: "col" }, text));
  const rows = names.map((name, c) =>
    h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, right[c])),
  );
  const body = [h("thead", {}, h("tr", {}, ...heads)), h("tbody", {}, ...rows)];
  return h("table", { class: "tl-table" }, h("caption", {}, "right by class"), ...body);
}

function render({ model, el }) {
  const spec = model.get("spec");
  const bytes = model.get("shares"); // a DataView of uint8: (steps, pictures, classes)
  const shares = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = spec.truth.length * spec.names.length;
  const picture = scrollBox("Shares");
  const play = h("button", { type: "button", class: "tl-button tl-quiet" }, "Play");
  const view = h("div", {}, picture, h("div", { class: "tl-act" }, play));
  const { dials, summary, tableBox } = dialView(model, el, "steps", view);
  const last = spec.said.length - 1;
  let timer = null;

  function show(step) {
    model.set("position", [step]);
    model.save_changes();
  }
  function halt() {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
  }
  play.addEventListener("click", () => {
    if (timer !== null) return halt();
    if (model.get("position")[0] === last) show(0);
    play.textContent = "Pause";
    timer = setInterval(() => {
      show(Math.min(model.get("position")[0] + 1, last));
      if (model.get("position")[0] === last) halt();
    }, EACH);
  });
  dials.node.addEventListener("input", halt); // who moves the slider wants to look

  function update() {
    const [step] = model.get("position");
    dials.show();
    const now = shares.subarray(step * size, (step + 1) * size);
    picture.replaceChildren(stepPicture(now, spec, `${spec.title}. ${spec.said[step]}`));
    summary.textContent = spec.said[step];
    tableBox.replaceChildren(stepTable(spec.right[step], spec.names));
  }
  model.on("change:position", update);
  update();
  return halt;
}

export default { render };
