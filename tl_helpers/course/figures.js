// Draws the plotly figures of a page: after its text and its explorers, in the page's own colours
// and as wide as the page has room.

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

  const pen = document.createElement("canvas").getContext("2d");

  // Words in lines of a width, as plotly breaks them.
  function broken(text, width, size) {
    const lines = String(text).split(/<br *\/?>/).flatMap((line) => {
      const [, small] = line.match(/^<sup>(.*)<\/sup>$/) ?? [];
      pen.font = `${small === undefined ? size : 0.7 * size}px "Open Sans", verdana, arial, sans-serif`;
      const made = [];
      for (const word of (small ?? line).split(" ")) {
        const longer = made.length ? `${made.at(-1)} ${word}` : word;
        const fits = pen.measureText(longer.replace(/<[^>]*>/g, "")).width <= width;
        if (made.length && fits) made[made.length - 1] = longer;
        else made.push(word);
      }
      return small === undefined ? made : made.map((row) => `<sup>${row}</sup>`);
    });
    return lines.join("<br>");
  }

  const rows = (text) => text.split("<br>").length;
  const [TITLE, HEAD, NAME] = [17, 16, 12]; // plotly's sizes

  // The layout at this width: what would be cut is in lines, and the figure is as much taller.
  function fitted(layout, width) {
    const own = structuredClone(layout);
    const narrow = width < 480;
    let taller = 0;
    if (own.title?.text) {
      const text = broken(own.title.text, 0.96 * width, TITLE);
      taller += 1.3 * TITLE * (rows(text) - rows(own.title.text));
      const y = 1 - 22 / ((own.height ?? 450) + taller);
      if (taller) own.title = { ...own.title, text, y, yref: "container", yanchor: "top" };
    }
    if (narrow) {
      const panels = Object.keys(own).filter((key) => key.startsWith("xaxis")).length;
      const heads = (own.annotations ?? []).filter((one) => panels > 1 && one.xref === "paper");
      for (const head of heads) {
        head.font = { ...head.font, size: 13 };
        head.text = broken(head.text, (0.8 * width) / panels, 13);
      }
      taller += Math.max(0, ...heads.map((head) => 1.3 * HEAD * (rows(head.text) - 1)));
      own.legend = { y: -0.1, ...own.legend, orientation: "h" };
    }
    for (const [key, axis] of Object.entries(own).filter(([key]) => /^[xy]axis/.test(key))) {
      if (key.startsWith("y") && axis.ticktext)
        axis.ticktext = axis.ticktext.map((text) => broken(text, 0.3 * width, NAME));
      if (axis.title?.text && narrow) {
        const room = key.startsWith("x") ? 0.7 * width : 0.6 * (own.height ?? 450);
        axis.title.text = broken(axis.title.text, room, 14);
        axis.automargin = true;
      }
    }
    own.margin = { ...own.margin, t: (own.margin?.t ?? 100) + taller };
    return { ...own, width: width || undefined, height: (own.height ?? 450) + taller };
  }

  function draw(box) {
    let text = box.querySelector("script").textContent;
    if (isDark(paper(box))) text = text.replaceAll('"#595959"', '"#a9b2bc"'); // small words
    const { data, layout } = JSON.parse(text);
    const shown = coloured(fitted(layout, box.clientWidth), box);
    box.dataset.width = box.clientWidth;
    return Plotly.react(box.querySelector("div"), data, shown, { displayModeBar: false });
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
      const sizes = new ResizeObserver((seen) => {
        for (const { target } of seen)
          if (target.clientWidth !== Number(target.dataset.width)) draw(target);
      });
      for (const box of boxes) sizes.observe(box);
      const watch = new MutationObserver(drawAll);
      watch.observe(document.body, { attributes: true, attributeFilter: ["data-theme"] });
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
    };
    document.head.append(script);
  }

  if (document.readyState === "complete") setTimeout(load);
  else addEventListener("load", () => setTimeout(load));
})();
