// What is too wide for a page scrolls in a box of its own, which the keyboard reaches by its name.

(() => {
  const BOXES = "pre, .table-wrapper, .tl-wide, .cell_output, .jp-OutputArea-output, figure > [role=img]";
  const BOXED = ".tl-widget, .table-wrapper, .tl-wide";

  function box(table) {
    const wide = Object.assign(document.createElement("div"), { className: "tl-wide" });
    table.replaceWith(wide);
    wide.append(table);
  }

  function name(node) {
    if (node.tagName === "PRE") return node.closest(".highlight") ? "Code" : "Printed lines";
    return node.querySelector("caption")?.textContent || "A wide table";
  }

  function reach() {
    for (const node of document.querySelectorAll(BOXES)) {
      const scrolls = node.scrollWidth > node.clientWidth || node.scrollHeight > node.clientHeight;
      if (!scrolls) {
        node.removeAttribute("tabindex");
        continue;
      }
      node.tabIndex = 0;
      node.role ??= "group"; // a name takes a role
      node.ariaLabel ??= name(node);
    }
  }

  addEventListener("load", () => {
    for (const table of document.querySelectorAll("table")) if (!table.closest(BOXED)) box(table);
    reach();
  });
  addEventListener("resize", reach);
})();
