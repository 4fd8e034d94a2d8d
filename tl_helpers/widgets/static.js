// A widget's model on a page without a kernel: the state is read from the page and stays there.

const fromBase64 = (key, value) =>
  typeof value?.base64 === "string"
    ? new DataView(Uint8Array.from(atob(value.base64), (c) => c.charCodeAt(0)).buffer)
    : value;

export function mount(render, id) {
  const state = JSON.parse(document.getElementById(`${id}-state`).textContent, fromBase64);
  const callbacks = {};
  const model = {
    get: (name) => state[name],
    set(name, value) {
      if (JSON.stringify(value) === JSON.stringify(state[name])) return;
      state[name] = value;
      for (const callback of callbacks[`change:${name}`] ?? []) callback();
    },
    save_changes() {},
    on: (event, callback) => (callbacks[event] ??= []).push(callback),
  };
  const el = document.getElementById(id);
  el.replaceChildren();
  render({ model, el });
}
