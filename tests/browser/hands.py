"""Using a widget as people do, and seeing that what it shows follows."""

PICTURE = "svg, canvas, .tl-map-table, .tl-figures"


def seen(widget):
    """What a widget shows: its sentence, and its picture."""
    said = widget.locator(".tl-summary")
    picture = widget.locator(PICTURE)
    return (
        said.first.inner_text() if said.count() else None,
        picture.first.evaluate("(node) => node.outerHTML") if picture.count() else None,
    )


def levels(dial):
    """Where a dial stands, as it says itself."""
    return dial.evaluate(
        """(dial) => {
          const input = dial.querySelector("input[type=range], select, input:checked");
          return input.getAttribute("aria-valuetext") ?? input.value;
        }"""
    )


def by_keys(dial):
    """One step with an arrow key: onwards, or back from the end."""
    control = dial.locator("input[type=range], select, input:checked").first
    control.focus()
    before = levels(dial)
    for key in (
        ("ArrowRight", "ArrowLeft")
        if dial.locator("select").count() == 0
        else (
            "ArrowDown",
            "ArrowUp",
        )
    ):
        dial.page.keyboard.press(key)
        if levels(dial) != before:
            return
    where = dial.page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
    raise AssertionError(
        f"no arrow key moves {dial.inner_text()!r} from {before}; focus on {where}"
    )


def by_mouse(dial):
    """Another level, chosen with the mouse."""
    before = levels(dial)
    slider = dial.locator("input[type=range]")
    if slider.count():
        box = slider.bounding_box()
        left = slider.evaluate("(input) => Number(input.value) > Number(input.max) / 2")
        slider.click(position={"x": 8 if left else box["width"] - 8, "y": box["height"] / 2})
    elif dial.locator("select").count():
        last = dial.locator("option").count() - 1
        now = dial.locator("select").evaluate("(select) => select.selectedIndex")
        dial.locator("select").select_option(index=0 if now == last else last)
    else:
        pill = dial.locator(".tl-pill:not(:has(input:checked))")
        pill.first.click()
    assert levels(dial) != before


def try_dials(widget):
    """Move each dial by keyboard and by mouse: sentence and picture must follow."""
    for dial in widget.locator(".tl-dial").all():
        count = dial.evaluate(
            "(dial) => dial.querySelectorAll('input[type=radio], option').length || "
            "Number(dial.querySelector('input').max) + 1"
        )
        if count == 1:
            continue
        for move in (by_keys, by_mouse):
            before = seen(widget)
            move(dial)
            after = seen(widget)
            assert before[0] is None or after[0] != before[0]
            assert before[1] is None or after[1] != before[1]


def try_canvas(widget):
    """Draw two strokes: it says what they are most like, with shares that make a whole."""
    widget.scroll_into_view_if_needed()
    assert widget.locator(".tl-first").count() == 0
    box, mouse = widget.locator("canvas").bounding_box(), widget.page.mouse
    for a, b in (((0.3, 0.2), (0.3, 0.8)), ((0.3, 0.5), (0.7, 0.2))):
        mouse.move(*(box[x] + f * 280 for x, f in zip("xy", a, strict=True)))
        mouse.down()
        mouse.move(*(box[x] + f * 280 for x, f in zip("xy", b, strict=True)), steps=8)
        mouse.up()
    said = widget.locator(".tl-summary")
    said.get_by_text("Most like").wait_for()
    best = widget.locator(".tl-first th").inner_text().strip()
    assert said.inner_text().startswith(f"Most like “{best}”")
    shares = [int(text.split()[0]) for text in widget.locator("td").all_inner_texts() if text]
    assert abs(sum(shares) - 100) <= 3
