"""Keys that a text only names: what a device has stands for them, what it lacks is given them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from dcctl import platforms, secrets
from dcctl.errors import InvalidInput
from dcctl.executors import keys
from dcctl.executors.evidence import redacted

CASES = yaml.safe_load((Path(__file__).parents[2] / "cases/keys.yml").read_text(encoding="utf-8"))
MARK = "«secret:file:secrets/k»"
XE = """tacacs server A
 address ipv4 10.0.0.1
 key {first}
tacacs server B
 address ipv4 10.0.0.2
 key {second}
ntp authentication-key 10 md5 {third}
"""


def filled(text, running, platform="cisco_xe"):
    return keys.filled(text, running, platforms.get(platform), lambda _: "the-very-key")


def test_what_a_device_stores_is_taken_at_its_word_each_in_its_own_section():
    has = XE.format(first="7 0822455D0A16", second="7 1311061E0C03", third="13061E010803 7")
    assert filled(XE.format(first=MARK, second=MARK, third=MARK), has) == has


def test_a_line_that_it_lacks_is_given_the_key():
    has = XE.format(first="7 0822455D0A16", second="", third="13061E010803 7")
    told = filled(XE.format(first=MARK, second=MARK, third=MARK), has)
    assert told == has.replace(" key \n", " key the-very-key\n")


def test_the_number_of_a_key_is_no_matter_of_form():
    text = f"ntp authentication-key 11 md5 {MARK}\n"
    assert "the-very-key" in filled(text, XE.format(first="x", second="x", third="13061E01 7"))


def test_a_hash_of_another_kind_is_another_line():
    has, wants = "username a secret 5 «redacted»\n", "username a secret 9 «redacted»\n"
    assert filled(wants, has) == wants


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["stored"].strip())
def test_every_make_says_its_form_in_its_own_way(case):
    text = case["typed"].format(MARK)
    has = "\n".join([*text.split("\n")[:-1], case["stored"]])
    assert filled(text + "\n", has, case["platform"]) == has + "\n"
    assert "the-very-key" in filled(text + "\n", "", case["platform"])


@pytest.mark.parametrize("line", ["md5 13061E010803 7", "md5 7 13061E010803"])
@pytest.mark.parametrize("platform", ["cisco_xe", "cisco_xr", "cisco_nxos", "arista_eos"])
def test_a_key_of_the_clock_is_taken_out_of_what_is_kept(platform, line):
    told = redacted(f"ntp authentication-key 10 {line}", platforms.get(platform))
    assert "13061E010803" not in told


def test_the_place_of_a_key_stays_in_one_piece():
    with pytest.raises(InvalidInput):
        secrets.mark(secrets.SecretRef.parse("prompt:the key of Hà Nội"))
