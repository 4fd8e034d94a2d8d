// A prediction that is committed to before the result is known.

function inUnits(value, spec, more = 0) {
  let text = value.toFixed(spec.digits + more);
  text = Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
  return spec.unit ? `${text} ${spec.unit}` : text;
}

// Radio buttons: { node, read() -> the choice or null, show(value, answer, done) }
function choiceControl(spec, id, labelledby) {
  const node = h("div", { class: "tl-options", role: "radiogroup", "aria-labelledby": labelledby });
  const rows = spec.options.map((option, i) => {
    const input = h("input", { type: "radio", name: id, value: i, id: `${id}-${i}` });
    const label = h("label", { for: `${id}-${i}`, class: "tl-pill" }, input, option);
    node.append(label);
    return { option, input, label };
  });
  return {
    node,
    read: () => rows.find(({ input }) => input.checked)?.option ?? null,
    show(value, answer, done) {
      for (const { option, input, label } of rows) {
        if (value !== null) input.checked = option === value;
        input.disabled = done;
        for (const tag of label.querySelectorAll(".tl-tag")) tag.remove();
        if (option === value) label.append(h("span", { class: "tl-tag" }, "your prediction"));
        if (answer?.includes(option)) label.append(h("span", { class: "tl-tag" }, answer.length > 1 ? "may be it" : "measured"));
      }
    },
  };
}

// A slider that holds no prediction until the student has touched it.
function numberControl(spec, id, labelledby) {
  const { low, high, step } = spec;
  const range = h("input", { type: "range", id, min: low, max: high, step });
  const steps = Math.round((high - low) / step);
  range.value = low + Math.floor(steps / 2) * step;
  range.setAttribute("aria-labelledby", labelledby);
  range.setAttribute("aria-valuetext", "not chosen yet");
  const output = h("output", { for: id }, "move the slider");
  let touched = false;
  const changed = () => {
    touched = true;
    output.textContent = inUnits(Number(range.value), spec);
    range.setAttribute("aria-valuetext", output.textContent);
  };
  for (const event of ["input", "click"]) range.addEventListener(event, changed);
  const ends = h("div", { class: "tl-ends", "aria-hidden": true });
  ends.append(h("span", {}, inUnits(low, spec)), h("span", {}, inUnits(high, spec)));
  const scale = h("div", { class: "tl-scale" });
  const head = h("div", { class: "tl-label" }, h("label", { for: id }, "Your prediction"), output);
  return {
    node: h("div", { class: "tl-guess" }, head, range, scale, ends),
    read: () => (touched ? Number(range.value) : null),
    show(value, answer, done) {
      range.disabled = done;
      if (value !== null) {
        range.value = value;
        changed();
      } else if (done) {
        output.textContent = "none locked in";
      }
      if (answer === null) return;
      range.hidden = true;
      scale.replaceChildren(numberLine(value, answer, spec));
    },
  };
}

// Both numbers on one line: the prediction above it, the measured answer below, with its interval
// where there is one.
function numberLine(value, [answer, from, to], spec) {
  const [width, left, right] = [460, 8, 452];
  const share = (v) => Math.min(Math.max((v - spec.low) / (spec.high - spec.low), 0), 1);
  const at = (v) => left + share(v) * (right - left);
  const svg = h("svg:svg", { viewBox: `0 0 ${width} 76`, width: "100%", "aria-hidden": true });
  svg.append(h("svg:line", { x1: left, x2: right, y1: 38, y2: 38, class: "tl-rail" }));
  const put = (v, y, text, shape) => {
    const x = at(v);
    const anchor = x < 100 ? "start" : x > width - 100 ? "end" : "middle";
    const shift = { start: -8, middle: 0, end: 8 }[anchor]; // keeps long texts inside
    svg.append(h("svg:text", { x: x + shift, y, style: `text-anchor: ${anchor}` }, text));
    const place = { d: shape, transform: `translate(${x},38)`, class: "tl-mark tl-point" };
    svg.append(h("svg:path", place));
  };
  if (value !== null) put(value, 20, `you ${inUnits(value, spec)}`, "M0,-1L6,-11H-6z");
  if (from !== undefined) {
    const line = { x1: at(from), x2: at(to), y1: 38, y2: 38, class: "tl-interval" };
    svg.append(h("svg:line", { ...line, style: "stroke: currentColor" }));
  }
  put(answer, 68, `measured ${inUnits(answer, spec, 1)}`, "M0,1L6,11H-6z");
  return svg;
}

function render({ model, el }) {
  const spec = model.get("spec");
  const id = newId("predict");
  const question = h("p", { class: "tl-title", id: `${id}-question` }, spec.question);
  const make = spec.kind === "choice" ? choiceControl : numberControl;
  const control = make(spec, id, question.id);
  const button = h("button", { type: "button", class: "tl-button" }, "Lock in my prediction");
  const status = h("span", { role: "status", tabindex: -1 });
  const result = h("p", { class: "tl-result", "aria-live": "polite" });
  const root = h("div", { class: "tl-widget tl-predict", role: "group" });
  root.setAttribute("aria-labelledby", question.id);
  const act = h("div", { class: "tl-act" }, button, status);
  root.append(question, control.node, act, result);
  keepKeys(root);
  button.addEventListener("click", () => {
    if (model.get("locked") || model.get("answer") !== null) return;
    const value = control.read();
    if (value === null) {
      status.textContent = "Choose an answer first, then lock it in.";
      return;
    }
    model.set("value", value);
    model.set("locked", true);
    model.save_changes();
    status.focus(); // the button, which had it, is gone
  });

  function update() {
    const [value, answer] = [model.get("value"), model.get("answer")];
    const locked = model.get("locked");
    const done = locked || answer !== null;
    control.show(locked ? value : null, answer, done);
    button.hidden = done;
    const said = spec.kind === "choice" ? `“${value}”` : value === null ? "" : inUnits(value, spec);
    status.textContent = locked ? `Locked in: ${said}.` : "";
    act.hidden = answer !== null; // the result says it all
    result.textContent = model.get("result");
  }
  for (const name of ["value", "locked", "answer", "result"]) model.on(`change:${name}`, update);
  update();
  el.append(root);
}

export default { render };
