"""Read pages of the site: what they load, where they lead, what can be led to."""

from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADS = {"src", "srcset", "poster", "data"}
FETCHED = ("stylesheet", "icon", "preload", "prefetch", "preconnect", "dns-prefetch", "manifest")


class Page(HTMLParser):
    """One page: `links`, `loaded`, `ids` in the order in which they stand, and `text`."""

    def __init__(self, path: Path):
        super().__init__()
        self.path, self.links, self.loaded, self.ids, self.texts = path, [], [], [], []
        self._silent = False
        self.source = path.read_text(encoding="utf-8")
        self.feed(self.source)
        self.text = " ".join(" ".join(self.texts).split())

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self._silent = tag in ("script", "style")
        self.ids += [given["id"]] if given.get("id") else []
        self.loaded += [given[name] for name in LOADS & set(given) if given[name]]
        if tag == "link" and any(kind in given.get("rel", "") for kind in FETCHED):
            self.loaded.append(given["href"])
        elif tag == "a" and given.get("href"):
            self.links.append(given["href"])

    def handle_endtag(self, tag):
        self._silent = False

    def handle_data(self, data):
        if not self._silent:
            self.texts.append(data)


@cache
def pages(site: Path) -> dict[Path, Page]:
    """Path -> page, of all."""
    return {path: Page(path) for path in sorted(site.rglob("*.html"))}


def broken(site: Path) -> list[str]:
    """Every address within the site that leads to no file, or to no place on its page."""
    found = pages(site)
    lost = []
    for path, page in found.items():
        for address in [*page.links, *page.loaded]:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = path
            if parts.path:
                target = (path.parent / unquote(parts.path)).resolve()
                target = target / "index.html" if target.is_dir() else target
            place = unquote(parts.fragment)
            if not target.is_file() or site not in target.parents:
                lost.append(f"{path.relative_to(site)}: {address} leads nowhere")
            elif place and target in found and place not in found[target].ids:
                lost.append(f"{path.relative_to(site)}: {address} has no such place")
    return lost
