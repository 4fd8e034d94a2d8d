"""The recorded runs: the transfer map, and each other experiment with its dials."""

import inspect

import numpy as np

from ...evaluate import recorded, recorded_names, report
from ...widgets import Explorer, TransferMap, static_html
from ..sources import repository
from .style import without_style
from .tree import Tree

WORDS = {"per_class": "images a class", "base_lr": "learning rate", "augment": "augmentation"}


def write_recorded(tree: Tree) -> None:
    """Write what docs/map.md and docs/runs.md include."""
    tree.write("_parts/map.md", alive(atlas(), "map"))
    tree.write("_parts/runs.md", "\n".join(_section(tree, name) for name in recorded_names()))


def atlas() -> TransferMap:
    """The transfer map, as the site and the README show it."""
    return TransferMap(
        recorded("map"),
        title="Which part of the network to train, or none of it?",
        columns=("per_class", "images a class"),
        dial=("distance", "distance"),
        best_by="validation",
    )


def alive(widget, name: str) -> str:
    """A widget that needs no kernel, as Markdown; its id is the same each time the site is made."""
    fragment = without_style(static_html(widget))
    own = fragment.split('<div id="', 1)[1].split('"', 1)[0]
    return f"``````{{raw}} html\n{fragment.replace(own, f'tl-{name}')}\n``````\n"


def _section(tree: Tree, name: str) -> str:
    """One experiment: what its definition says, then its explorer, or a chart if it has no dial."""
    record = recorded(name)
    title, _, text = inspect.cleandoc(record.experiment.__doc__).partition("\n")
    source = f"{repository()}/blob/main/datasets/runs/{name}/experiment.py"
    lines = [f"## {title.rstrip('.')}", "", text.strip(), ""]
    lines += [f"{len(record.table)} runs; [the experiment]({source}).", ""]
    table = record.table
    dials = [c for c in table if c not in {"condition", "seed", *record.metrics}]
    if name == "map":
        lines += ["It has [a page of its own](/map.md).", ""]
    elif dials:
        words = {True: "yes", False: "no"}
        for dial in table[dials].select_dtypes(bool):
            table = table.assign(**{dial: table[dial].map(words)})
        explorer = Explorer.from_table(
            table,
            {dial: WORDS.get(dial, dial) for dial in dials},
            value=record.metrics[0],
            title=title.rstrip("."),
            command=record.record["command"],
            weights_hash=record.weights or "none: all networks are trained in the experiment",
        )
        measured = (~np.isnan(explorer.values)).sum((-2, -1))  # (dials...), of each setting
        explorer.position = [int(i) for i in np.unravel_index(measured.argmax(), measured.shape)]
        lines += [alive(explorer, f"runs-{name}")]
    else:
        note = f"Made by `{record.record['command']}`."
        of_all = [name for name in record.metrics if table[name].notna().all()]
        made = report(table, title, metric=of_all[0], notes=(note,))
        # not as a file, which would not know whether the page is dark
        chart = f"``````{{raw}} html\n{made.drawn}\n``````"
        body = made.markdown("").replace(f"![{title}]()", chart).split("\n", 1)[1]
        lines += [body.strip(), ""]
    return "\n".join(lines)
