// What the theme leaves to the page: jumps to a section, and folded parts on paper.

(() => {
  // Sphinx marks the words that somebody searched for, and stumbles over a widget's picture.
  if (document.querySelector(".tl-static")) localStorage.removeItem("sphinx_highlight_terms");

  addEventListener("load", () => {
    document.documentElement.classList.add("tl-whole"); // see site.css
    const id = decodeURIComponent(location.hash.slice(1));
    const jump = () => document.getElementById(id)?.scrollIntoView({ behavior: "instant" });
    if (id) setTimeout(jump); // after the browser's own jump, which did not know the heights
  });

  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("article details:not([open])")];
    for (const node of folded) node.open = true;
  });
  addEventListener("afterprint", () => {
    for (const node of folded) node.open = false;
  });
})();
