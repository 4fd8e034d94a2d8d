// One recorded run, made again in the kernel at the press of a button.

function render({ model, el }) {
  const spec = model.get("spec");
  const id = newId("live-run");
  const dials = dialControls(model, id);
  const button = h("button", { type: "button", class: "tl-button" }, "Run it now");
  const status = h("span", { role: "status" });
  const result = h("p", { class: "tl-result", "aria-live": "polite" });
  const root = h("div", { class: "tl-widget tl-live-run", role: "group" });
  root.setAttribute("aria-labelledby", `${id}-title`);
  root.append(h("p", { class: "tl-title", id: `${id}-title` }, spec.title), dials.node);
  root.append(h("div", { class: "tl-act" }, button, status), result);
  keepKeys(root);
  button.addEventListener("click", () => {
    if (model.get("running")) return;
    if (!model.send) {
      status.textContent = "A run needs a notebook with a kernel; this page has none.";
      return;
    }
    // A busy kernel takes its time, and one that has died never answers.
    status.textContent = "Waiting for the kernel …";
    model.set("asked", model.get("asked") + 1);
    model.save_changes();
  });

  function update() {
    dials.show();
    const running = model.get("running");
    button.setAttribute("aria-disabled", running); // and keeps the focus, which `disabled` loses
    status.textContent = running ? "Training …" : "";
    if (result.textContent !== model.get("result")) result.textContent = model.get("result");
  }
  for (const name of ["position", "running", "result"]) model.on(`change:${name}`, update);
  update();
  el.append(root);
}

export default { render };
