import inspect
import tomllib

import pytest

from tl_helpers.data import UnknownDataset, card, datasets_folder, names, registry, sources

MANIFESTS = sorted(datasets_folder().glob("*.toml"))
every_manifest = pytest.mark.parametrize("path", MANIFESTS, ids=lambda p: p.stem)


@every_manifest
def test_a_manifest_says_what_it_is_and_whose(path):
    manifest = tomllib.loads(path.read_text(encoding="utf-8"))
    for key in ("title", "kind", "licence", "source"):
        assert manifest[key].strip()
    assert f'case "{manifest["kind"]}"' in inspect.getsource(sources.by_manifest)


@every_manifest
def test_every_data_set_has_a_card_with_its_licence(path):
    text = card(path.stem)
    assert text.startswith("# ")
    assert "**Licence**" in text


def test_no_card_without_a_manifest():
    described = {p.stem for p in datasets_folder().glob("*.md")} - {"README"}
    assert described == set(names())


def test_names_are_the_manifests():
    assert names() == [p.stem for p in MANIFESTS]
    assert {"formula10", "digits", "photos10"} <= set(names())


def test_in_a_checkout_the_folder_stands_beside_the_package():
    beside = registry.Path(registry.__file__).parents[2] / "datasets"
    if not beside.is_dir():
        pytest.skip("not a checkout")
    assert datasets_folder() == beside


def test_in_an_installation_the_folder_lies_in_the_package(tmp_path, monkeypatch):
    package = tmp_path / "tl_helpers"
    for folder in (package / "_datasets", tmp_path / "datasets"):
        folder.mkdir(parents=True)
        (folder / "photos10.toml").touch()
    monkeypatch.setattr(registry, "__file__", str(package / "data" / "registry.py"))
    assert datasets_folder.__wrapped__() == package / "_datasets"


def test_somebody_elses_datasets_folder_is_not_taken(tmp_path, monkeypatch):
    (tmp_path / "datasets").mkdir()
    monkeypatch.setattr(registry, "__file__", str(tmp_path / "tl_helpers/data/registry.py"))
    with pytest.raises(registry.DataError, match="install tl-helpers again"):
        datasets_folder.__wrapped__()


def test_an_unknown_card_lists_the_names():
    with pytest.raises(UnknownDataset, match=r"'photos11'; names: .*photos10"):
        card("photos11")


def test_an_unknown_kind_is_named():
    with pytest.raises(registry.DataError, match=r"odd\.toml has an unknown kind 'tape'"):
        sources.by_manifest({"name": "odd", "kind": "tape"}, None, 0, (32, 32))
