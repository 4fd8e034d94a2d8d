"""What is written by hand: docs/, cards, and the parts of the README that pages include."""

import re

from ..sources import CourseError
from .tree import Tree

SECTIONS = ("Start", "Lessons", "The library", "Networks", "Data", "Commands")


def write_pages(tree: Tree) -> None:
    """Copy the pages and cards, and leave the README's parts in `_parts`, to be included."""
    for source in tree.pages:
        if source.endswith(".md") and source != "README.md":
            tree.copy(source)
    readme = re.sub(
        r"<!-- badges.*?end of badges -->\n", "", tree.markdown("README.md"), flags=re.S
    )
    lead, *sections = re.split(r"^## ", readme, flags=re.M)
    tree.write("_parts/lead.md", lead)
    parts = dict(section.split("\n", 1) for section in sections)
    for source, page in tree.pages.items():
        if source.endswith(".ipynb"):  # a row of the table of lessons leads to its page
            row = rf"^\| {source[8:10]} \| ([^:|]+)"
            link = rf"| {source[8:10]} | [\1](/{page})"
            parts["Lessons"] = re.sub(row, link, parts["Lessons"], flags=re.M)
    for name in SECTIONS:
        if name not in parts:
            raise CourseError(f"the site includes '## {name}' of README.md, which is not there")
        tree.write(f"_parts/{name.lower().replace(' ', '-')}.md", parts[name].strip() + "\n")
    for name, folder in (("code", ""), ("lessons", "lessons/")):
        tree.write(f"_parts/licence-{name}.txt", (tree.root / f"{folder}LICENSE").read_text())
