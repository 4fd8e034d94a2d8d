"""A small static chart in SVG: means with their intervals, as rows or as lines.

Figures with a mouse are plotly's (`tl.plots`). This one is for pages on which nothing runs.
"""

from html import escape

WIDTH, ROW, TOP, BOTTOM, RIGHT = 640, 34, 16, 56, 24
LINE_HEIGHT, LETTER = 260, 7.4  # pixels
INK = "#595959"  # of a file of its own; on a page the figure has the page's


def chart(points, title: str, metric: str, x: str | None) -> str:
    """Draw means with intervals.

    Args:
        points: (condition, place along x or None, `Interval` in fractions of 1), in order.
        title: what is compared.
        metric: what is on the axis, in percent.
        x: the name of what places are, or None for a row a condition.

    Returns:
        An `<svg>` whose title says the means.
    """
    from ..plots.palette import colours  # a table of colours and no more; plots builds on evaluate

    colour = colours(name for name, _, _ in points)
    ends = [v for _, _, f in points for v in (f.mean, f.low, f.high) if v == v]
    high = min(1.0, max(ends) * 1.05) or 1.0
    draw = _rows if x is None else _lines
    body, height = draw(points, colour, high, metric, x)
    said = "; ".join(
        f"{name}{'' if place is None else f' at {place}'} {100 * f.mean:.1f} %"
        for name, place, f in points
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" color="{INK}" role="img" font-family="system-ui,sans-serif" '
        'font-size="13">'
        f"<title>{escape(title)}: {escape(said)}.</title>{body}</svg>"
    )


def _rows(points, colour, high, metric, x):
    left = 20 + LETTER * max(len(str(name)) for name, _, _ in points)
    height = TOP + ROW * len(points) + BOTTOM
    scale = (WIDTH - left - RIGHT) / high
    parts = [_across(left, scale, high, height), _label((left + WIDTH - RIGHT) / 2, height, metric)]
    for i, (name, _, f) in enumerate(points):
        y = TOP + ROW * (i + 0.5)
        parts.append(_text(left - 8, y + 4, name, "end"))
        if f.low == f.low:
            low, top = left + scale * max(f.low, 0), left + scale * min(f.high, high)
            parts.append(_line(low, y, top, y, colour[name]))
        parts.append(_dot(left + scale * f.mean, y, colour[name]))
    return "".join(parts), height


def _lines(points, colour, high, metric, x):
    names = list(dict.fromkeys(name for name, _, _ in points))
    places = list(dict.fromkeys(place for _, place, _ in points))
    left, bottom = 52, TOP + LINE_HEIGHT
    height = bottom + BOTTOM + 18 * len(names)
    step = (WIDTH - left - RIGHT) / max(len(places), 1)
    parts = [
        _text(left, TOP - 4, f"{metric}, %", "start"),
        _text((left + WIDTH) / 2, bottom + 40, x, "middle"),
    ]
    for value in _ticks(high):
        y = bottom - LINE_HEIGHT * value / high
        parts.append(_rule(left, y, WIDTH - RIGHT, y))
        parts.append(_text(left - 8, y + 4, f"{100 * value:.0f}", "end"))
    at = {place: left + step * (i + 0.5) for i, place in enumerate(places)}
    for place, px in at.items():
        parts.append(_text(px, bottom + 18, place, "middle"))
    for i, name in enumerate(names):
        shift = 5 * (i - (len(names) - 1) / 2)  # so that intervals do not cover each other
        mine = [(at[p] + shift, f) for n, p, f in points if n == name]
        path = " ".join(f"{px:.1f},{bottom - LINE_HEIGHT * f.mean / high:.1f}" for px, f in mine)
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour[name]}" stroke-width="2"/>'
        )
        for px, f in mine:
            if f.low == f.low:
                ends = (bottom - LINE_HEIGHT * min(max(v, 0), high) / high for v in (f.low, f.high))
                parts.append(_line(px, next(ends), px, next(ends), colour[name]))
            parts.append(_dot(px, bottom - LINE_HEIGHT * f.mean / high, colour[name]))
        y = bottom + BOTTOM + 18 * i
        parts += [_dot(left, y - 4, colour[name]), _text(left + 14, y, name, "start")]
    return "".join(parts), height


def _across(left, scale, high, height):
    parts = []
    for value in _ticks(high):
        px = left + scale * value
        parts.append(_rule(px, TOP, px, height - BOTTOM))
        parts.append(_text(px, height - BOTTOM + 18, f"{100 * value:.0f}", "middle"))
    return "".join(parts)


def _ticks(high):
    step = next(s for s in (0.01, 0.02, 0.05, 0.1, 0.2) if high / s <= 8)
    return [i * step for i in range(int(high / step + 1e-9) + 1)]


def _label(px, height, metric):
    return _text(px, height - 14, f"{metric}, %: mean and 95 % interval", "middle")


def _text(px, y, words, anchor):
    return (
        f'<text x="{px:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="currentColor">'
        f"{escape(str(words))}</text>"
    )


def _line(x0, y0, x1, y1, stroke):
    return (
        f'<line x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}" stroke="{stroke}" '
        'stroke-width="3"/>'
    )


def _rule(x0, y0, x1, y1):
    return (
        f'<line x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}" stroke="currentColor" '
        'stroke-opacity="0.2"/>'
    )


def _dot(px, y, fill):
    return f'<circle cx="{px:.1f}" cy="{y:.1f}" r="5.5" fill="{fill}"/>'
