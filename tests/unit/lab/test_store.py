"""Dear things are built once, whole or not at all."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from dcctl import clock
from dcctl.lab import store
from dcctl.lab.lifecycle import say_nothing


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "cache"))


def _build_slowly(counter: Path) -> Path:
    def build(place: Path) -> None:
        (place / "half").write_text("1")
        clock.sleep(0.3)
        with counter.open("a") as lines:
            lines.write("built\n")

    return store.built("thing", "abc", build, title="a thing", progress=say_nothing)


def test_two_processes_build_it_once(tmp_path: Path) -> None:
    counter = tmp_path / "counter"
    context = multiprocessing.get_context("fork")
    builders = [context.Process(target=_build_slowly, args=(counter,)) for _ in range(3)]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join()
    assert counter.read_text() == "built\n"
    assert (store.folder() / "thing-abc/half").is_file()


def test_a_failed_build_leaves_nothing_and_the_next_may_succeed() -> None:
    def fail(place: Path) -> None:
        (place / "half").write_text("1")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        store.built("thing", "abc", fail, title="a thing", progress=say_nothing)
    assert not [item for item in store.folder().iterdir() if item.is_dir()]
    place = store.built("thing", "abc", lambda _: None, title="a thing", progress=say_nothing)
    assert list(place.iterdir()) == []


def test_what_a_killed_build_left_is_not_mistaken_for_the_thing() -> None:
    left = store.folder() / ".building-thing-abc"
    left.mkdir(parents=True)
    (left / "half").write_text("1")
    place = store.built("thing", "abc", lambda _: None, title="a thing", progress=say_nothing)
    assert list(place.iterdir()) == []
    assert not left.exists()


def test_the_key_follows_its_parts() -> None:
    assert store.key("a", "b") == store.key("a", "b")
    assert store.key("a", "b") != store.key("ab", "")
