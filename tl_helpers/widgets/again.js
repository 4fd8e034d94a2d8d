// A button that asks the kernel to make the chosen run, and what came of it.
// { nodes, update() }
function againButton(model, label) {
  const button = h("button", { type: "button", class: "tl-button" }, label);
  const status = h("span", { role: "status" });
  const result = h("p", { class: "tl-result", "aria-live": "polite" });
  const progress = progressView(model);
  model.on("change:told", progress.update);
  button.addEventListener("click", () => {
    if (model.get("running")) return;
    // A busy kernel takes its time, and one that has died never answers.
    status.textContent = "Waiting for the kernel …";
    model.set("asked", model.get("asked") + 1);
    model.save_changes();
  });
  if (!model.send) {
    button.hidden = true;
    status.textContent = "In a notebook, a button here makes this run again.";
  }
  function update() {
    const running = model.get("running");
    button.setAttribute("aria-disabled", running); // and keeps the focus, which `disabled` loses
    if (model.send) status.textContent = running ? "Training …" : "";
    progress.update();
    if (result.textContent !== model.get("result")) result.textContent = model.get("result");
  }
  return { nodes: [h("div", { class: "tl-act" }, button, status), progress.node, result], update };
}
