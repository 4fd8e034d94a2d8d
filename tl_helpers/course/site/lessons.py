"""Executed lessons as pages: figures and explorers that live without a kernel."""

import copy

import nbformat

from ..links import binder, colab
from ..pages import Offline
from .style import without_style
from .tree import Tree


def write_lessons(tree: Tree, runs) -> None:
    """Write every run's notebook as Sphinx shall show it."""
    for run in runs:
        name = f"lessons/{run.page.removesuffix('.html')}.ipynb"
        notebook, _ = Offline().preprocess(copy.deepcopy(run.notebook), {})
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = tree.linked(cell.source, name)
            for output in cell.get("outputs", ()):
                if "text/html" in output.get("data", {}):
                    output.data["text/html"] = without_style(output.data["text/html"])
        told = nbformat.v4.new_markdown_cell(_told(run, name), id="how-it-ran")
        notebook.cells.insert(1, told)
        notebook.metadata = {"kernelspec": notebook.metadata["kernelspec"]}
        tree.write(name, nbformat.writes(notebook, version=nbformat.NO_CONVERT))


def _told(run, name) -> str:
    held = sum(claim["supported"] is True for claim in run.claims)
    claims = f"; {held} claims held ([all claims](/claims.md))" if held else ""
    return (
        f"This page was executed in {run.seconds:.0f} seconds{claims}. Explorers work here. To "
        f"predict, run and change things yourself, open the lesson in [Binder]({binder(name)}), "
        f"[Colab]({colab(name)}) or JupyterLab."
    )
