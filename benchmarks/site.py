"""The static site: what it weighs, when an explorer is there, how fast a dial answers.

python benchmarks/site.py [--smoke]

Measured in Chromium, from a server on this machine. `first_visit` is what a page loads before its
figures' script, and with it; a server that compresses sends about what `compressed` says.
`first_explorer` is from the start of the navigation to the frame in which the page's first explorer
is painted, and `cpu` what of it the page's thread computes, which other work on the machine does
not lengthen; `dial` from a move to the frame that shows the answer, and `work` what of it computes.
With --smoke the site's lessons ran with a step a fit; their pages are as large within a tenth.
"""

import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import zlib

from _report import report, spread
from playwright.sync_api import sync_playwright

from tl_helpers.course.site import build_site

REPEATS = 7
# When the first explorer has been painted.
FIRST = """
const watch = new MutationObserver(() => {
  if (!document.querySelector(".tl-static .tl-widget .tl-dials")) return;
  watch.disconnect();
  requestAnimationFrame(() => setTimeout(() => (window.painted = performance.now())));
});
watch.observe(document, { childList: true, subtree: true });
"""
# Every level of every dial of the page, in turn: [milliseconds of work, to the painted answer].
MOVES = """async () => {
  const times = [];
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  for (const range of document.querySelectorAll(".tl-widget .tl-dial input[type=range]")) {
    for (let level = Number(range.max); level >= 0; level -= 1) {
      await painted();
      const start = performance.now();
      range.value = level;
      range.dispatchEvent(new Event("input", { bubbles: true }));
      const work = performance.now() - start;
      await painted();
      times.push([work, performance.now() - start]);
    }
  }
  return times;
}"""


@contextlib.contextmanager
def served(folder):
    """Serve a folder, on this machine; gives the address."""
    command = [sys.executable, "-u", "-m", "http.server", "0", "-b", "127.0.0.1", "-d", folder]
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(command, **quiet) as server:
        port = server.stdout.readline().split(" port ")[1].split()[0]
        yield f"http://127.0.0.1:{port}"
        server.terminate()


def visit(page, address) -> dict:
    """Kilobytes that a first visit loads."""
    responses = []
    page.on("response", lambda response: responses.append(response))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    seen = {response.url: response.body() for response in responses}
    early = [data for url, data in seen.items() if "plotly" not in url]
    return {
        "kb": round(sum(map(len, early)) / 1e3),
        "kb_compressed": round(sum(len(zlib.compress(data, 6)) for data in early) / 1e3),
        "kb_with_plotly": round(sum(map(len, seen.values())) / 1e3),
    }


def main():
    """Measure the site that is there, made now where it is not."""
    smoke = "--smoke" in sys.argv[1:]
    site = build_site(smoke=smoke)
    sizes = {path: path.stat().st_size for path in site.rglob("*") if path.is_file()}
    largest = max((path for path in sizes if path.suffix == ".html"), key=sizes.get)
    lessons = sorted(path.relative_to(site).as_posix() for path in (site / "lessons").iterdir())
    names = [*lessons, "map.html", "runs.html"]
    visits, first, cpu, work, shown = {}, {}, {}, [], []
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with served(site) as address, sync_playwright() as p:
        browser = p.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name in ["index.html", *names]:
            page = browser.new_page()
            visits[name] = visit(page, f"{address}/{name}")
            page.close()
        for name in names:
            times, computing = [], []
            for _ in range(REPEATS):
                page = browser.new_context().new_page()
                counters = page.context.new_cdp_session(page)
                counters.send("Performance.enable", {"timeDomain": "threadTicks"})
                page.add_init_script(FIRST)
                page.goto(f"{address}/{name}")
                page.wait_for_function("window.painted")
                found = counters.send("Performance.getMetrics")["metrics"]
                computing += [1e3 * one["value"] for one in found if one["name"] == "TaskDuration"]
                times.append(page.evaluate("painted"))
                page.context.close()
            first[name] = statistics.median(times)
            cpu[name] = statistics.median(computing)
        for name in ("map.html", "runs.html"):
            page = browser.new_page()
            page.goto(f"{address}/{name}")
            page.wait_for_load_state("networkidle")
            for one, other in page.evaluate(MOVES):
                work.append(one)
                shown.append(other)
            page.close()
        browser.close()
    report(
        __file__,
        command=f"python benchmarks/site.py{' --smoke' if smoke else ''}",
        total_mb=round(sum(sizes.values()) / 1e6, 1),
        pages=sum(path.suffix == ".html" for path in sizes),
        largest_page={"name": largest.name, "mb": round(sizes[largest] / 1e6, 2)},
        first_visit=visits,
        first_explorer_ms={name: round(value) for name, value in first.items()},
        first_explorer_cpu_ms={name: round(value) for name, value in cpu.items()},
        dial_ms={"moves": len(shown), **spread(shown)},
        work_ms={"moves": len(work), **spread(work)},
    )


if __name__ == "__main__":
    main()
