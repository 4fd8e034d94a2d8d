// One recorded run, made again in the kernel at the press of a button.

function render({ model, el }) {
  const spec = model.get("spec");
  const id = newId("live-run");
  const dials = dialControls(model, id);
  const again = againButton(model, "Run it now");
  const root = h("div", { class: "tl-widget tl-live-run", role: "group" });
  root.setAttribute("aria-labelledby", `${id}-title`);
  root.append(h("p", { class: "tl-title", id: `${id}-title` }, spec.title), dials.node);
  root.append(...again.nodes);
  keepKeys(root);

  function update() {
    dials.show();
    again.update();
  }
  for (const name of ["position", "running", "result"]) model.on(`change:${name}`, update);
  update();
  el.append(root);
}

export default { render };
