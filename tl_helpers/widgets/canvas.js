// A sheet to draw on. What is drawn goes to the kernel stroke by stroke, and shares come back.

const WIDE = 280; // of the sheet on the page, pixels
const STEPS = 24; // of the keyboard's pen, from edge to edge

// The pictures of one name.
function row(index, spec, url) {
  const size = 44;
  const cells = Array.from({ length: spec.counts[index] }, (_, k) => {
    const node = h("span", { class: "tl-example" });
    Object.assign(node.style, {
      backgroundImage: `url(${url})`,
      backgroundSize: `${size * spec.columns}px ${size * spec.names.length}px`,
      backgroundPosition: `${-size * k}px ${-size * index}px`,
    });
    return node;
  });
  return h("span", { class: "tl-examples", "aria-hidden": true }, ...cells);
}

function render({ model, el }) {
  const spec = model.get("spec");
  const id = newId("canvas");
  const url = URL.createObjectURL(new Blob([model.get("sheet")], { type: "image/png" }));
  const root = h("div", { class: "tl-widget tl-canvas", role: "group" });
  root.setAttribute("aria-labelledby", `${id}-title`);
  const paper = h("canvas", { width: 2 * WIDE, height: 2 * WIDE, tabindex: 0 });
  const words = "Sheet to draw on";
  for (const [name, value] of Object.entries({
    role: "application",
    "aria-label": words,
    "aria-describedby": `${id}-keys`,
  }))
    paper.setAttribute(name, value);
  const keys = h(
    "p",
    { class: "tl-key", id: `${id}-keys` },
    "Draw with mouse or finger. With keys: arrows move the pen, Space puts it down and lifts it, " +
      "Backspace takes the last stroke back.",
  );
  const where = h("span", { class: "tl-unseen", "aria-live": "polite" });
  const undo = h("button", { type: "button", class: "tl-button" }, "Undo");
  const clear = h("button", { type: "button", class: "tl-button" }, "Clear");
  const summary = h("p", { class: "tl-summary", role: "status" });
  const names = spec.names.map((name, i) => {
    const bar = h("span", { class: "tl-share" });
    const text = h("td", {});
    const head = h("th", { scope: "row" }, row(i, spec, url), name);
    const node = h("tr", {}, head, h("td", { class: "tl-shares" }, bar), text);
    return { node, bar, text };
  });
  const table = h("table", { class: "tl-table" });
  table.append(h("caption", {}, "what it is, and how sure"));
  table.append(h("tbody", {}, ...names.map(({ node }) => node)));
  const answer = scrollBox("Answer");
  answer.append(table);
  const sheet = h("div", {}, paper, h("div", { class: "tl-act" }, undo, clear), where);
  const parts = h("div", { class: "tl-drawing" }, sheet, answer);
  const title = h("p", { class: "tl-title", id: `${id}-title` }, spec.title);
  root.append(title, parts, keys, summary);
  keepKeys(root);
  el.append(root);

  let drawing = null; // the stroke that is being drawn
  let pen = [0.5, 0.5]; // of the keyboard
  let byKeys = false;

  function paint() {
    const c = paper.getContext("2d");
    c.setTransform(2 * WIDE, 0, 0, 2 * WIDE, 0, 0); // the sheet is 1 wide
    c.fillStyle = "#ffffff";
    c.fillRect(0, 0, 1, 1);
    c.strokeStyle = c.fillStyle = "#000000";
    c.lineWidth = spec.pen;
    c.lineCap = c.lineJoin = "round";
    for (const stroke of [...model.get("strokes"), ...(drawing ? [drawing] : [])]) {
      c.beginPath();
      c.moveTo(...stroke[0]);
      for (const point of stroke) c.lineTo(...point);
      c.stroke();
    }
    if (!byKeys) return;
    c.lineWidth = 0.01;
    c.strokeStyle = drawing ? "#D55E00" : "#0072B2";
    c.beginPath();
    c.arc(...pen, 0.03, 0, 2 * Math.PI);
    c.stroke();
  }

  function keep(strokes) {
    drawing = null;
    model.set("strokes", strokes);
    model.save_changes();
    if (!model.send && strokes.length) {
      summary.textContent = "To name it takes a notebook with a kernel; this page has none.";
    } else if (strokes.length) {
      summary.textContent = "Waiting for the kernel …";
    }
    paint();
  }

  const finish = () => drawing && keep([...model.get("strokes"), drawing]);
  const back = () => (drawing ? (drawing = null) || paint() : keep(model.get("strokes").slice(0, -1)));
  const round = (value) => Math.round(1000 * Math.min(1, Math.max(0, value))) / 1000;
  function place(event) {
    const box = paper.getBoundingClientRect();
    return [round((event.clientX - box.x) / box.width), round((event.clientY - box.y) / box.height)];
  }
  paper.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    finish(); // what the keys had begun
    paper.setPointerCapture(event.pointerId);
    byKeys = false;
    drawing = [place(event)];
    paint();
  });
  paper.addEventListener("pointermove", (event) => {
    if (!drawing || byKeys || !event.isPrimary) return;
    const [x, y] = drawing[drawing.length - 1];
    const next = place(event);
    if (Math.hypot(next[0] - x, next[1] - y) < 0.008) return;
    drawing.push(next);
    paint();
  });
  for (const name of ["pointerup", "pointercancel"])
    paper.addEventListener(name, (event) => event.isPrimary && !byKeys && finish());

  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  paper.addEventListener("keydown", (event) => {
    const way = ways[event.key];
    if (!way && ![" ", "Backspace"].includes(event.key)) return;
    event.preventDefault();
    byKeys = true;
    if (way) {
      pen = pen.map((at, i) => round(at + way[i] / STEPS));
      if (drawing) drawing.push(pen);
    } else if (event.key === " ") {
      drawing ? finish() : (drawing = [pen]);
    } else back();
    const [column, line] = pen.map((at) => Math.round(at * STEPS));
    where.textContent = `Pen ${drawing ? "down" : "up"}, column ${column}, line ${line}`;
    paint();
  });
  paper.addEventListener("blur", () => {
    finish();
    byKeys = false;
    paint();
  });
  undo.addEventListener("click", back);
  clear.addEventListener("click", () => keep([]));

  function update() {
    const shares = model.get("shares");
    const most = shares.length ? shares.indexOf(Math.max(...shares)) : -1;
    names.forEach(({ node, bar, text }, i) => {
      node.classList.toggle("tl-first", i === most);
      bar.style.width = `${100 * (shares[i] ?? 0)}%`;
      text.textContent = shares.length ? `${Math.round(100 * shares[i])} %` : "";
    });
    summary.textContent = model.get("said");
    paint();
  }
  model.on("change:answered", update);
  model.on("change:strokes", paint);
  update();
  return () => URL.revokeObjectURL(url);
}

export default { render };
