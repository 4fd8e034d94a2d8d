"""The library's reference: a page a subpackage, of the names in its `__all__`.

Submodules and some names load on first use, and a name may hide the module that it is from; so the
pages are written name by name, and not left to what an import happens to bring.
"""

import importlib
import inspect
import types

import tl_helpers

from .tree import Tree


def write_api(tree: Tree) -> None:
    """Write every page, and the table that docs/api/index.md includes."""
    pages, at_the_top = [], []
    for name in tl_helpers.__all__:
        found = getattr(tl_helpers, name)
        if isinstance(found, types.ModuleType):
            pages.append(name)
            tree.write(f"api/{name}.md", _page(found))
        else:
            home = importlib.import_module(found.__module__).__package__
            at_the_top.append(f"| {{py:obj}}`tl.{name} <{home}.{name}>` | {_first(found)} |")
    toc = ["```{toctree}", ":hidden:", "", *(f"/api/{name}" for name in pages), "```", ""]
    rows = [f"| [tl.{n}](/api/{n}.md) | {_first(getattr(tl_helpers, n))} |" for n in pages]
    table = ["| Name | What it is |", "|---|---|", *at_the_top, *rows, ""]
    tree.write("_parts/api.md", "\n".join(toc + table))


def _page(module) -> str:
    name = module.__name__
    lines = [f"# {name}", "", "```{eval-rst}", f".. automodule:: {name}", "   :no-members:", "```"]
    lines += ["", "| Name | What it does |", "|---|---|"]
    lines += [
        f"| {{py:obj}}`{one} <{name}.{one}>` | {_first(getattr(module, one))} |"
        for one in module.__all__
    ]
    lines += ["", "```{eval-rst}"]
    for one in module.__all__:
        lines += [*_directive(name, one, getattr(module, one)), ""]
    return "\n".join([*lines, "```", ""])


def _directive(module: str, name: str, found) -> list[str]:
    """How Sphinx is asked for one name."""
    if inspect.isclass(found):
        kind = "autoexception" if issubclass(found, Exception) else "autoclass"
        return [f".. {kind}:: {module}.{name}", "   :members:"]
    if callable(found):
        return [f".. autofunction:: {module}.{name}"]
    value = list(found) if isinstance(found, dict) else found  # what it maps to may be functions
    said = "" if value is found else "   Its keys are shown."
    return [f".. py:data:: {name}", f"   :value: {value!r}", "", said]


def _first(found) -> str:
    """The first sentence of a docstring, for a row of a table."""
    if not callable(found) and not isinstance(found, types.ModuleType):
        return "a value; see below"
    text = " ".join((inspect.getdoc(found) or "").split("\n\n")[0].split())
    return text.split(". ")[0].rstrip(".").replace("|", "\\|")
