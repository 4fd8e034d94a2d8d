// How far training is: a bar, a learning curve that grows, and a button to stop.
// { node, update() }

const CURVE = { width: 640, height: 180, left: 52, right: 12, top: 10, bottom: 34 };

// A run's curve as lines of [epoch, value]: one a fit, and cut where a value is missing.
function lines(pieces) {
  const found = [];
  let epoch = 0;
  for (const values of pieces) {
    found.push([]);
    for (const value of values) {
      epoch += 1;
      if (value === null) found.push([]);
      else found[found.length - 1].push([epoch, value]);
    }
  }
  return found.filter((line) => line.length);
}

function curvePicture(told) {
  const { width, height, left, right, top, bottom } = CURVE;
  const percent = told.metric === "accuracy";
  const drawn = told.curves.map(({ pieces }) => lines(pieces));
  const seen = drawn.flat(2).map(([, value]) => value);
  const most = percent ? 1 : Math.max(...seen, 1e-9);
  const epochs = Math.max(told.epochs, 2);
  const x = (epoch) => left + ((epoch - 1) / (epochs - 1)) * (width - left - right);
  const y = (value) => height - bottom - (Math.min(value, most) / most) * (height - top - bottom);
  const write = (value) => (percent ? `${Math.round(100 * value)} %` : value.toPrecision(2));
  const last = told.curves[told.curves.length - 1];
  const end = drawn[drawn.length - 1].flat().pop()[1];
  const words = `Learning curves: ${told.metric} on training pictures; ${last.name} is at ${write(end)}`;
  const svg = h("svg:svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": words });
  for (const value of [0, most / 2, most]) {
    const line = { x1: left, x2: width - right, y1: y(value), y2: y(value), class: "tl-grid" };
    svg.append(h("svg:line", line));
    svg.append(h("svg:text", { x: left - 8, y: y(value) + 4, class: "tl-tick tl-end" }, write(value)));
  }
  for (const epoch of told.along ? [] : [1, epochs])
    svg.append(h("svg:text", { x: x(epoch), y: height - 14, class: "tl-tick tl-end" }, `${epoch}`));
  const unit = told.along ? "from start to end" : "by epoch";
  const caption = `${told.metric} on training pictures, ${unit}`;
  svg.append(h("svg:text", { x: width / 2, y: height - 10, class: "tl-axis" }, caption));
  told.curves.forEach(({ name, colour }, i) => {
    const now = i === told.curves.length - 1;
    for (const part of drawn[i]) {
      const points = part.map(([epoch, value]) => `${x(epoch)},${y(value)}`).join(" ");
      const look = { points, stroke: colour, class: "tl-line", opacity: now ? 1 : 0.55 };
      const line = h("svg:polyline", look);
      line.append(h("svg:title", {}, name));
      svg.append(line);
      const [epoch, value] = part[part.length - 1];
      svg.append(h("svg:circle", { cx: x(epoch), cy: y(value), r: 3.5, fill: colour }));
    }
  });
  return svg;
}

// One entry a name: runs of one name share their colour.
function curveLegend(curves) {
  const names = new Map(curves.map(({ name, colour }) => [name, colour]));
  const items = [...names].map(([name, colour]) => {
    const key = h("svg:svg", { width: 18, height: 12, viewBox: "0 0 18 12", "aria-hidden": true });
    key.append(h("svg:line", { x1: 1, x2: 17, y1: 6, y2: 6, stroke: colour, "stroke-width": 3 }));
    return h("li", {}, key, name);
  });
  return h("ul", { class: "tl-legend" }, ...items);
}

// When the button last went away under somebody's focus, which the sentence then takes. A cell that
// ends may draw its output anew, so that it is the sentence of the next view.
let gone = 0;

function progressView(model) {
  const said = h("p", { class: "tl-said", tabindex: -1 });
  const bar = h("progress", { max: 1, "aria-label": "How much of the training is done" });
  const stop = h("button", { type: "button", class: "tl-button tl-quiet" }, "Stop here");
  const hint = h("span", { role: "status" });
  const row = h("div", { class: "tl-act tl-running" }, bar, stop, hint);
  const details = h("details", { class: "tl-details", open: "" });
  const box = h("div", {});
  details.append(h("summary", {}, "Learning curves"), box);
  const node = h("div", { class: "tl-progress" }, said, row, details);
  stop.addEventListener("click", () => {
    if (model.get("stop")) return;
    model.set("stop", true);
    model.save_changes();
    stop.setAttribute("aria-disabled", true);
    hint.textContent = "Stopping …";
    // Some notebooks deliver a press only when the cell has ended.
    setTimeout(() => {
      if (!model.get("told").over)
        hint.textContent = "Not heard yet. ■ stops the cell at once, and keeps nothing of it.";
    }, 4000);
  });
  if (Date.now() - gone < 2000) requestAnimationFrame(() => said.focus());
  let over = null;
  function update() {
    const told = model.get("told");
    node.hidden = !told.said;
    if (!told.said) return;
    said.textContent = told.said;
    bar.value = told.share;
    if (told.over && row.contains(document.activeElement)) {
      gone = Date.now();
      said.focus();
    }
    row.hidden = told.over || !model.send; // without a kernel nothing runs
    if (over !== told.over) details.open = !told.over; // open while it grows, then out of the way
    over = told.over;
    if (!told.over && !model.get("stop")) {
      hint.textContent = "";
      stop.removeAttribute("aria-disabled");
    }
    details.hidden = !told.curves.length;
    if (told.curves.length) box.replaceChildren(curvePicture(told), curveLegend(told.curves));
  }
  return { node, update };
}
