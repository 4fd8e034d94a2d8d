"""Handing in: whole or not at all, with a receipt."""

import json

import nbformat
import pytest

from tl_helpers.course import submit as module
from tl_helpers.course.sources import CourseError
from tl_helpers.course.submit import declared, submit, verify


def notebook(path, student="Ada", number="02"):
    cells = [
        nbformat.v4.new_code_cell(
            f'STUDENT = "{student}"  # id\nme = tl.course.enrol("{number}", STUDENT)'
        )
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_a_copy_and_a_receipt(tmp_path):
    mine = notebook(tmp_path / "mine.ipynb")
    receipt, told = submit(mine, tmp_path / "in")
    assert (receipt.assignment, receipt.student) == ("02", "ada")
    assert (tmp_path / "in" / receipt.file).read_bytes() == mine.read_bytes()
    assert json.loads(told.read_text())["sha256"] == receipt.sha256
    assert verify(told, mine)
    mine.write_text(mine.read_text() + " ")
    assert not verify(told, mine)


def test_the_same_again_is_the_same_file_and_a_change_another(tmp_path):
    mine = notebook(tmp_path / "mine.ipynb")
    first, _ = submit(mine, tmp_path / "in")
    again, _ = submit(mine, tmp_path / "in")
    assert first.file == again.file
    mine.write_text(mine.read_text() + "\n")
    other, _ = submit(mine, tmp_path / "in")
    assert sorted(p.name for p in (tmp_path / "in").iterdir()) == sorted([first.file, other.file])


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda p: p.write_text("{"), "is no assignment"),
        (lambda p: notebook(p, student=" "), "of no one whose it is"),
        (lambda p: None, "cannot read"),
    ],
)
def test_what_cannot_be_handed_in_is_told(tmp_path, make, told):
    make(tmp_path / "mine.ipynb")
    with pytest.raises(CourseError, match=told):
        submit(tmp_path / "mine.ipynb", tmp_path / "in")
    assert not (tmp_path / "in").exists()


def test_a_full_disk_leaves_nothing_half(tmp_path, monkeypatch):
    mine = notebook(tmp_path / "mine.ipynb")

    def full(number):
        raise OSError(28, "No space left on device", "in")

    monkeypatch.setattr(module.os, "fsync", full)
    with pytest.raises(CourseError, match=r"No space left.*Nothing is lost"):
        submit(mine, tmp_path / "in")
    assert list((tmp_path / "in").iterdir()) == []


def test_is_on_disk_before_it_has_its_name(tmp_path, monkeypatch):
    done = []
    fsync, replace = module.os.fsync, module.os.replace
    monkeypatch.setattr(module.os, "fsync", lambda n: (done.append("fsync"), fsync(n))[1])
    monkeypatch.setattr(module.os, "replace", lambda *a: (done.append("rename"), replace(*a))[1])
    submit(notebook(tmp_path / "mine.ipynb"), tmp_path / "in")
    assert done[:3] == ["fsync", "rename", "fsync"]


@pytest.mark.parametrize(
    "code",
    ['STUDENT = "Bob"', 'import os\nos.abort()\nSTUDENT = "bob "', "if True:\n    STUDENT = 'BOB'"],
)
def test_the_id_is_read_and_never_run(code):
    cells = [
        nbformat.v4.new_code_cell("this is ( no Python, STUDENT"),
        nbformat.v4.new_code_cell(code),
    ]
    data = nbformat.writes(nbformat.v4.new_notebook(cells=cells)).encode()
    assert declared(data) == (None, "bob", None)


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe", b"[]", b'{"cells": 3}', b"[" * 100_000, b"null"]
)
def test_what_is_no_notebook_names_nobody(data):
    assert declared(data) == (None, None, None)


def test_the_release_is_read_too_and_enormous_cells_are_not(tmp_path):
    code = 'STUDENT = "ada"\nme = tl.course.enrol("02", STUDENT, "word")'
    cells = [nbformat.v4.new_code_cell("STUDENT = 'bob'; x = [" + "0, " * 50_000 + "]")]
    cells.append(nbformat.v4.new_code_cell(code))
    data = nbformat.writes(nbformat.v4.new_notebook(cells=cells)).encode()
    assert declared(data) == ("02", "ada", "word")


def test_ids_that_look_alike_do_not_share_a_file(tmp_path):
    files = set()
    for student in ("a b", "a-b", "a/b"):
        receipt, _ = submit(notebook(tmp_path / "mine.ipynb", student), tmp_path / "in")
        files.add(receipt.file[:-18])
    assert len(files) == 3


def test_a_folder_to_put_in_only_is_enough(tmp_path, monkeypatch):
    opened = module.os.open

    def closed(path, flags, *more):
        if flags & getattr(module.os, "O_DIRECTORY", 0):
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, flags, *more)

    monkeypatch.setattr(module.os, "open", closed)
    receipt, _ = submit(notebook(tmp_path / "mine.ipynb"), tmp_path / "in")
    assert (tmp_path / "in" / receipt.file).exists()
