"""Running lessons: claims are collected, failures are reported, pages need no internet."""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
from html import escape

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

from tl_helpers import cli
from tl_helpers.course import execute
from tl_helpers.course.execute import execute_all
from tl_helpers.course.kept import kept

GOOD = """# %% [markdown]
# # 07 · A <b>lesson</b>

# %%
import pandas as pd
import tl_helpers as tl
from tl_helpers import session

print("seed", session.base_seed())
rows = [("a", s, 0.5 + s / 100) for s in range(3)] + [("b", s, 0.3) for s in range(3)]
table = pd.DataFrame(rows, columns=["condition", "seed", "accuracy"])
tl.claim("a beats b", table, better="{better}", than="{than}", by=0.1)

# %%
tl.plots.compared(table, title="A and b")

# %%
from tl_helpers.data.fetch import data_home

print("data home:", data_home())
"""


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    def write(**names):
        folder = tmp_path / "lessons" / "source"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "07_a_lesson.py").write_text(GOOD.format(**names))
        monkeypatch.chdir(tmp_path)
        return execute_all([], tmp_path / "out")[0]

    return write


def test_a_lesson_leaves_its_page_its_claims_and_a_summary(lesson, tmp_path):
    run = lesson(better="a", than="b")
    assert run.ok
    assert [c["supported"] for c in run.claims] == [True]
    assert run.claims[0]["mean"] == pytest.approx(0.21)
    page = (tmp_path / "out" / "07_a_lesson.html").read_text()
    assert 'aria-label="A and b: a 51.0 % (48.5 to 53.5); b 30.0 %' in page
    summary = (tmp_path / "out" / "index.html").read_text()
    assert "a beats b" in summary
    assert "21.0 points" in summary
    assert '<a href="07_a_lesson.html">' in summary
    assert "A &lt;b&gt;lesson" in summary


def test_pages_load_nothing_from_elsewhere(lesson, tmp_path):
    lesson(better="a", than="b")
    page = (tmp_path / "out" / "07_a_lesson.html").read_text()
    loaded = re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=[\"']?([^\"' >]+)", page)
    assert "figures.js" in loaded
    assert not [x for x in loaded if x.startswith(("http", "//"))]
    assert (tmp_path / "out" / "plotly.min.js").stat().st_size > 1_000_000


def test_a_claim_that_does_not_hold_fails_the_run_and_the_page_shows_it(lesson, tmp_path):
    run = lesson(better="b", than="a")
    assert not run.ok
    assert "ClaimNotSupported" in run.error
    assert [c["supported"] for c in run.claims] == [False]
    summary = (tmp_path / "out" / "index.html").read_text()
    assert "not supported" in summary


def test_tl_seed_reaches_the_lesson(lesson, monkeypatch):
    monkeypatch.setenv("TL_SEED", "7")
    assert lesson(better="a", than="b").notebook.cells[1].outputs[0].text == "seed 7\n"


def test_a_relative_data_folder_is_meant_from_where_the_run_began(lesson, tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.setenv("TL_DATA_HOME", "here")
    run = lesson(better="a", than="b")
    assert run.ok, run.error
    assert run.notebook.cells[-1].outputs[0].text == f"data home: {tmp_path / 'here'}\n"


BREAKS = """# %% [markdown]
# # {number} · A lesson that breaks

# %%
import json, os, time
with open(os.environ["TL_CLAIMS"], "w") as file:
    file.write({claim!r})
print("pid", os.getpid())

# %%
{breaks}

# %%
print("after the break")
"""
CLAIM = {
    "lesson": "05",
    "text": "made before",
    "kind": "live",
    "unit": "points",
    "seeds": [0, 1, 2],
}
CLAIM |= {"supported": True, "mean": 0.2, "lower": 0.1, "by": 0.1}
FINE = """# %% [markdown]
# # 08 · A lesson that follows

# %%
print("all is well")
"""
# A kernel that does not start for lesson 07.
KERNEL = """
import os, sys
if "07" in os.environ["TL_CLAIMS"]:
    sys.exit(1)
from ipykernel import kernelapp
kernelapp.launch_new_instance()
"""
TOLD = {
    "05_slow": "Cell 2 (`time.sleep(60)  # longer than a lesso...`) ran longer than 2 s and was "
    "stopped.",
    "06_dead": "The kernel died in cell 2 (`os._exit(1)`): out of memory is the usual reason.",
    "07_none": "No kernel could be started: Kernel died before replying to kernel_info. "
    "Install what is missing: `make lessons`.",
}


def written(folder, **lessons):
    """A checkout with lessons, by their names."""
    source = folder / "lessons" / "source"
    source.mkdir(parents=True)
    for name, text in lessons.items():
        (source / f"{name[1:]}.py").write_text(text)
    return source


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    """One run over lessons of which three break, each in its way: the folder and the exit code."""
    folder = tmp_path_factory.mktemp("broken")
    claim = json.dumps(CLAIM) + "\n"
    slow = "time.sleep(60)  # longer than a lesson's cell may take"
    spec = {"argv": [sys.executable, "-c", KERNEL, "-f", "{connection_file}"], "language": "python"}
    kernel = folder / "jupyter" / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    kernel.write_text(json.dumps(spec | {"display_name": "Python 3"}))
    written(
        folder,
        _05_slow=BREAKS.format(number="05", claim=claim, breaks=slow),
        _06_dead=BREAKS.format(number="06", claim="", breaks="os._exit(1)"),
        _07_none=BREAKS.format(number="07", claim="", breaks="pass"),
        _08_fine=FINE,
    )
    (folder / "tmp").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("JUPYTER_PATH", str(folder / "jupyter"))
        patch.setattr(tempfile, "tempdir", str(folder / "tmp"))
        patch.setattr(execute, "CELL_TIMEOUT", 2)
        code = cli.main(["run", "--out", "out"])
    return folder, code


def test_a_lesson_that_breaks_fails_the_run_and_the_others_go_on(broken):
    folder, code = broken
    assert code == 1
    index = (folder / "out" / "index.html").read_text()
    assert re.findall(r'href="(\w+)\.html".*?>(ran|failed)<', index) == [
        *((name, "failed") for name in TOLD),
        ("08_fine", "ran"),
    ]
    assert "all is well" in (folder / "out" / "08_fine.html").read_text()


@pytest.mark.parametrize("name", TOLD)
def test_the_index_and_the_page_say_what_broke_and_where(broken, name):
    folder, _ = broken
    assert escape(TOLD[name]) in (folder / "out" / "index.html").read_text()
    page = (folder / "out" / f"{name}.html").read_text()
    assert page.count(TOLD[name]) == 1
    cells = nbformat.read(folder / "out" / f"{name}.ipynb", as_version=4).cells[1:]
    at = 0 if name == "07_none" else 1
    assert cells[at].outputs[-1].evalue == TOLD[name]
    assert cells[at].execution_count == (None if name == "07_none" else 2)
    assert at == 0 or cells[0].outputs[0].text.startswith("pid ")
    assert not any(cell.outputs for cell in cells[at + 1 :])


def test_the_page_shows_what_a_stopped_cell_was_at(broken):
    cells = nbformat.read(broken[0] / "out" / "05_slow.ipynb", as_version=4).cells
    assert cells[2].outputs[0].ename == "KeyboardInterrupt"


def test_claims_made_before_the_break_are_listed(broken):
    assert "made before" in (broken[0] / "out" / "index.html").read_text()


def test_a_lesson_that_broke_is_not_kept(broken, monkeypatch):
    folder, _ = broken
    monkeypatch.chdir(folder)
    good = [p.stem for p in sorted(folder.rglob("*_*.py")) if kept(p, folder / "out")]
    assert good == ["08_fine"]


@pytest.mark.skipif(os.name == "nt", reason="os.kill would end the process")
def test_no_kernel_is_left_behind_and_nothing_of_how_it_was_reached(broken):
    folder, _ = broken
    for name in ("05_slow", "06_dead"):
        cells = nbformat.read(folder / "out" / f"{name}.ipynb", as_version=4).cells
        with pytest.raises(ProcessLookupError):
            os.kill(int(cells[1].outputs[0].text.split()[1]), 0)
    assert not list((folder / "tmp").iterdir())


def test_without_a_kernel_every_lesson_says_so(tmp_path, monkeypatch):
    def none(*_):
        raise NoSuchKernel("python3")

    written(tmp_path, _07_one=FINE, _08_two=FINE)
    monkeypatch.setattr(KernelSpecManager, "get_kernel_spec", none)
    monkeypatch.chdir(tmp_path)
    assert cli.main(["run", "--out", "out"]) == 1
    told = "No kernel could be started: No such kernel named python3."
    assert (tmp_path / "out" / "index.html").read_text().count(told) == 2
    assert told in (tmp_path / "out" / "08_two.html").read_text()


@pytest.mark.skipif(os.name == "nt", reason="a process cannot send another Ctrl-C")
def test_ctrl_c_ends_the_run(tmp_path):
    interrupt = "import signal; os.kill(os.getppid(), signal.SIGINT); time.sleep(30)"
    first = BREAKS.format(number="07", claim="", breaks=interrupt)
    written(tmp_path, _07_one=first, _08_two=FINE)
    command = [sys.executable, "-m", "tl_helpers.cli", "run", "--out", "out"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 130
    assert not list((tmp_path / "out").glob("*.html"))


def test_a_lesson_runs_without_even_the_loopback(tmp_path):
    apart = ["unshare", "--map-root-user", "--net"]
    try:
        subprocess.run([*apart, "true"], check=True, capture_output=True)
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("no network namespace can be made here")
    written(tmp_path, _08_fine=FINE)
    command = [*apart, sys.executable, "-m", "tl_helpers.cli", "run", "--out", "out"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "all is well" in (tmp_path / "out" / "08_fine.html").read_text()


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="the system has no such sockets")
def test_sockets_lie_in_a_short_folder_or_there_are_none(tmp_path, monkeypatch):
    long = tmp_path / ("long" * 25)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    with execute._transport() as config:
        assert config.KernelManager.transport == "ipc"
        assert config.KernelManager.ip.startswith("/tmp/tl-kernel-")
    monkeypatch.delattr(socket, "AF_UNIX")
    with execute._transport() as config:
        assert "KernelManager" not in config
    assert not list(long.iterdir())
