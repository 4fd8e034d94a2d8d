"""`read_images`: folders and zips, and every way in which they can be wrong."""

import io
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tl_helpers.data import folders
from tl_helpers.data.errors import CorruptFile, DataError, EmptyClass, NotAnImage
from tl_helpers.data.folders import read_images

RED, GREEN = (200, 0, 0), (0, 200, 0)


def save(path: Path, colour=RED, size=(40, 40), **options) -> Path:
    """A picture of one colour; size is (width, height) as in PIL."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path, **options)
    return path


def pack(folder: Path, archive: Path, prefix: str = "") -> Path:
    with zipfile.ZipFile(archive, "w") as file:
        for path in sorted(folder.rglob("*")):
            file.write(path, prefix + path.relative_to(folder).as_posix())
    return archive


@pytest.fixture
def photos(tmp_path):
    """train/ and test/ with a green cat and a red dog each."""
    root = tmp_path / "photos"
    for split in ("train", "test"):
        save(root / split / "dog" / "1.png", RED)
        save(root / split / "cat" / "1.png", GREEN)
    return root


# Layouts


def test_splits(photos):
    pictures = read_images(photos)
    assert pictures.x.shape == (4, 32, 32, 3)
    assert pictures.x.dtype == np.uint8
    assert pictures.y.dtype == np.int32
    assert pictures.classes == ("cat", "dog")
    assert pictures.files[:2] == ["test/cat/1.png", "test/dog/1.png"]
    assert pictures.files[2:] == ["train/cat/1.png", "train/dog/1.png"]
    assert pictures.split.tolist() == ["test", "test", "train", "train"]
    assert pictures.y.tolist() == [0, 1, 0, 1]
    assert pictures.x[:, 5, 5].tolist() == [[*GREEN], [*RED], [*GREEN], [*RED]]
    assert len(pictures) == 4


def test_classes_without_splits(photos):
    pictures = read_images(photos / "train")
    assert pictures.classes == ("cat", "dog")
    assert pictures.split.tolist() == ["", ""]
    assert pictures.files == ["cat/1.png", "dog/1.png"]


@pytest.mark.parametrize("prefix", ["", "photos10/", "outer/photos10/", "./photos10/"])
@pytest.mark.parametrize("inner", ["", "train"])
def test_zip_holds_the_same_as_the_folder(photos, tmp_path, prefix, inner):
    archive = pack(photos / inner, tmp_path / "photos.zip", prefix)
    of_zip, of_folder = read_images(archive), read_images(photos / inner)
    assert np.array_equal(of_zip.x, of_folder.x)
    assert np.array_equal(of_zip.y, of_folder.y)
    assert np.array_equal(of_zip.split, of_folder.split)
    assert of_zip.classes == of_folder.classes
    prefix = prefix.removeprefix("./")
    assert of_zip.files == [prefix + file for file in of_folder.files]


def test_outer_folder(photos):
    assert read_images(photos.parent).split.tolist() == ["test", "test", "train", "train"]


def test_zip_from_windows(photos, tmp_path):
    with zipfile.ZipFile(tmp_path / "photos.ZIP", "w") as file:
        for name in ("cat", "dog"):
            info = zipfile.ZipInfo()
            info.filename = f"photos\\{name}\\1.png"
            file.writestr(info, (photos / "train" / name / "1.png").read_bytes())
    assert read_images(tmp_path / "photos.ZIP").files == ["photos/cat/1.png", "photos/dog/1.png"]


def test_what_systems_leave_behind_is_skipped(photos, tmp_path):
    for name in (
        ".DS_Store",
        "train/cat/Thumbs.db",
        "train/cat/._1.png",
        "__MACOSX/train/cat/1.png",
        "train/.ipynb_checkpoints/1.png",
    ):
        (photos / name).parent.mkdir(parents=True, exist_ok=True)
        (photos / name).write_bytes(b"not a picture")
    assert len(read_images(photos)) == 4
    assert len(read_images(pack(photos, tmp_path / "photos.zip"))) == 4


def test_hidden_outside_of_the_folder_does_not_matter(photos):
    hidden = photos.rename(photos.with_name(".photos"))
    assert len(read_images(hidden)) == 4


def test_linked_class_folder(photos, tmp_path):
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "cat").symlink_to(photos / "train" / "cat")
    assert read_images(tmp_path / "linked").files == ["cat/1.png"]


# Size and colours, as far as images.py does not see to them


def test_size_and_grey(photos):
    assert read_images(photos, size=(8, 12)).x.shape == (4, 8, 12, 3)
    assert read_images(photos, colour=False).x.shape == (4, 32, 32, 1)


def test_own_size(tmp_path):
    save(tmp_path / "cat" / "1.png", size=(30, 20))
    save(tmp_path / "cat" / "2.png", size=(30, 20))
    assert read_images(tmp_path, size=None).x.shape == (2, 20, 30, 3)
    save(tmp_path / "cat" / "3.png", size=(30, 21))
    with pytest.raises(DataError, match=r"3\.png is 21 x 30 .*1\.png is 20 x 30.*pass size="):
        read_images(tmp_path, size=None)


@pytest.mark.parametrize("size", [(32,), (0, 32), (32, 32, 3)])
def test_impossible_size(photos, size):
    with pytest.raises(ValueError, match=r"size must be \(height, width\)"):
        read_images(photos, size=size)


# What is wrong is named


def test_missing_path(tmp_path):
    with pytest.raises(DataError, match=r"nowhere does not exist.*\n\n.*train/<class>/picture"):
        read_images(tmp_path / "nowhere")


def test_file_that_is_no_zip(photos, tmp_path):
    with pytest.raises(DataError, match=r"1\.png is neither a folder nor a \.zip archive"):
        read_images(photos / "train" / "cat" / "1.png")


def test_folder_that_cannot_be_listed(photos, monkeypatch):
    really = os.scandir

    def scandir(path):
        if str(path).endswith("cat"):
            raise PermissionError(13, "Permission denied", str(path))
        return really(path)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(DataError, match=r"cat cannot be read: Permission denied"):
        read_images(photos)


def test_picture_that_cannot_be_read(photos):
    (photos / "train" / "cat" / "2.png").symlink_to(photos / "gone.png")
    with pytest.raises(DataError, match=r"2\.png cannot be read: No such file"):
        read_images(photos)


def test_link_in_a_circle(photos):
    (photos / "train" / "cat" / "again").symlink_to(photos)
    with pytest.raises(DataError, match=r"again is a link to .*remove the link"):
        read_images(photos)


def test_empty_folder_and_empty_zip(tmp_path):
    zipfile.ZipFile(tmp_path / "empty.zip", "w").close()
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "empty.zip", tmp_path / "empty"):
        with pytest.raises(DataError, match=r"holds no pictures.*\n\n.*train/<class>/picture"):
            read_images(path)


@pytest.mark.parametrize("place", ["train", ""])
def test_empty_class(photos, tmp_path, place):
    (photos / "train" / "emu").mkdir()
    (photos / "train" / "emu" / ".DS_Store").touch()  # hidden, so it does not count
    with pytest.raises(EmptyClass, match=r"emu/ is a class folder without pictures"):
        read_images(photos if place else photos / "train")
    with pytest.raises(EmptyClass, match=r"photos\.zip/p/.*emu/ is a class folder"):
        read_images(pack(photos if place else photos / "train", tmp_path / "photos.zip", "p/"))


@pytest.mark.parametrize("name", ["README.md", "train/cat/1.tif", "train/labels.csv"])
def test_files_that_are_no_pictures(photos, tmp_path, name):
    (photos / name).write_text("label")
    with pytest.raises(NotAnImage, match=rf"{name} is not a picture"):
        read_images(photos)
    with pytest.raises(NotAnImage, match=rf"photos\.zip/{name} is not a picture"):
        read_images(pack(photos, tmp_path / "photos.zip"))


# Damage


def test_truncated_picture_gives_the_reason_of_pil(photos):
    whole = io.BytesIO()
    Image.effect_noise((64, 64), 50).save(whole, "JPEG")
    (photos / "train" / "cat" / "2.jpg").write_bytes(whole.getvalue()[:-200])
    with pytest.raises(CorruptFile, match=r"train/cat/2\.jpg .*image file is truncated"):
        read_images(photos)


def test_picture_in_name_only(photos):
    (photos / "test" / "dog" / "2.jpg").write_text("<html>404</html>")
    with pytest.raises(CorruptFile, match=r"test/dog/2\.jpg .*its content is none of JPEG, PNG"):
        read_images(photos)


def test_damaged_zip(photos, tmp_path):
    archive = pack(photos, tmp_path / "photos.zip")
    whole = archive.read_bytes()
    archive.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CorruptFile, match=r"photos\.zip is not a whole zip archive"):
        read_images(archive)


def test_damaged_file_in_a_zip(photos, tmp_path):
    archive = pack(photos, tmp_path / "photos.zip")
    content = bytearray(archive.read_bytes())
    content[content.index(b"IDAT") + 8] ^= 0xFF
    archive.write_bytes(content)
    with pytest.raises(CorruptFile, match=r"photos\.zip/test/cat/1\.png cannot be unpacked: .*CRC"):
        read_images(archive)


def test_encrypted_zip(photos, tmp_path):
    archive = pack(photos, tmp_path / "photos.zip")
    content = bytearray(archive.read_bytes())
    for kind, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # of a file; of the directory
        start = content.find(kind)
        while start >= 0:
            content[start + flags] |= 1
            start = content.find(kind, start + 4)
    archive.write_bytes(content)
    with pytest.raises(CorruptFile, match=r"cannot be unpacked: .*(encrypted|password)"):
        read_images(archive)


def test_huge_file_in_a_zip(photos, tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "MAX_BYTES", 50)
    with pytest.raises(CorruptFile, match=r"test/cat/1\.png unfolds to \d+ bytes"):
        read_images(pack(photos, tmp_path / "photos.zip"))


@pytest.mark.parametrize("name", ["../cat/1.png", "/cat/1.png", "a/../../1.png", "C:/cat/1.png"])
def test_zip_with_paths_that_lead_out(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as file:
        file.writestr(name, b"content")
    with pytest.raises(DataError, match="leads out of the archive") as caught:
        read_images(tmp_path / "photos.zip")
    assert name in str(caught.value)


# And the rest


def test_progress(photos, capfd):
    read_images(photos)
    assert capfd.readouterr() == ("", "")
    read_images(photos, progress=True)
    assert "4/4" in capfd.readouterr().err


@pytest.mark.real_data
def test_real_photographs():
    home = os.environ.get("TL_DATA_HOME")
    if not home or not (Path(home) / "photos10.zip").exists():
        pytest.skip("TL_DATA_HOME is not set to a folder with photos10.zip")
    pictures = read_images(Path(home) / "photos10.zip")
    assert pictures.x.shape == (6000, 32, 32, 3)
    assert pictures.classes[0] == "airplane"
    assert len(pictures.classes) == 10
    train = pictures.split == "train"
    assert np.bincount(pictures.y[train]).tolist() == [500] * 10
    assert np.bincount(pictures.y[~train]).tolist() == [100] * 10
    # Photographs, each another, with the right name to each number.
    assert pictures.x.std(axis=(1, 2, 3)).min() > 3
    assert len({x.tobytes() for x in pictures.x}) > 5900
    for i in (0, 3000, 5999):
        assert f"/{pictures.classes[pictures.y[i]]}/" in pictures.files[i]
        assert f"/{pictures.split[i]}/" in pictures.files[i]
    with zipfile.ZipFile(Path(home) / "photos10.zip") as archive:
        content = archive.read(pictures.files[3000])
    assert np.array_equal(pictures.x[3000], np.asarray(Image.open(io.BytesIO(content))))
