"""The doctor says OK or FAIL, and what to do."""

import numpy as np
import pytest

from tl_helpers import cli
from tl_helpers.backbones import weights
from tl_helpers.course import doctor


def run(capsys):
    code = cli.main(["doctor"])
    return code, capsys.readouterr().out.splitlines()


def test_a_healthy_machine_gets_ten_times_ok(capsys):
    code, lines = run(capsys)
    assert [line[:4] for line in lines] == ["OK  "] * 10
    assert code == 0


def test_a_machine_for_students_needs_no_sandbox(capsys, monkeypatch):
    from tl_helpers.course.grading import sandbox

    monkeypatch.setattr(sandbox, "problem", lambda: "no sandbox: bubblewrap is not installed")
    code, lines = run(capsys)
    assert lines[-1].startswith("OK    sandbox: none, which matters for grading only")
    assert code == 0


def test_damaged_weights_are_found(capsys, tmp_path, monkeypatch):
    arrays = weights.read(weights.FOLDER / "tiny-resnet.npz")
    name = next(iter(arrays))
    arrays[name] = arrays[name] + np.float16(1)
    np.savez(tmp_path / "tiny-resnet.npz", **arrays)
    card = (weights.FOLDER / "tiny-resnet.json").read_text()
    (tmp_path / "tiny-resnet.json").write_text(card)
    monkeypatch.setattr(weights, "FOLDER", tmp_path)
    code, lines = run(capsys)
    (bad,) = [line for line in lines if line.startswith("FAIL")]
    assert "embedded weights" in bad
    assert "pip install --force-reinstall" in bad
    assert code == 1


def test_a_cache_that_cannot_be_written_is_found(capsys, tmp_path, monkeypatch):
    file = tmp_path / "file"
    file.write_text("")
    monkeypatch.setenv("TL_CACHE", str(file / "below"))
    code, lines = run(capsys)
    bad = {x.split(":")[0]: x for x in lines if x.startswith("FAIL")}
    assert set(bad) == {"FAIL  disk", "FAIL  cache folder"}
    for line in bad.values():
        assert "set TL_CACHE to another folder" in line
        assert "the check itself failed" not in line
    assert code == 1


def test_a_folder_of_ready_files_that_is_none_is_found(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path / "not there"))
    code, lines = run(capsys)
    (bad,) = [x for x in lines if x.startswith("FAIL")]
    assert bad.startswith("FAIL  folder of ready files: TL_DATA_HOME")
    assert code == 1


@pytest.mark.parametrize("need", ["memory", "disk"])
def test_too_little_room_is_found(capsys, monkeypatch, need):
    monkeypatch.setitem(doctor.NEEDS_GB, need, 1e9)
    code, lines = run(capsys)
    assert [x.split(":")[0] for x in lines if x.startswith("FAIL")] == [f"FAIL  {need}"]
    assert code == 1


def test_a_missing_package_is_named(capsys, monkeypatch):
    monkeypatch.setattr(
        doctor.importlib.metadata, "requires", lambda name: ["no-such-package>=1", "numpy>=999"]
    )
    code, lines = run(capsys)
    (bad,) = [x for x in lines if x.startswith("FAIL")]
    assert "no-such-package is missing" in bad
    assert "is not >=999" in bad
    assert bad.endswith(': pip install "no-such-package>=1" "numpy>=999"')
    assert code == 1


def test_a_check_that_misses_a_package_names_it(capsys, monkeypatch):
    def looks():
        import no_such_package  # noqa: F401

    monkeypatch.setitem(doctor.CHECKS, "disk", looks)
    code, lines = run(capsys)
    (bad,) = [x for x in lines if x.startswith("FAIL")]
    assert bad == "FAIL  disk: could not be looked at: the package no_such_package is missing"
    assert code == 1


def test_a_check_that_breaks_is_reported_and_the_others_go_on(capsys, monkeypatch):
    def broken():
        raise RuntimeError("on fire")

    monkeypatch.setitem(doctor.CHECKS, "Python", broken)
    code, lines = run(capsys)
    assert lines[0] == "FAIL  Python: the check itself failed with RuntimeError: on fire"
    assert len(lines) == 10
    assert code == 1
