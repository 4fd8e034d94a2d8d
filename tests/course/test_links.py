"""Links follow from the one address in pyproject.toml."""

import pytest

from tl_helpers.course import links, sources

NOTEBOOK = "lessons/02_features_and_freezing.ipynb"


@pytest.fixture
def fork(tmp_path, monkeypatch):
    """A checkout with an address and a version of its own."""
    (tmp_path / "lessons" / "source").mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "tl-helpers"\nversion = "3.1.4"\n'
        '[project.urls]\nRepository = "https://github.com/Ada/my-course.git"\n'
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_fork_sets_its_address_once(fork):
    assert sources.repository() == "https://github.com/Ada/my-course"
    lab = f"https://mybinder.org/v2/gh/Ada/my-course/HEAD?urlpath=lab/tree/{NOTEBOOK}"
    assert links.binder(NOTEBOOK) == lab
    assert links.site() == "https://ada.github.io/my-course/"
    text = 'package = "tl-helpers @ git+{{REPOSITORY}}@v{{VERSION}}"'
    pinned = 'package = "tl-helpers @ git+https://github.com/Ada/my-course@v3.1.4"'
    assert sources.filled(text) == pinned


def test_colab_opens_the_release_that_the_lesson_installs(fork):
    colab = "https://colab.research.google.com/github/Ada/my-course/blob"
    assert links.colab(NOTEBOOK) == f"{colab}/v3.1.4/{NOTEBOOK}"
    assert links.colab(NOTEBOOK, "main") == f"{colab}/main/{NOTEBOOK}"


def test_a_path_with_a_space_is_one_address(fork):
    assert " " not in links.binder("my notebooks/a.ipynb") + links.colab("my notebooks/a.ipynb")


def test_an_installation_without_a_checkout_says_what_it_was_made_from(tmp_path, monkeypatch):
    here = sources.repository(), sources.version()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sources, "__file__", str(tmp_path / "a" / "b" / "c.py"))
    assert (sources.repository(), sources.version()) == here


def test_no_address_is_an_error(fork):
    (fork / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "1"\n')
    with pytest.raises(sources.CourseError, match="no Repository"):
        sources.repository()
