"""The command line: exit codes, and errors that say what to do."""

import importlib
import subprocess
import sys

import pytest

from tl_helpers import cli


def test_help_loads_no_backend():
    code = (
        "import sys; from tl_helpers import cli\n"
        "try: cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "assert not {'keras', 'tensorflow', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_an_error_of_ours_is_one_line_and_exit_code_one(capsys):
    assert cli.main(["run", "99"]) == 1
    assert capsys.readouterr().err.startswith("tl-course run: no lesson 99; there are 00")


def test_prefetch_names_close_matches(capsys):
    assert cli.main(["prefetch", "digit"]) == 1
    assert "did you mean 'digits'" in capsys.readouterr().err


def test_prefetch_of_what_needs_no_download(capsys):
    assert cli.main(["prefetch", "digits"]) == 0
    assert "digits: " in capsys.readouterr().out


def test_prefetch_of_a_network(capsys):
    assert cli.main(["prefetch", "tiny-resnet"]) == 0
    assert "tiny-resnet: weights " in capsys.readouterr().out


@pytest.mark.parametrize("seeds", ["ten", "5:5", "7:5"])
def test_seeds_must_be_a_range(seeds):
    with pytest.raises(SystemExit, match="first:last"):
        cli.main(["claims", "00", "--seeds", seeds])


def test_an_unknown_experiment_lists_those_there_are():
    with pytest.raises(SystemExit, match=r"no experiment foo; there are .*photos10"):
        cli.main(["record", "foo"])


def test_a_short_pretraining_does_not_replace_the_packages_weights(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match="--out"):
        cli.main(["pretrain", "tiny-resnet", "--pictures", "1000"])
    assert not list(tmp_path.iterdir())


def test_a_package_that_is_missing_is_named_with_its_extra(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "nbformat", None)  # as if it were not installed
    monkeypatch.setitem(cli.COMMANDS, "build", lambda args: importlib.import_module("nbformat"))
    assert cli.main(["build", "--check"]) == 1
    said = 'tl-course build: nbformat is not installed: pip install "tl-helpers[course]"\n'
    assert capsys.readouterr().err == said


def test_a_package_that_no_extra_has_is_a_bug(monkeypatch):
    def broken(args):
        import no_such_package  # noqa: F401

    monkeypatch.setitem(cli.COMMANDS, "doctor", broken)
    with pytest.raises(ModuleNotFoundError):
        cli.main(["doctor"])


def test_an_error_that_is_a_bug_keeps_its_traceback(monkeypatch):
    def broken(args):
        raise ZeroDivisionError

    monkeypatch.setitem(cli.COMMANDS, "doctor", broken)
    with pytest.raises(ZeroDivisionError):
        cli.main(["doctor"])
