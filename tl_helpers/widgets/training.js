// Training that runs in a cell.

function render({ model, el }) {
  const view = progressView(model);
  const root = h("div", { class: "tl-widget tl-training", role: "group", "aria-label": "Training" });
  root.append(view.node);
  keepKeys(root);
  el.append(root);
  model.on("change:told", view.update);
  view.update();
}

export default { render };
