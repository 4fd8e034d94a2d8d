// Recorded results behind dials. All of them are in memory: moving a dial only redraws.

// ---- numbers and words: the same operations in the same order as summary.py

function total(values) {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

function estimate(values, t95) {
  const seen = values.filter((value) => !Number.isNaN(value));
  const n = seen.length;
  if (n === 0) return null;
  const mean = total(seen) / n;
  if (n === 1) return { mean, half: null, n };
  const spread = Math.sqrt(total(seen.map((v) => (v - mean) * (v - mean))) / (n - 1));
  return { mean, half: (t95[n] * spread) / Math.sqrt(n), n };
}

function fixed(value, digits) {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}

function interval({ mean, half }, digits) {
  return half === null ? "" : `${fixed(mean - half, digits)} to ${fixed(mean + half, digits)}`;
}

function inWords(found, digits, suffix) {
  const text = fixed(found.mean, digits) + suffix;
  return found.half === null ? text : `${text} (${interval(found, digits)})`;
}

function clause(cells, spec) {
  const { series, digits, suffix, t95 } = spec;
  const found = cells.map((cell) => estimate(cell, t95));
  const order = found.map((_, i) => i).filter((i) => found[i]);
  order.sort((a, b) => found[b].mean - found[a].mean);
  const parts = order.map((i) => `${series[i]} ${inWords(found[i], digits, suffix)}`);
  found.forEach((e, i) => e || parts.push(`${series[i]} not measured`));
  if (order.length > 1) {
    const [first, second] = order;
    const gap = estimate(cells[first].map((a, i) => a - cells[second][i]), t95);
    if (gap) {
      const text = inWords(gap, digits, spec.gap_suffix);
      const topTwo = `${series[first]} above ${series[second]} by ${text}`;
      parts.push(order.length === 2 ? `difference ${text}` : topTwo);
    }
  }
  return parts.join(", ");
}

function seedsText(cells) {
  const counts = cells.map((cell) => cell.filter((v) => !Number.isNaN(v)).length).filter((n) => n);
  const [low, high] = [Math.min(...counts), Math.max(...counts)];
  if (low !== high) return `over ${low} to ${high} seeds`;
  return `over ${high} seed${high === 1 ? "" : "s"}`;
}

// points: [{ words, cells: one list of values by seed for each series }]
function sentence(points, where, spec) {
  let said = points.filter(({ cells }) => cells.some((cell) => cell.some((v) => !Number.isNaN(v))));
  if (said.length === 0) return `${where}: not measured.`;
  if (said.length > 1) said = [said[0], said[said.length - 1]];
  const text = said.map(({ words, cells }) => (words ? `at ${words}, ` : "") + clause(cells, spec));
  const counts = seedsText(said.flatMap(({ cells }) => cells));
  return `${where}: ${text.join("; ")}${spec.x ? "," : ""} ${counts}.`;
}

// ---- drawing

const SHAPES = [
  (r) => `M${-r},0a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0z`,
  (r) => `M${-r},${-r}h${2 * r}v${2 * r}h${-2 * r}z`,
  (r) => `M0,${-1.4 * r}L${1.4 * r},0L0,${1.4 * r}L${-1.4 * r},0z`,
  (r) => `M0,${-1.2 * r}L${1.2 * r},${r}H${-1.2 * r}z`,
  (r) => `M0,${1.2 * r}L${1.2 * r},${-r}H${-1.2 * r}z`,
];

function mark(i, spec, x = 0, y = 0, r = 6) {
  return h("svg:path", {
    d: SHAPES[i % SHAPES.length](r),
    transform: `translate(${x},${y})`,
    fill: spec.colours[i],
    class: "tl-mark",
  });
}

function svgText(x, y, text, attributes = {}) {
  return h("svg:text", { x, y, ...attributes }, text);
}

// One row a series: its name and mean above, its interval, mean and single seeds below.
function drawRows(svg, width, points, spec) {
  const { domain, ticks } = spec.axis;
  const [left, right] = [24, 24]; // room for half a label
  // Where the longest name and a mean would not fit side by side, the mean goes below the name.
  const longest = Math.max(...spec.series.map((name) => name.length));
  const stacked = (longest + 26) * 8 > width - left - right;
  const line = stacked ? 18 : 0;
  const rowHeight = 60 + line;
  const bottom = 4 + rowHeight * spec.series.length;
  const at = (v) => left + ((v - domain[0]) / (domain[1] - domain[0])) * (width - left - right);
  const clamp = (v) => Math.min(Math.max(v, domain[0]), domain[1]);
  svg.setAttribute("height", bottom + 42);
  const every = ticks.length * 46 > width ? 2 : 1;
  ticks.forEach(({ value, label }, i) => {
    const x = at(value);
    svg.append(h("svg:line", { x1: x, x2: x, y1: 4, y2: bottom, class: "tl-grid" }));
    if (i % every === 0) svg.append(svgText(x, bottom + 17, label, { class: "tl-tick" }));
  });
  svg.append(svgText(width / 2, bottom + 36, spec.value_label, { class: "tl-axis" }));
  points[0].cells.forEach((cell, i) => {
    const top = 4 + rowHeight * i;
    const y = top + 42 + line;
    const found = estimate(cell, spec.t95);
    const value = found ? inWords(found, spec.digits, spec.suffix) : "not measured";
    svg.append(
      svgText(left, top + 19, spec.series[i], { class: "tl-name" }),
      svgText(stacked ? left : width - right, top + 19 + line, value, {
        class: stacked ? "tl-figure" : "tl-figure tl-end",
      }),
      h("svg:line", { x1: left, x2: width - right, y1: y, y2: y, class: "tl-rail" }),
    );
    if (!found) return;
    if (found.half !== null) {
      const [x1, x2] = [found.mean - found.half, found.mean + found.half].map((v) => at(clamp(v)));
      const stroke = spec.colours[i];
      svg.append(h("svg:line", { x1, x2, y1: y, y2: y, stroke, class: "tl-interval" }));
    }
    cell.forEach((v, seed) => {
      if (Number.isNaN(v)) return;
      const cy = y + ((seed % 3) - 1) * 8;
      const dot = { cx: at(v), cy, r: 3, fill: spec.colours[i], class: "tl-seed" };
      const title = `seed ${seed + 1}: ${fixed(v, spec.digits)}${spec.suffix}`;
      svg.append(h("svg:circle", dot, h("svg:title", {}, title)));
    });
    svg.append(mark(i, spec, at(found.mean), y, 5));
  });
}

// One line a series along x, with its interval as a band.
function drawLines(svg, width, points, spec) {
  const { domain, ticks } = spec.axis;
  const wide = Math.max(...ticks.map(({ label }) => label.length)) * 7.5;
  const [left, right, top, bottom] = [wide + 14, 24, 12, 272];
  const x = (i) => left + 12 + spec.x.at[i] * (width - left - right - 12);
  const y = (v) => bottom - ((v - domain[0]) / (domain[1] - domain[0])) * (bottom - top);
  const clamp = (v) => Math.min(Math.max(v, domain[0]), domain[1]);
  svg.setAttribute("height", bottom + 46);
  for (const { value, label } of ticks) {
    const place = { x1: left, x2: width - 8, y1: y(value), y2: y(value), class: "tl-grid" };
    svg.append(h("svg:line", place));
    svg.append(svgText(left - 8, y(value) + 4, label, { class: "tl-tick tl-end" }));
  }
  let free = -Infinity; // labels that would touch the one before are left out
  spec.x.levels.forEach((label, i) => {
    const half = (label.length * 7.5) / 2;
    if (x(i) - half < free) return;
    free = x(i) + half + 6;
    svg.append(svgText(x(i), bottom + 19, label, { class: "tl-tick" }));
  });
  const caption = spec.x.name + (spec.x.scale === "log" ? " (log scale)" : "");
  svg.append(svgText((left + width) / 2, bottom + 40, caption, { class: "tl-axis" }));
  const found = spec.series.map((_, s) => points.map(({ cells }) => estimate(cells[s], spec.t95)));
  const runs = found.map(unbroken);
  runs.forEach((parts, s) => {
    for (const run of parts) {
      const edge = (i, sign) => y(clamp(found[s][i].mean + sign * (found[s][i].half ?? 0)));
      const above = run.map((i) => `${x(i)},${edge(i, 1)}`);
      const below = run.map((i) => `${x(i)},${edge(i, -1)}`).reverse();
      const band = { points: [...above, ...below].join(" "), fill: spec.colours[s] };
      svg.append(h("svg:polygon", { ...band, class: "tl-band" }));
    }
  });
  runs.forEach((parts, s) => {
    for (const run of parts) {
      const line = run.map((i) => `${x(i)},${y(found[s][i].mean)}`).join(" ");
      svg.append(h("svg:polyline", { points: line, stroke: spec.colours[s], class: "tl-line" }));
    }
    found[s].forEach((e, i) => {
      if (!e) return;
      const text = `${spec.series[s]}, ${spec.x.phrases[i]}: ${inWords(e, spec.digits, spec.suffix)}`;
      const dot = mark(s, spec, x(i), y(e.mean), 5);
      dot.append(h("svg:title", {}, text));
      svg.append(dot);
    });
  });
}

// The indices of measured points, cut where one is missing.
function unbroken(found) {
  const runs = [[]];
  found.forEach((e, i) => (e ? runs[runs.length - 1].push(i) : runs.push([])));
  return runs.filter((run) => run.length);
}

function legend(spec) {
  const items = spec.series.map((name, i) => {
    const key = h("svg:svg", { width: 18, height: 18, viewBox: "-9 -9 18 18", "aria-hidden": true });
    key.append(mark(i, spec, 0, 0, 5.5));
    return h("li", {}, key, name);
  });
  return h("ul", { class: "tl-legend" }, ...items);
}

function table(points, spec) {
  const { x, digits, suffix, t95 } = spec;
  const head = [...(x ? [x.name] : []), "condition", "mean", "95 % interval", "each seed"];
  const rows = points.flatMap(({ cells }, p) =>
    cells.map((cell, i) => {
      const found = estimate(cell, t95);
      const seeds = cell.map((v) => (Number.isNaN(v) ? "–" : fixed(v, digits)));
      const mean = found ? fixed(found.mean, digits) + suffix : "not measured";
      const texts = [mean, found ? interval(found, digits) : "", seeds.join("  ")];
      const name = h("th", { scope: "row" }, spec.series[i]);
      const level = x ? [h("td", {}, x.levels[p])] : [];
      return h("tr", {}, ...level, name, ...texts.map((text) => h("td", {}, text)));
    }),
  );
  const heads = head.map((text) => h("th", { scope: "col" }, text));
  return h(
    "table",
    { class: "tl-table" },
    h("caption", {}, spec.value_label),
    h("thead", {}, h("tr", {}, ...heads)),
    h("tbody", {}, ...rows),
  );
}

// ---- the view

function render({ model, el }) {
  const spec = model.get("spec");
  const bytes = model.get("data"); // a DataView of float32: (dials..., series[, x], seeds)
  const start = bytes.byteOffset;
  const values = new Float32Array(bytes.buffer.slice(start, start + bytes.byteLength));
  const steps = spec.x ? spec.x.levels.length : 1;
  const id = newId("explorer");

  function pointsAt(position) {
    const cell = position.reduce((sum, level, i) => sum * spec.dials[i].levels.length + level, 0);
    return Array.from({ length: steps }, (_, p) => ({
      words: spec.x ? spec.x.phrases[p] : "",
      cells: spec.series.map((_, s) => {
        const first = ((cell * spec.series.length + s) * steps + p) * spec.seeds;
        return Array.from(values.subarray(first, first + spec.seeds), (v) => v * spec.scale);
      }),
    }));
  }

  const dials = dialControls(model, id);
  const alt = spec.alt || `${spec.title}: ${spec.value_label}`;
  const svg = h("svg:svg", { role: "img", "aria-label": alt });
  svg.setAttribute("aria-describedby", `${id}-summary`);
  const summary = h("p", { class: "tl-summary", id: `${id}-summary`, "aria-live": "polite" });
  summary.setAttribute("aria-atomic", "true");
  const details = h("details", { class: "tl-details" }, h("summary", {}, "Show as a table"));
  const tableBox = scrollBox("Table");
  details.append(tableBox);
  const words = spec.command.split(" ").flatMap((word) => [" ", h("span", {}, word)]);
  const command = h("code", {}, ...words.slice(1));
  const source = h("p", { class: "tl-source" }, "Recorded by ", command);
  source.append(" · weights ", h("code", {}, spec.weights_hash));

  const root = h("div", { class: "tl-widget tl-explorer", role: "group" });
  root.setAttribute("aria-labelledby", `${id}-title`);
  root.append(h("p", { class: "tl-title", id: `${id}-title` }, spec.title));
  root.append(dials.node, ...(spec.x ? [h("p", { class: "tl-ylabel" }, spec.value_label)] : []));
  root.append(svg, ...(spec.x ? [legend(spec)] : []), summary, details, source);
  keepKeys(root);
  el.append(root);

  let width = 0;
  function draw() {
    const points = pointsAt(model.get("position"));
    svg.replaceChildren();
    svg.setAttribute("width", width);
    (spec.x ? drawLines : drawRows)(svg, width, points, spec);
  }
  function update() {
    const position = model.get("position");
    dials.show();
    const points = pointsAt(position);
    const where = spec.dials.map(({ phrases }, d) => phrases[position[d]]).join(", ");
    const numbers = sentence(points, where, spec).split(/([−\d.]+ (?:%|points))/);
    summary.replaceChildren(...numbers.map((s, i) => (i % 2 ? h("span", {}, s) : s)));
    tableBox.replaceChildren(table(points, spec));
    if (width) draw();
  }
  const observer = new ResizeObserver(() => {
    const beside = 2 * parseFloat(getComputedStyle(root).paddingLeft);
    const now = Math.floor(root.clientWidth - beside);
    if (!(now > 0) || now === width) return; // not on the page, or as it was
    width = now;
    draw();
  });
  observer.observe(root);
  model.on("change:position", update);
  update();
  return () => observer.disconnect();
}

export default { render };
