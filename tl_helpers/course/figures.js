// Draws the plotly figures of a page: after its text and its explorers, in the page's own colours.

(() => {
  const boxes = [...document.querySelectorAll(".tl-plotly")];
  if (boxes.length === 0) return;
  const beside = new URL("plotly.min.js", document.currentScript.src);

  // What stands behind a figure, as it is painted.
  function paper(node) {
    const colour = getComputedStyle(node).backgroundColor;
    const [, , , , alpha] = colour.match(/rgba?\((\d+), (\d+), (\d+)(?:, ([\d.]+))?\)/) ?? [];
    const clear = alpha !== undefined && Number(alpha) === 0;
    if (clear) return node.parentElement ? paper(node.parentElement) : "rgb(255, 255, 255)";
    return colour;
  }

  function isDark(colour) {
    const [r, g, b] = colour.match(/[\d.]+/g).map(Number);
    return 0.299 * r + 0.587 * g + 0.114 * b < 128;
  }

  // The figure's own layout, and for a dark page the same with light ink.
  function coloured(layout, box) {
    if (!isDark(paper(box))) return layout;
    const ink = getComputedStyle(box).color;
    const axis = { gridcolor: "#3d444d", linecolor: "#3d444d", zerolinecolor: "#3d444d" };
    const template = structuredClone(layout.template ?? {});
    const own = (template.layout ??= {});
    Object.assign(own, { paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)" });
    own.font = { ...own.font, color: ink };
    own.xaxis = { ...own.xaxis, ...axis };
    own.yaxis = { ...own.yaxis, ...axis };
    return { ...layout, template };
  }

  function draw(box) {
    let text = box.querySelector("script").textContent;
    if (isDark(paper(box))) text = text.replaceAll('"#595959"', '"#a9b2bc"'); // small words
    const { data, layout } = JSON.parse(text);
    const config = { displayModeBar: false, responsive: true };
    return Plotly.react(box.querySelector("div"), data, coloured(layout, box), config);
  }

  async function drawAll() {
    for (const box of boxes) {
      await draw(box);
      box.querySelector("p").hidden = true; // the words that stood for it
      await new Promise((done) => setTimeout(done)); // whoever turns a dial meanwhile comes first
    }
  }

  function load() {
    const script = document.createElement("script");
    script.src = beside;
    script.onload = async () => {
      await drawAll();
      const watch = new MutationObserver(drawAll);
      watch.observe(document.body, { attributes: true, attributeFilter: ["data-theme"] });
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
    };
    document.head.append(script);
  }

  if (document.readyState === "complete") setTimeout(load);
  else addEventListener("load", () => setTimeout(load));
})();
