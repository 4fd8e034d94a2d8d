"""`arrange`: what the paths of an image folder say about splits and classes."""

import pytest

from tl_helpers.data.errors import DataError, EmptyClass, NotAnImage
from tl_helpers.data.layout import arrange

SPLITS = ["train/cat/1.jpg", "train/dog/1.jpg", "test/cat/1.jpg", "test/dog/1.jpg"]
CLASSES = ["cat/1.jpg", "cat/2.jpg", "dog/1.jpg"]


def labels(files, folders=()):
    entries, classes = arrange(files, list(folders), "photos")
    return [(entry.split, entry.label) for entry in entries], classes


def test_splits():
    assert labels(SPLITS) == (
        [("test", "cat"), ("test", "dog"), ("train", "cat"), ("train", "dog")],
        ("cat", "dog"),
    )


def test_classes():
    assert labels(CLASSES) == ([("", "cat"), ("", "cat"), ("", "dog")], ("cat", "dog"))


@pytest.mark.parametrize("outer", ["photos/", "a/b/"])
@pytest.mark.parametrize("files", [SPLITS, CLASSES])
def test_outer_folders_are_looked_through(outer, files):
    nested = [outer + file for file in files]
    assert labels(nested) == labels(files)
    assert [e.file for e in arrange(nested, [], "photos")[0]] == sorted(nested)


ALPHABETS = ["Greek/alpha/1.png", "Greek/beta/1.png", "Latin/a/1.png"]


@pytest.mark.parametrize("outer", ["", "omniglot/"])
def test_classes_in_groups_bear_the_name_of_both(outer):
    entries, classes = arrange([outer + file for file in ALPHABETS], [], "letters", nested=True)
    assert classes == ("Greek/alpha", "Greek/beta", "Latin/a")
    assert [(e.label, e.split) for e in entries] == [(name, "") for name in classes]


def test_groups_are_never_guessed():
    """Misspelt splits look the same: they must not turn into classes."""
    with pytest.raises(DataError, match="too deep"):
        arrange(ALPHABETS, [], "letters")


def test_a_picture_outside_of_the_groups_and_an_empty_class_in_one():
    with pytest.raises(DataError, match=r"letters/Latin/1\.png lies outside of a class folder"):
        arrange([*ALPHABETS, "Latin/1.png"], [], "letters", nested=True)
    with pytest.raises(EmptyClass, match="letters/Latin/b/ is a class folder without pictures"):
        arrange(ALPHABETS, ["Latin/b"], "letters", nested=True)


@pytest.mark.parametrize("name", ["val", "valid", "validation", "Validation"])
def test_names_of_validation_folders(name):
    entries, classes = labels([*SPLITS, f"{name}/cat/1.jpg", f"{name}/dog/1.jpg"])
    assert sorted(split for split, _ in entries) == ["test"] * 2 + ["train"] * 2 + ["val"] * 2
    assert classes == ("cat", "dog")


def test_one_class_or_one_split():
    assert labels(["cat/1.jpg"]) == ([("", "cat")], ("cat",))
    assert labels(["photos/cat/1.jpg"]) == ([("", "cat")], ("cat",))
    assert labels(["train/cat/1.jpg"]) == ([("train", "cat")], ("cat",))


def test_train_can_be_a_class():
    assert labels(["car/1.jpg", "train/1.jpg"]) == ([("", "car"), ("", "train")], ("car", "train"))


def test_order_does_not_depend_on_that_of_the_files():
    files = ["b/2.jpg", "a/10.jpg", "a/2.jpg", "b/1.jpg", "B/1.jpg", "a b/1.jpg"]
    entries, classes = arrange(files, [], "photos")
    in_order = ["B/1.jpg", "a/10.jpg", "a/2.jpg", "a b/1.jpg", "b/1.jpg", "b/2.jpg"]
    assert [entry.file for entry in entries] == in_order
    assert arrange(files[::-1], [], "photos") == (entries, classes)
    assert classes == ("B", "a", "a b", "b")


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (["1.jpg"], r"photos/1\.jpg lies outside of a class folder"),
        ([*SPLITS, "1.jpg"], r"photos/1\.jpg lies outside of a class folder"),
        ([*SPLITS, "test/2.jpg"], r"photos/test/2\.jpg lies outside of a class folder"),
        ([*SPLITS, "train/cat/more/2.jpg"], r"photos/train/cat/more/2\.jpg lies too deep"),
        ([*CLASSES, "dog/more/2.jpg"], r"photos/dog/more/2\.jpg lies too deep"),
        ([*SPLITS, "extra/cat/1.jpg"], r"photos/extra/cat/1\.jpg lies too deep"),
        (["train/part/cat/1.jpg"], r"photos/train/part/cat/1\.jpg lies too deep"),
    ],
)
def test_pictures_in_the_wrong_place(files, message):
    with pytest.raises(DataError, match=message) as caught:
        labels(files)
    assert "train/<class>/picture.jpg" in str(caught.value)
    assert " <class>/picture.jpg" in str(caught.value)


def test_classes_must_agree():
    with pytest.raises(
        DataError, match="photos: test/ has no class folder 'emu', which train/ has"
    ):
        labels([*SPLITS, "train/emu/1.jpg"])
    with pytest.raises(
        DataError, match="photos: train/ has no class folder 'fox', which test/ has"
    ):
        labels([*SPLITS, "test/fox/1.jpg"])
    with pytest.raises(DataError, match="val/ has no class folder 'cat', 'dog', which test/ has"):
        labels(SPLITS, ["val"])


@pytest.mark.parametrize(
    ("files", "folders", "named"),
    [
        (SPLITS, ["train/emu"], "photos/train/emu/"),
        (SPLITS, ["val", "val/cat"], "photos/val/cat/"),
        (SPLITS, ["val/cat"], "photos/val/cat/"),
        (CLASSES, ["emu"], "photos/emu/"),
        (["p/" + file for file in CLASSES], ["p/emu"], "photos/p/emu/"),
        ([], ["cat"], "photos/cat/"),
        ([], ["train", "train/cat"], "photos/train/cat/"),
    ],
)
def test_empty_classes(files, folders, named):
    with pytest.raises(EmptyClass, match=f"^{named} is a class folder without pictures"):
        labels(files, folders)


def test_folders_with_files_and_other_empty_folders_do_not_matter():
    assert labels(SPLITS, ["train", "train/cat", "test", "notes", "train/cat/more"]) == labels(
        SPLITS
    )


def test_nothing_at_all():
    with pytest.raises(DataError, match="photos holds no pictures"):
        labels([])


@pytest.mark.parametrize("file", ["README.md", "train/cat/1.tif", "train/cat/jpg"])
def test_other_files(file):
    with pytest.raises(NotAnImage, match=f"photos/{file} is not a picture"):
        labels([*SPLITS, file])
