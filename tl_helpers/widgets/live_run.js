// One recorded run, made again in the kernel at the press of a button.

function render({ model, el }) {
  const spec = model.get("spec");
  const id = newId("live-run");
  const controls = spec.dials.map((dial, d) =>
    dialControl(dial, `${id}-dial-${d}`, model.get("position")[d], (level) => {
      model.set("position", model.get("position").map((old, i) => (i === d ? level : old)));
      model.save_changes();
    }),
  );
  const button = h("button", { type: "button", class: "tl-button" }, "Run it now");
  const status = h("span", { role: "status" });
  const result = h("p", { class: "tl-result", "aria-live": "polite" });
  const root = h("div", { class: "tl-widget tl-live-run", role: "group" });
  root.setAttribute("aria-labelledby", `${id}-title`);
  root.append(h("p", { class: "tl-title", id: `${id}-title` }, spec.title));
  root.append(h("div", { class: "tl-dials" }, ...controls.map(({ node }) => node)));
  root.append(h("div", { class: "tl-act" }, button, status), result);
  keepKeys(root);
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-disabled")) return;
    if (!model.send) {
      status.textContent = "A run needs a notebook with a kernel; this page has none.";
      return;
    }
    button.setAttribute("aria-disabled", "true"); // and keeps the focus, which `disabled` loses
    status.textContent = "Training …";
    model.set("result", "");
    model.set("asked", model.get("asked") + 1);
    model.save_changes();
  });

  function update() {
    model.get("position").forEach((index, d) => controls[d].show(index));
    result.textContent = model.get("result");
    if (!model.get("result")) return;
    button.removeAttribute("aria-disabled");
    status.textContent = "";
  }
  for (const name of ["position", "result"]) model.on(`change:${name}`, update);
  update();
  el.append(root);
}

export default { render };
