"""Pages for students and instructors: plain HTML, which holds no script and asks for nothing."""

from html import escape

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;
color:#222;background:#fff}
pre{background:#f4f4f4;padding:.8rem;overflow-x:auto;border-radius:.3rem}
table{border-collapse:collapse}td,th{padding:.2rem .8rem .2rem 0;text-align:left;vertical-align:top}
.note{border-left:4px solid #E69F00;padding:.3rem .8rem}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#1b1b1b}pre{background:#2a2a2a}}
"""


def text(value) -> str:
    """A value as text, whatever stands in it."""
    return escape(str(value))


def page(title: str, parts: list[str]) -> str:
    """A whole page; its first heading is the title."""
    head = f'<meta charset="utf-8"><title>{text(title)}</title>'
    head += f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
    body = f"<main><h1>{text(title)}</h1>{''.join(parts)}</main>"
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>\n'


def table(header: list[str], rows: list[list]) -> str:
    """A table of texts."""
    head = "".join(f"<th>{text(name)}</th>" for name in header)
    body = "".join("<tr>" + "".join(f"<td>{text(v)}</td>" for v in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def note(strong: str, more: str = "") -> str:
    """Something to notice."""
    return f'<p class="note"><strong>{text(strong)}</strong> {text(more)}</p>'
