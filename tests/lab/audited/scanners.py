"""OpenSCAP and Lynis, run inside a server; what each of their tests says, as a word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

from tests.lab.audited.servers import Pair

# Debian's content is for Debian 11: without this its every rule is `notapplicable` on Debian 12.
# The weak server says of itself that it is a Debian 11.
_PLATFORM = r"s#\^11\.\[0-9\]+\$#^1[12].[0-9]+$#"
_CONTENT = "/usr/share/xml/scap/ssg/content/ssg-debian11-ds.xml"
_FOLDER = "/var/tmp"
_RULE = "xccdf_org.ssgproject.content_rule_"
_XCCDF = "{http://checklists.nist.gov/xccdf/1.2}"

Words = Mapping[str, str]  # test -> its tool's own word


def openscap(pair: Pair, name: str) -> Words:
    """Every rule of the content, by its short name: pass, fail, notapplicable, notchecked ..."""
    widened, results = f"{_FOLDER}/ds.xml", f"{_FOLDER}/results.xml"
    pair.inside(name, f"sed '{_PLATFORM}' {_CONTENT} >{widened} && ! cmp -s {_CONTENT} {widened}")
    judged = f"oscap xccdf eval --profile '(all)' --results {results} {widened}"
    pair.inside(name, f"{judged} >/dev/null || [ $? = 2 ]")  # 2: a rule failed
    tree = ET.fromstring(pair.inside(name, f"cat {results}"))
    return {
        item.get("idref", "").removeprefix(_RULE): item.findtext(f"{_XCCDF}result", "")
        for item in tree.iter(f"{_XCCDF}rule-result")
    }


def lynis(pair: Pair, name: str) -> str:
    """Its report."""
    report = f"{_FOLDER}/lynis.dat"
    pair.inside(
        name,
        "lynis audit system --quick --quiet --no-colors"
        f" --report-file {report} --log-file {_FOLDER}/lynis.log",
    )
    return pair.inside(name, f"cat {report}")


def lynis_word(report: str, test: str) -> str:
    """What a report says of `TEST` or `TEST WORD`: `found`, `clear` or `skipped`.

    Found: a warning, suggestion or detail of the test (with the word in it).
    """
    identity, _, word = test.partition(" ")
    lines = re.findall(rf"(?m)^(?:warning|suggestion|details)\[\]={identity}\|(.*)$", report)
    if any(word in line for line in lines):
        return "found"
    executed = re.search(r"(?m)^tests_executed=(.*)$", report)
    return "clear" if executed and identity in executed.group(1).split("|") else "skipped"
