"""Draw the README's figure: the transfer map, as a browser shows it on a page without a kernel.

    python docs/figures/make.py

It needs Chromium, and playwright (the extra "test").
"""

import io
import os
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tl_helpers.course.site.recorded import atlas
from tl_helpers.widgets import static_html

OUT = Path(__file__).with_name("transfer_map.png")
WIDTH = 760  # CSS pixels; a picture has twice as many


def main() -> None:
    """Write the figure beside this file."""
    widget = atlas()
    widget.select(distance=0.75, images_a_class=25, way="scratch")
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_file = Path(folder, "page.html")
        page_file.write_text(
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>map</title>'
            + static_html(widget),
            encoding="utf-8",
        )
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        size = {"width": WIDTH, "height": 900}
        page = browser.new_page(viewport=size, device_scale_factor=2, color_scheme="light")
        page.goto(page_file.as_uri())
        page.wait_for_selector(".tl-summary")
        picture = page.locator("body").screenshot()
        browser.close()
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(64).save(OUT, optimize=True)
    print(f"{OUT}: {OUT.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
