"""Collecting: what LMSs send, what goes wrong in it, and what somebody tries with it."""

import contextlib
import os
import stat
import sys
import threading
import zipfile
from pathlib import Path

import nbformat
import pytest

from tl_helpers.course.collect import LARGEST, collect, latest, read_collection, read_roster
from tl_helpers.course.sources import CourseError


def data(student, number="02", more=""):
    code = f'STUDENT = "{student}"\nme = tl.course.enrol("{number}", STUDENT)\n{more}'
    return nbformat.writes(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code, id="a")])
    )


def zipped(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def test_canvas(tmp_path):
    files = {
        "lovelaceada_12345_67890_02_features.ipynb": data("ada"),
        "hopper_LATE_222_333_02_features-1.ipynb": data("grace"),
    }
    taken = collect(zipped(tmp_path / "c.zip", files), "02", tmp_path / "out")
    assert [(t.lms, t.lms_id, t.person, t.student, t.problem) for t in taken] == [
        ("canvas", "12345", "lovelaceada", "ada", None),
        ("canvas", "222", "hopper", "grace", None),
    ]
    assert (tmp_path / "out" / taken[0].file).read_text() == data("ada")


@pytest.mark.parametrize("form", ["{} /{}", "{}{}"])
def test_moodle(tmp_path, form):
    name = form.format("Ada Lovelace_777_assignsubmission_file_", "02.ipynb").replace(" /", "/")
    (one,) = collect(zipped(tmp_path / "m.zip", {name: data("ada")}), "02", tmp_path / "out")
    assert (one.lms, one.lms_id, one.person, one.problem) == ("moodle", "777", "Ada Lovelace", None)


def test_nbgraders_exchange_and_folders(tmp_path):
    source = tmp_path / "inbound"
    for name in (
        "ada+assignment-02+2026-03-01 10:00:00 UTC+x1",
        "ada+assignment-02+2026-03-02 10:00:00 UTC+x2",
    ):
        (source / name).mkdir(parents=True)
        (source / name / "02.ipynb").write_text(data("ada", more=name))
    (source / "bob").mkdir()
    (source / "bob" / "02.ipynb").write_text(data("bob"))
    (source / "carl.ipynb").write_text(data("ada", more="carl's"))
    taken = collect(source, "02", tmp_path / "out")
    last = {one.lms_id: one for one in latest(taken)}
    assert set(last) == {"ada", "bob", "carl"}  # a name in a notebook takes nobody's place
    assert "2026-03-02" in last["ada"].name
    assert len(taken) == 4


def test_the_last_that_can_be_graded_counts(tmp_path):
    source = tmp_path / "in"
    (source / "ada").mkdir(parents=True)
    for at, text in enumerate([data("ada"), data("ada", more="better = 1"), "{ damaged"]):
        path = source / "ada" / f"{at}.ipynb"
        path.write_text(text)
        os.utime(path, (1000 + at, 1000 + at))
    taken = collect(source, "02", tmp_path / "out")
    assert [bool(t.problem) for t in taken] == [False, False, True]
    assert "1.ipynb" in latest(taken)[0].name


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{ damaged", "damaged"),
        (data("ada", "03"), "assignment 03, not 02"),
        (data(""), "whose it is"),
        ("", "damaged"),
    ],
)
def test_what_cannot_be_graded_is_named_and_kept(tmp_path, text, told):
    (one,) = collect(zipped(tmp_path / "c.zip", {"ada_1_2_x.ipynb": text}), "02", tmp_path / "out")
    assert told in one.problem
    assert one.name == "ada_1_2_x.ipynb"
    assert (tmp_path / "out" / one.file).read_text() == text


def test_other_files_are_reported_and_kept(tmp_path):
    (one,) = collect(
        zipped(tmp_path / "c.zip", {"ada_1_2_essay.pdf": "pdf"}), "02", tmp_path / "out"
    )
    assert "no notebook" in one.problem
    assert (tmp_path / "out" / one.file).read_text() == "pdf"


@pytest.mark.parametrize(
    "name",
    [
        "../../evil.ipynb",
        "/tmp/evil.ipynb",
        "a/../../evil.ipynb",
        "..\\evil.ipynb",
        "C:\\evil.ipynb",
    ],
)
def test_a_name_that_points_out_of_the_zip(tmp_path, name):
    # What a careless unpacker does with the name:
    assert ".." in name or name.startswith(("/", "C:"))
    out = tmp_path / "deep" / "out"
    path = tmp_path / "c.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), data("ada"))
        archive.infolist()[0].filename = name
    before = set(tmp_path.rglob("*"))
    (one,) = collect(path, "02", out)
    assert "out of the zip" in one.problem
    new = set(tmp_path.rglob("*")) - before
    assert all(p == out.parent or p == out or out in p.parents for p in new)
    assert not Path("/tmp/evil.ipynb").exists()


def test_a_link_in_a_zip_or_a_folder(tmp_path):
    secret = tmp_path / "key"
    secret.write_text("the key")
    path = tmp_path / "c.zip"
    with zipfile.ZipFile(path, "w") as archive:
        entry = zipfile.ZipInfo("ada_1_2_x.ipynb")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, str(secret))
    (one,) = collect(path, "02", tmp_path / "out")
    assert "a link" in one.problem
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "x.ipynb").symlink_to(secret)
    (other,) = collect(tmp_path / "in", "02", tmp_path / "out2")
    assert "a link" in other.problem
    kept = [p.read_bytes() for d in ("out", "out2") for p in (tmp_path / d / "files").iterdir()]
    assert b"the key" not in kept


def test_zip_bombs_and_enormous_notebooks(tmp_path):
    # 200 MB that take 200 kB in a zip, one of them with a size in its header that is a lie.
    path = zipped(
        tmp_path / "c.zip", {"ada_1_2_x.ipynb": b"0" * 200_000_000, "bob_2_2_x.ipynb": data("bob")}
    )
    assert path.stat().st_size < 1_000_000
    taken = {one.lms_id: one for one in collect(path, "02", tmp_path / "out")}
    assert "larger than" in taken["1"].problem
    assert taken["2"].problem is None
    lying = bytearray(path.read_bytes())
    size = (200_000_000).to_bytes(4, "little")
    while size in lying:
        at = lying.index(size)
        lying[at : at + 4] = (1000).to_bytes(4, "little")
    path.write_bytes(lying)
    taken = {one.lms_id: one for one in collect(path, "02", tmp_path / "out2")}
    assert taken["1"].problem
    assert taken["2"].problem is None
    used = sum(p.stat().st_size for p in tmp_path.rglob("out*/files/*"))
    assert used < 3 * LARGEST
    (tmp_path / "in").mkdir()
    with open(tmp_path / "in" / "x.ipynb", "wb") as file:
        file.truncate(200_000_000)
    (one,) = collect(tmp_path / "in", "02", tmp_path / "out3")
    assert "larger than" in one.problem


def test_many_small_bombs_together(tmp_path, monkeypatch):
    monkeypatch.setattr("tl_helpers.course.collect.ALL", 5_000_000)
    files = {f"s{n}_{n}_2_x.ipynb": b"0" * 1_000_000 for n in range(12)}
    taken = collect(zipped(tmp_path / "c.zip", files), "02", tmp_path / "out")
    assert sum("the zip holds more" in one.problem for one in taken) >= 6


def test_a_deeply_nested_notebook(tmp_path):
    text = '{"cells": ' + "[" * 200_000 + "]" * 200_000 + "}"
    (one,) = collect(zipped(tmp_path / "c.zip", {"ada_1_2_x.ipynb": text}), "02", tmp_path / "out")
    assert one.problem


def test_a_roster(tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text("id,name,canvas\nada,Ada Lovelace,1\ngrace,Grace Hopper,2\n")
    files = {
        "lovelace_1_9_x.ipynb": data("ada"),
        "hopper_2_9_x.ipynb": data("ada"),
        "mallory_3_9_x.ipynb": data("ada"),
    }
    taken = {
        t.lms_id: t
        for t in collect(zipped(tmp_path / "c.zip", files), "02", tmp_path / "o", roster)
    }
    assert (taken["1"].student, taken["1"].note) == ("ada", None)
    assert taken["2"].student == "grace"  # whatever their notebook says
    assert "'ada'" in taken["2"].note
    assert "not on the roster" in taken["3"].problem


@pytest.mark.parametrize("text", ["", "name\nada\n", "id,canvas\na,1\nb,1\n"])
def test_a_roster_that_is_none(tmp_path, text):
    (tmp_path / "roster.csv").write_text(text)
    with pytest.raises(CourseError, match="the roster"):
        read_roster(tmp_path / "roster.csv")


def test_twice_is_once_and_more_is_added(tmp_path):
    first = zipped(tmp_path / "1.zip", {"ada_1_2_x.ipynb": data("ada")})
    second = zipped(
        tmp_path / "2.zip", {"ada_1_2_x.ipynb": data("ada"), "bob_2_2_x.ipynb": data("bob")}
    )
    for path in (first, first, second):
        collect(path, "02", tmp_path / "out")
    assert [one.student for one in read_collection(tmp_path / "out")] == ["ada", "bob"]


@pytest.mark.parametrize("damage", ["", "[", '[{"name": 1}]'])
def test_a_damaged_collection_is_told(tmp_path, damage):
    (tmp_path / "collected.json").write_text(damage)
    with pytest.raises(CourseError, match="is damaged"):
        read_collection(tmp_path)


def test_nothing_there_is_told(tmp_path):
    with pytest.raises(CourseError, match="nothing at"):
        collect(tmp_path / "none.zip", "02", tmp_path / "out")
    (tmp_path / "no.zip").write_text("no zip")
    with pytest.raises(CourseError, match="is no zip"):
        collect(tmp_path / "no.zip", "02", tmp_path / "out")
    with pytest.raises(CourseError, match="is no collection"):
        read_collection(tmp_path / "elsewhere")


@pytest.mark.parametrize(
    "name", ["02_bob_0123456789ab.ipynb", "bob_7_8_x.ipynb", "Bob_9_assignsubmission_file_x.ipynb"]
)
def test_what_a_file_is_called_does_not_make_it_anothers(tmp_path, name):
    (tmp_path / "in" / "alice").mkdir(parents=True)
    (tmp_path / "in" / "alice" / name).write_text(data("alice"))
    (one,) = collect(tmp_path / "in", "02", tmp_path / "out")
    inside = "assignsubmission" in name  # Moodle's own flat names may lie in a folder
    assert one.lms_id == ("9" if inside else "alice")
    zip_ = {f"Alice A_5_assignsubmission_file_/{name}": data("alice")}
    (one,) = collect(zipped(tmp_path / "m.zip", zip_), "02", tmp_path / "out2")
    assert (one.lms, one.lms_id) == ("moodle", "5")


def test_a_better_roster_mends_what_a_worse_one_could_not(tmp_path):
    path = zipped(tmp_path / "c.zip", {"lovelace_1_9_x.ipynb": data("ada")})
    roster = tmp_path / "roster.csv"
    roster.write_text("id,canvas\nbob,2\n")
    (one,) = collect(path, "02", tmp_path / "out", roster)
    assert "not on the roster" in one.problem
    roster.write_text("id,canvas\nbob,2\nada,1\n")
    (one,) = collect(path, "02", tmp_path / "out", roster)
    assert one.problem is None


def test_two_of_one_name_are_not_told_apart_by_it(tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text("id,name\na1,Ada\na2,Ada\nb,Bob\n")
    known = read_roster(roster)
    assert ("name", "ada") not in known
    assert known["name", "bob"] == "b"


def test_litter_is_left_and_the_rest_is_named(tmp_path):
    source = tmp_path / "in"
    for name in (
        ".ipynb_checkpoints/ada-checkpoint.ipynb",
        "__MACOSX/._ada.ipynb",
        "timestamp.txt",
        "ada.receipt-12.json",
    ):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(data("ada"))
    (source / "bob.ipynb.txt").write_text(data("bob"))
    (source / "carl").write_text(data("carl"))
    (source / "dan.ipynb").write_text(data("dan"))
    taken = collect(source, "02", tmp_path / "out")
    assert {one.name: bool(one.problem) for one in taken} == {
        "bob.ipynb.txt": True, "carl": True, "dan.ipynb": False,
    }  # fmt: skip


@pytest.mark.parametrize("student", ["\\ud800", "x" * 101, "a\\u200b"])
def test_an_id_that_cannot_be_one_is_no_end_of_the_world(tmp_path, student):
    text = data("ada").replace('\\"ada\\"', f'\\"{student}\\"')
    assert student in text
    files = {"m_1_2_x.ipynb": text, "n_2_2_x.ipynb": data("bob")}
    taken = collect(zipped(tmp_path / "c.zip", files), "02", tmp_path / "out")
    assert [bool(one.problem) for one in taken] == [True, False]
    assert len(read_collection(tmp_path / "out")) == 2


def test_what_is_collected_is_for_its_owner(tmp_path):
    collect(zipped(tmp_path / "c.zip", {"n_2_2_x.ipynb": data("bob")}), "02", tmp_path / "out")
    for path in (tmp_path / "out").rglob("*.*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_two_at_once_leave_nothing_out(tmp_path, monkeypatch):
    pytest.importorskip("fcntl", reason="this system has no file locks")
    module = sys.modules["tl_helpers.course.collect"]
    both, in_folder = threading.Barrier(2), module._in_folder

    def together(folder):
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(1)  # without a lock both have read the list by now
        yield from in_folder(folder)

    monkeypatch.setattr(module, "_in_folder", together)
    threads = []
    for name in ("ada", "bob"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "02.ipynb").write_text(data(name))
        work = (tmp_path / name, "02", tmp_path / "out")
        threads.append(threading.Thread(target=collect, args=work))
        threads[-1].start()
    for thread in threads:
        thread.join(60)
    assert {one.student for one in read_collection(tmp_path / "out")} == {"ada", "bob"}
