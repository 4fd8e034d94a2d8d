"""Executed lessons as pages that need no kernel and no internet, and the page of all claims."""

import json
from html import escape
from pathlib import Path

from nbconvert import HTMLExporter
from nbconvert.filters import strip_ansi
from nbconvert.preprocessors import Preprocessor
from plotly.offline import get_plotlyjs

from ..evaluate.claims import count_of_seeds
from ..evaluate.intervals import in_unit

HERE = Path(__file__).parent
SCRIPTS = ("figures.js", "scroll.js")  # draw figures, in a browser, and let keys scroll
PLOTLY = "application/vnd.plotly.v1+json"
WIDGET = "application/vnd.jupyter.widget-view+json"
STYLE = """
:root{color-scheme:light dark;--yes:#00704f;--no:#a84300}
body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem}
div{overflow-x:auto}pre{white-space:pre-wrap;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.35em .7em;
border-bottom:1px solid #8886;vertical-align:top}th{background:#8882}
.yes{color:var(--yes)}.no{color:var(--no)}.n{text-align:right;white-space:nowrap}
@media screen and (prefers-color-scheme:dark){
:root{--yes:#4cc9a0;--no:#ff9d5c}body{background:#16191d;color:#e8eaed}a{color:#6cb6f5}}
"""
WIDE = '<div tabindex="0" role="group" aria-label="{}">'  # scrolls, by keys too


class Offline(Preprocessor):
    """Turn plotly figures into HTML with their alt text, and prefer a widget's static version."""

    def preprocess_cell(self, cell, resources, index):
        if cell.cell_type == "code":  # a progress bar's widget says nothing without its kernel
            cell.outputs = [o for o in cell.outputs if not _is_dead_widget(o.get("data", {}))]
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if PLOTLY in data:
                output["data"] = {"text/html": figure_html(data[PLOTLY])}
            elif "text/html" in data:
                output["data"] = {"text/html": data["text/html"]}
        return cell, resources


def figure_html(figure) -> str:
    """A plotly figure, from its JSON, as what `figures.js` draws; until then, its alt text."""
    alt = escape(str(figure["layout"].get("meta", {}).get("alt", "a figure")))
    shown = {"data": figure["data"], "layout": figure["layout"]}
    # "<" would let a text of the figure end the script.
    text = json.dumps(shown, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")
    height = figure["layout"].get("height", 450)  # plotly's own: so the page can leave room for it
    return (
        f'<div class="tl-plotly" role="img" aria-label="{alt}" style="--height: {height}px">'
        f"<p>{alt}</p><div></div>"
        f'<script type="application/json">{text}</script></div>'
    )


def write_scripts(folder: Path) -> None:
    """Put plotly's script into a folder, once for all pages, and those of this course."""
    folder.mkdir(parents=True, exist_ok=True)
    plotly, script = folder / "plotly.min.js", get_plotlyjs()
    if not plotly.exists() or plotly.read_text(encoding="utf-8") != script:
        plotly.write_text(script, encoding="utf-8")
    for name in SCRIPTS:
        (folder / name).write_bytes((HERE / name).read_bytes())


def _is_dead_widget(data) -> bool:
    return WIDGET in data and "text/html" not in data


def write_page(run, path: Path) -> None:
    """Write one executed lesson; the scripts lie beside it, once for all pages."""
    write_scripts(path.parent)
    exporter = HTMLExporter(preprocessors=[Offline])
    # Lessons use neither; nbconvert would fetch both from elsewhere.
    exporter.require_js_url = exporter.mathjax_url = exporter.jquery_url = ""
    body, _ = exporter.from_notebook_node(run.notebook, {"metadata": {"name": run.title}})
    scripts = "".join(f'<script src="{name}" defer></script>' for name in SCRIPTS)
    head = f"<style>{_style(exporter)}</style>{scripts}</head>"
    path.write_text(body.replace("</head>", head, 1), encoding="utf-8")


def _style(exporter) -> str:
    """The page's own style, after the notebook's dark colours for whoever has their screen dark."""
    environment = exporter.environment
    dark = environment.loader.get_source(environment, "static/theme-dark.css")[0]
    own = (HERE / "page.css").read_text(encoding="utf-8")
    return f"@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}\n{own}"


def write_summary(runs, path: Path) -> None:
    """Write the page that lists every lesson and every claim."""
    rows = "".join(
        f'<tr><td><a href="{escape(r.page)}">{escape(r.title)}</a></td>'
        f'<td class="{"yes" if r.ok else "no"}">{"ran" if r.ok else "failed"}</td>'
        f'<td class="n">{r.seconds:.0f} s</td>'
        f'<td class="n">{"" if r.peak_gb is None else f"{r.peak_gb:.2f} GB"}</td></tr>'
        for r in runs
    )
    claims = "".join(map(_claim_row, claim_rows([c for r in runs for c in r.claims])))
    errors = "".join(
        f"<h2>What failed in {escape(r.title)}</h2><pre>{escape(strip_ansi(r.error))}</pre>"
        for r in runs
        if r.error
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>Lessons and claims</title>"
        "<meta name='viewport' content='width=device-width'>"
        f"<style>{STYLE}</style><h1>Lessons</h1>{WIDE.format('Lessons')}<table>"
        "<tr><th>lesson</th><th>state</th><th class='n'>time</th><th class='n'>memory</th>"
        f"</tr>{rows}</table></div><h1>Claims</h1>"
        "<p>A claim is a paired difference over seeds: supported when its mean is at least what is "
        "claimed and the one-sided 95 % lower bound lies above zero. Live runs were made with the "
        "page; recorded ones earlier, by the command that the lesson names.</p>"
        f"{WIDE.format('Claims')}<table><tr><th>lesson</th><th>claim</th><th>state</th>"
        "<th class='n'>measured</th><th class='n'>lower bound</th><th class='n'>claimed</th>"
        f"<th>runs</th></tr>{claims}</table></div>{errors}</html>",
        encoding="utf-8",
    )


def claim_rows(claims) -> list[tuple[str, ...]]:
    """Claims as texts: lesson, claim, state, measured with its unit, lower bound, claimed, runs."""
    states = {True: "supported", False: "not supported", None: "not judged"}
    return [
        (
            claim["lesson"] or "",
            claim["text"],
            states[claim["supported"]],
            f"{in_unit(claim['mean'], claim['unit'])} {claim['unit']}".strip(),
            "" if claim["lower"] is None else in_unit(claim["lower"], claim["unit"]),
            in_unit(claim["by"], claim["unit"]),
            count_of_seeds(claim["seeds"], claim["kind"]),
        )
        for claim in claims
    ]


def _claim_row(texts) -> str:
    lesson, claim, state, mean, lower, by, seeds = map(escape, texts)
    return (
        f"<tr><td>{lesson}</td><td>{claim}</td>"
        f'<td class="{"yes" if state == "supported" else "no"}">{state}</td>'
        f'<td class="n">{mean}</td><td class="n">{lower}</td>'
        f'<td class="n">{by}</td><td>{seeds}</td></tr>'
    )
