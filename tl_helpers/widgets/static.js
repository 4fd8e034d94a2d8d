// A widget's model on a page without a kernel: the state is read from the page and stays there.

// A loop, because `Uint8Array.from` with a function takes six times as long.
function fromBase64(key, value) {
  if (typeof value?.base64 !== "string") return value;
  const text = atob(value.base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return new DataView(bytes.buffer);
}

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
