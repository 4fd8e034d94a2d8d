"""Every claim of every lesson, as measured when the lessons were executed."""

from ..pages import claim_rows
from .tree import Tree

HEAD = ("Lesson", "Claim", "State", "Measured", "Lower bound", "Claimed", "Runs")


def write_claims(tree: Tree, runs) -> None:
    """Write the table that docs/claims.md includes."""
    lines = [f"| {' | '.join(HEAD)} |", "|---|---|---|--:|--:|--:|---|"]
    for run in runs:
        page = f"/lessons/{run.page.removesuffix('.html')}.ipynb"
        for lesson, *cells in claim_rows(run.claims):
            cells = [cell.replace("|", "\\|") for cell in cells]
            lines.append(f"| [{lesson}]({page}) | {' | '.join(cells)} |")
    tree.write("_parts/claims.md", "\n".join(lines) + "\n")
