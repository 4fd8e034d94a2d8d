// What the theme leaves to the page: keys for what scrolls, and folded parts on paper.

(() => {
  // Sphinx marks the words that somebody searched for, and stumbles over a widget's picture.
  if (document.querySelector(".tl-static")) localStorage.removeItem("sphinx_highlight_terms");

  // Whoever has no mouse scrolls a wide table or a long line with the arrow keys.
  function reachable() {
    for (const node of document.querySelectorAll("pre, .table-wrapper, .output, .tl-scroll")) {
      const scrolls = node.scrollWidth > node.clientWidth || node.scrollHeight > node.clientHeight;
      if (scrolls) node.tabIndex = 0;
      else node.removeAttribute("tabindex");
    }
  }
  addEventListener("load", () => {
    document.documentElement.classList.add("tl-whole"); // see site.css
    const id = decodeURIComponent(location.hash.slice(1));
    const jump = () => document.getElementById(id)?.scrollIntoView({ behavior: "instant" });
    if (id) setTimeout(jump); // after the browser's own jump, which did not know the heights
    reachable();
  });
  addEventListener("resize", reachable);

  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("article details:not([open])")];
    for (const node of folded) node.open = true;
  });
  addEventListener("afterprint", () => {
    for (const node of folded) node.open = false;
  });
})();
