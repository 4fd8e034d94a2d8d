"""The captions in the theme's list of pages are headings; a screen reader asks of which level."""


def setup(app):
    """Stand behind the theme, which makes that list for each page."""

    def level(app, page, template, context, doctree):
        tree = context.get("furo_navigation_tree", "")
        context["furo_navigation_tree"] = tree.replace(
            'role="heading"', 'role="heading" aria-level="2"'
        )

    app.connect("html-page-context", level, priority=900)
    return {"parallel_read_safe": True}
