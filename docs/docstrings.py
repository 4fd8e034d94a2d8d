"""Docstrings as the library writes them, in the form that Sphinx reads.

A class lists its parts as plain lines, `name: what it is`, with what follows indented. They become
a list of arguments; the rest is Google style and Markdown's backticks, which Sphinx knows.
"""

import re

PART = re.compile(r"\*{0,2}\w+(, \w+)*: \S")


def as_arguments(lines: list[str]) -> list[str]:
    """Put `Args:` above each paragraph that consists of such parts, and indent it."""
    paragraphs = [p.split("\n") for p in re.split(r"\n{2,}", "\n".join(lines).strip("\n"))]
    changed = []
    for paragraph in paragraphs:
        own = [line for line in paragraph if not line.startswith(" ")]
        listed = own[0:1] == paragraph[0:1] and all(PART.match(line) for line in own)
        if listed and own[0].split(":")[0] not in SECTIONS:
            paragraph = ["Args:", *(f"    {line}" for line in paragraph)]
        changed += [*paragraph, ""]
    return changed


SECTIONS = ("Args", "Returns", "Raises", "Yields", "Attributes", "Note")


def setup(app):
    """Stand before napoleon, which reads the sections."""

    def read(app, what, name, obj, options, lines):
        lines[:] = as_arguments(lines)

    app.connect("autodoc-process-docstring", read, priority=100)
    return {"parallel_read_safe": True}
