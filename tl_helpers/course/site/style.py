"""The widgets' style, once for the whole site.

Each widget's fragment brings it along, because it stands alone anywhere. Of a page with many, a
browser would read it as often, and lay out again all that it has of the page each time.
"""

from pathlib import Path

from ...widgets.static import HERE

CSS = HERE / "widget.css"


def without_style(html: str) -> str:
    """A widget's fragment without the style, which the site's pages have from a file."""
    return html.replace(f"<style>{CSS.read_text(encoding='utf-8')}</style>", "")


def write_style(folder: Path) -> None:
    """Put the style into a folder."""
    (folder / CSS.name).write_bytes(CSS.read_bytes())
