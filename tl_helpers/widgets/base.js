// What the widgets share. It stands before each widget's own module, in one text.

let widgets = 0;

// An id that no other widget on the page has.
function newId(kind) {
  return `tl-${kind}-${(widgets += 1)}-${Math.random().toString(36).slice(2, 8)}`;
}

// An element with attributes and children; "svg:" before the tag makes an SVG element.
function h(tag, attributes = {}, ...children) {
  const svg = tag.startsWith("svg:");
  const node = svg
    ? document.createElementNS("http://www.w3.org/2000/svg", tag.slice(4))
    : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// A notebook would take arrow keys and letters as its own commands. Notebook 7 listens before any
// key gets here, and looks for an attribute; with Ctrl, as in Ctrl+S, keys are the notebook's.
function keepKeys(root) {
  const mark = ({ target, ctrlKey, metaKey }) => {
    // What is removed while it has the focus says no farewell.
    if (!root.isConnected) window.removeEventListener("keydown", mark, true);
    else if (root.contains(target))
      target.toggleAttribute("data-lm-suppress-shortcuts", !ctrlKey && !metaKey);
  };
  root.addEventListener("focusin", () => window.addEventListener("keydown", mark, true));
  root.addEventListener("focusout", () => window.removeEventListener("keydown", mark, true));
  root.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
  });
}

// A dial: radio buttons, a list or a slider. { node, show(index) }
function dialControl(dial, id, index, choose) {
  const { name, levels, kind } = dial;
  if (kind === "radio") {
    const options = levels.map((level, i) => {
      const input = h("input", { type: "radio", name: id, value: i, id: `${id}-${i}` });
      input.checked = i === index;
      input.addEventListener("change", () => choose(i));
      return h("label", { for: `${id}-${i}`, class: "tl-pill" }, input, level);
    });
    const node = h("fieldset", { class: "tl-dial" }, h("legend", {}, name));
    node.append(h("div", { class: "tl-pills" }, ...options));
    return { node, show: (i) => (options[i].firstChild.checked = true) };
  }
  if (kind === "select") {
    const options = levels.map((level, i) => h("option", { value: i }, level));
    const select = h("select", { id }, ...options);
    select.value = index;
    select.addEventListener("change", () => choose(Number(select.value)));
    const label = h("label", { for: id, class: "tl-label" }, name);
    const node = h("div", { class: "tl-dial" }, label, select);
    return { node, show: (i) => (select.value = i) };
  }
  const range = h("input", { type: "range", id, min: 0, max: levels.length - 1, step: 1 });
  const output = h("output", { for: id, "aria-live": "off" }); // the slider says it itself
  const show = (i) => {
    range.value = i;
    range.setAttribute("aria-valuetext", levels[i]);
    output.textContent = levels[i];
  };
  range.addEventListener("input", () => choose(Number(range.value)));
  show(index);
  const ends = h("div", { class: "tl-ends", "aria-hidden": true });
  ends.append(h("span", {}, levels[0]), h("span", {}, levels[levels.length - 1]));
  const head = h("div", { class: "tl-label" }, h("label", { for: id }, name), output);
  return { node: h("div", { class: "tl-dial" }, head, range, ends), show };
}

// The dials of spec.dials, which stand where model's position says. { node, show() }
function dialControls(model, id) {
  const controls = model.get("spec").dials.map((dial, d) =>
    dialControl(dial, `${id}-dial-${d}`, model.get("position")[d], (level) => {
      model.set("position", model.get("position").map((old, i) => (i === d ? level : old)));
      model.save_changes();
    }),
  );
  const node = h("div", { class: "tl-dials" }, ...controls.map((control) => control.node));
  const show = () => model.get("position").forEach((index, d) => controls[d].show(index));
  return { node, show };
}

// A box for what may be too wide; when it is, the keyboard reaches the box, to scroll it.
function scrollBox(name) {
  const box = h("div", { class: "tl-scroll", role: "group", "aria-label": name });
  const reach = () => {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  };
  new ResizeObserver(reach).observe(box);
  return box;
}

// A widget of dials and one view of what they choose, with its sentence and its table below.
// { dials, summary, tableBox }, for the widget to fill
function dialView(model, el, kind, view) {
  const id = newId(kind);
  const dials = dialControls(model, id);
  const root = h("div", { class: `tl-widget tl-${kind}`, role: "group" });
  root.setAttribute("aria-labelledby", `${id}-title`);
  const summary = h("p", { class: "tl-summary", "aria-live": "polite", "aria-atomic": "true" });
  const details = h("details", { class: "tl-details" }, h("summary", {}, "Show as a table"));
  const tableBox = scrollBox("Table");
  details.append(tableBox);
  const title = h("p", { class: "tl-title", id: `${id}-title` }, model.get("spec").title);
  root.append(title, dials.node, view, summary, details);
  keepKeys(root);
  el.append(root);
  return { dials, summary, tableBox };
}
