"""A page of 10,000 findings in a real browser: narrowed down, opened, by keyboard, on paper."""

from __future__ import annotations

import pytest

from dcctl import reports
from dcctl.model.status import FindingStatus
from tests.browser import CHROMIUM, browser
from tests.unit.reports.conftest import HOSTILE, build, finding

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium here"),
]
S = FindingStatus
STATUSES = (S.PASS, S.PASS, S.PASS, S.FAIL, S.NOT_EVALUATED)
TARGETS, CHECKS = 400, 25
# Waits until the page has answered.
NARROWED = """(async () => {
  const said = document.querySelector("#filter output");
  const before = said.textContent;
  for (let n = 0; n < 600 && said.textContent === before; n++)
    await new Promise((done) => setTimeout(done, 50));
  return said.textContent;
})()"""
SHOWN = "[...document.querySelectorAll('#all tr[data-s]')].filter((r) => !r.hidden).length"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    findings = [
        finding(
            f"p{number:03d}-pe1",
            f"topic.check_{check:02d}",
            STATUSES[(number + check) % len(STATUSES)],
            title="Its clock is synchronised" if check else HOSTILE,
        )
        for number in range(TARGETS)
        for check in range(CHECKS)
    ]
    assert len(findings) == 10_000
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_bytes(reports.render(build([], findings), "html", "vi"))
    return path


@pytest.fixture(scope="module")
def seen(page, tmp_path_factory):
    with browser(tmp_path_factory.mktemp("profile")) as opened:
        opened.open(page)
        yield opened


def typed(seen, text: str) -> str:
    seen.ask("document.querySelector('#filter [type=search]').focus()")
    seen.ask("document.querySelector('#filter [type=search]').select()")
    if text:
        seen.call("Input.insertText", text=text)
    else:
        seen.key("Backspace", 8)
    return seen.ask(NARROWED)


def test_all_is_there_and_nothing_is_complained_of(seen) -> None:
    assert seen.ask("document.querySelector('#filter output').textContent") == "10000 / 10000"
    assert seen.ask(SHOWN) == 10_000
    assert seen.ask("document.scripts.length") == 1  # what a device says is no script
    assert seen.troubles == []


def test_text_and_status_narrow_it_down(seen) -> None:
    assert typed(seen, "p007-pe1 check_13") == "1 / 10000"
    assert seen.ask(SHOWN) == 1
    assert seen.ask("document.querySelectorAll('#all details:not([hidden])').length") == 1
    assert seen.ask("document.querySelector('#all details:not([hidden])').open")
    assert typed(seen, "khong dat") == "2000 / 10000"  # found without its marks
    assert typed(seen, "nothing says this") == "0 / 10000"
    assert typed(seen, "") == "10000 / 10000"
    seen.ask("document.querySelector('#filter [value=pass]').click()")
    assert seen.ask(NARROWED) == "4000 / 10000"
    assert seen.ask("document.querySelectorAll('#all tr[data-s=pass]:not([hidden])').length") == 0
    seen.ask("document.querySelector('#filter [value=pass]').click()")
    assert seen.ask(NARROWED) == "10000 / 10000"
    assert seen.troubles == []


def test_the_keyboard_reaches_everything(seen, page) -> None:
    seen.open(page)
    met = []
    for _ in range(6):
        seen.key("Tab", 9)
        met.append(seen.ask("document.activeElement.type || document.activeElement.tagName"))
    assert met == ["search", "checkbox", "checkbox", "checkbox", "A", "A"]
    seen.ask("document.querySelector('#all details:not([open]) summary').focus()")
    seen.key("Enter", 13, text="\r")
    assert seen.ask("document.activeElement.parentElement.open")
    before = seen.ask("scrollY")
    seen.ask("document.querySelectorAll('#wrong a.where')[700].focus()")
    seen.key("Enter", 13, text="\r")
    aim = "document.getElementById(decodeURIComponent(location.hash.slice(1)))"
    assert seen.ask(f"{aim}.closest('details').open")
    assert seen.ask("scrollY") > before


def test_it_prints(seen) -> None:
    assert typed(seen, "check_01") == "400 / 10000"
    assert seen.printed().startswith(b"%PDF-")
    assert seen.troubles == []


def test_without_its_script_all_is_shown(page, tmp_path) -> None:
    with browser(tmp_path / "profile") as plain:
        plain.call("Emulation.setScriptExecutionDisabled", value=True)
        plain.open(page)
        nodes = plain.call("DOM.getDocument", depth=0)["root"]["nodeId"]
        bar = plain.call("DOM.querySelector", nodeId=nodes, selector="#filter")["nodeId"]
        assert "hidden" in plain.call("DOM.getAttributes", nodeId=bar)["attributes"]
        rows = plain.call("DOM.querySelectorAll", nodeId=nodes, selector="#all tr[data-s]")
        assert len(rows["nodeIds"]) == 10_000
