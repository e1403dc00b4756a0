"""The lab's images: always the same bytes, and told from broken ones by themselves."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from dcctl.estate.loading import load
from dcctl.lab.elements import images

ROOT = Path(__file__).parents[3]


def test_the_same_bytes_every_time():
    content = images.image("cisco_xe", "17.12.4", size=4096)
    digest = hashlib.sha256(content).hexdigest()
    assert digest == "9888add6ecfc19dd446b896ecaaec6e4b30a2a9454ec95beec0a4994d45b5bfd"
    assert len(content) == 4096


@pytest.mark.parametrize(
    "spoilt", [lambda it: it[:-1], lambda it: it[:-1] + b"x", lambda it: it + b"x"]
)
def test_a_broken_image_is_told_from_a_whole_one(spoilt):
    content = images.image("cisco_xe", "17.12.4", size=4096, flags={"boot_loop": "yes"})
    whole, broken = images.file("x", content), images.file("x", spoilt(content))
    assert whole.whole
    assert whole.label.flags == {"boot_loop": "yes"}
    assert not broken.whole
    assert images.file("x", b"anything").label is None


def test_every_file_of_the_sample_is_the_labs_own():
    catalogue = load(ROOT).images
    names = [name for name, _ in images.written(catalogue)]
    assert names == [file.name for image in catalogue for file in image.files]
