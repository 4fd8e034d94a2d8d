"""The folder that Sphinx reads: Markdown of the checkout under new names, and what is generated."""

import os
import posixpath
import re
from pathlib import Path

from ..sources import CourseError, repository

# Where [words](lead) and what <img src=""> shows: not what is on the site already, or elsewhere.
LINK = re.compile(r"""(?:(?<=\]\()|(?<=<img src="))(?![a-z]+:|#|/)([^)"\s#]+)(#[^)\s]*)?(?=[)"])""")
PICTURE = re.compile(r"!\[([^\]]*)\]\(https?:[^)]*\)")
FENCED = re.compile(r"(^```.*?^```$)", flags=re.S | re.M)


class Tree:
    """The sources of the site, in `out`; `root` is the checkout.

    `pages` says which file of the checkout, or folder, is which page. Files are written only when
    they change, so that Sphinx reads only these again.
    """

    def __init__(self, root: Path, out: Path):
        self.root, self.out = root, out
        self.pages = {"README.md": "index.md", "LICENSE": "licence.md"}
        self.pages |= {"CONTRIBUTING.md": "contributing.md", "lessons/LICENSE": "licence.md"}
        self.pages |= {"lessons": "index.md", "datasets": "data/index.md"}
        self._fill("docs", "*.md", "")
        self._fill("datasets", "*.md", "data/")
        self._fill("tl_helpers/backbones/weights", "*.md", "networks/")
        self._fill("lessons", "*.ipynb", "lessons/")
        self._written = set()

    def _fill(self, folder: str, pattern: str, to: str) -> None:
        for path in sorted((self.root / folder).rglob(pattern)):
            name = path.relative_to(self.root / folder).as_posix()
            self.pages[f"{folder}/{name}"] = f"{to}{name}"

    def write(self, name: str, content: str | bytes) -> str:
        """Write one file of the sources; returns its name."""
        path = self.out / name
        self._written.add(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content if isinstance(content, bytes) else content.encode()
        if not path.exists() or path.read_bytes() != data:
            path.write_bytes(data)
        return name

    def copy(self, source: str) -> None:
        """Copy a Markdown file of the checkout to the page that it is."""
        self.write(self.pages[source], self.markdown(source))

    def markdown(self, source: str) -> str:
        """A Markdown file of the checkout, with links as the site has them."""
        return self.linked((self.root / source).read_text(encoding="utf-8"), source)

    def linked(self, text: str, source: str) -> str:
        """Markdown of the file `source` with links to pages of the site, or to the repository.

        A picture from elsewhere, such as a badge, gives way to its words.

        Raises:
            CourseError: a link to what is not there.
        """

        def link(match) -> str:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(source), match[1]))
            if target in self.pages:
                return f"/{self.pages[target]}{match[2] or ''}"
            path = self.root / target
            if not path.exists():
                raise CourseError(f"{source} links to {match[1]}, which is not there")
            if path.suffix in (".png", ".jpg", ".svg"):
                return f"/{self.write(f'_parts/{path.name}', path.read_bytes())}"
            return f"{repository()}/blob/main/{target}"

        parts = FENCED.split(text)  # at odd places what is fenced
        parts[::2] = [LINK.sub(link, PICTURE.sub(r"\1", part)) for part in parts[::2]]
        return "".join(parts)

    def prune(self) -> None:
        """Remove what was not written this time."""
        for folder, _, names in os.walk(self.out):
            for path in (Path(folder) / name for name in names):
                if path not in self._written:
                    path.unlink()
