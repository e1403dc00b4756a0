"""What the paper says of itself, and how words come out in its languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from dcctl.text import N_, Text, translate

if TYPE_CHECKING:
    from dcctl.model.procedure import Words

_ZONE = timezone(timedelta(hours=7))  # Vietnam's, all year; the people who read this live in it

WORDS = {
    "title": N_("Method of procedure: software upgrade"),
    "lab": N_("lab: not the real estate"),
    "head": N_("What this is"),
    "plan": N_("Plan"),
    "estate": N_("Estate"),
    "requester": N_("Asked for by"),
    "made": N_("Planned"),
    "versions": N_("Versions"),
    "elements": N_("elements"),
    "waves": N_("waves"),
    "bound": N_("no plan needs fewer waves than {bound}"),
    "failures": N_("Failures after which nothing new is begun"),
    "approvals": N_("Approvals"),
    "needed": N_("needed"),
    "nobody": N_("nobody yet"),
    "signed": N_("signed"),
    "key": N_("key"),
    "signature": N_("Name, signature, date"),
    "windows": N_("Maintenance windows"),
    "always": N_("no window restricts it"),
    "freezes": N_("Nothing is touched on"),
    "call": N_("Who to call"),
    "shift": N_("Shift leader of the NOC"),
    "duty": N_("On duty for the network"),
    "vendor": N_("Vendor's support, contract number"),
    "site_hands": N_("Hands on site"),
    "phone": N_("name and telephone"),
    "risk": N_("Risks"),
    "bare": N_("Nothing takes these back by itself"),
    "cut": N_("These cut a site off while they are down"),
    "unseen": N_("Links that must stay up, and that no driver reaches: look at them yourself"),
    "none": N_("none"),
    "traps": N_("Known traps"),
    "problems": N_("What could not be observed"),
    "order": N_("Waves, and which path each site keeps"),
    "wave": N_("Wave {n}"),
    "minutes": N_("about {n} minutes"),
    "most": N_("at most {n} min"),
    "site": N_("Site"),
    "down": N_("While this is down"),
    "path": N_("it keeps this path"),
    "no_path": N_("it carries no site's traffic"),
    "certificate": N_("Certificate"),
    "check": N_(
        "Anybody can check the waves without dcctl: the first command writes the certificate with "
        "the topology it speaks of; the second, fifty lines of plain Python, says nothing if every "
        "promise holds."
    ),
    "sheet": N_("Element"),
    "release": N_("Release"),
    "image": N_("Image"),
    "net": N_("What takes it back"),
    "login": N_("Login"),
    "console": N_("Console"),
    "cuts": N_("Cuts off"),
    "keeps": N_("Paths that must stay"),
    "unsigned": N_("nobody checked the vendor's signature"),
    "bytes": N_("bytes"),
    "when": N_("Only for"),
    "on": N_("on {name}"),
    "commands": N_("Commands"),
    "expect": N_("Must be seen"),
    "gates": N_("Gates"),
    "otherwise": N_("If not"),
    "time": N_("time"),
    "initials": N_("initials"),
    "back": N_("If it has to go back"),
    "end": N_("How it ended"),
    "upgraded": N_("upgraded"),
    "taken_back": N_("taken back"),
    "untouched": N_("not touched"),
    "how": N_("How to use this paper"),
    "how_note": N_(
        "One sheet an element, in the order of the waves. Do the phases in their order; tick what "
        "was seen, write the time and your initials. What is not as expected is never repeated: do "
        "what stands under it. Begin no wave before every element of the one before it has ended. "
        "Never work on two elements of one redundancy group."
    ),
    "machine": N_("dcctl does the same with"),
}
ROLES = {
    "approver": N_("the plan"),
    "site_cut": N_("that a site is cut off"),
    "no_safety_net": N_("elements that nothing takes back"),
}
KINDS = {"canary": N_("canary"), "change": N_("change"), "cutting": N_("cuts a site off")}
DAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


def said(words: Words, language: str) -> str:
    """`words` in one language."""
    if isinstance(words, Text):
        return words.in_language(language)
    return words.get(language) or words.get("en") or next(iter(words.values()), "")


def both(words: Words | str, languages: Sequence[str], /, **params: Any) -> tuple[str, ...]:
    """`words` in each language, those that are the same only once."""
    shown = Text(words, params) if isinstance(words, str) else words
    return tuple(dict.fromkeys(said(shown, language) for language in languages))


def days(numbers: Sequence[int], language: str) -> str:
    """The days of a window."""
    return ", ".join(translate(DAYS[number], language) for number in numbers)


def local(moment: str) -> str:
    """An ISO time as people here read it."""
    if not moment:
        return "-"
    at = datetime.fromisoformat(moment)
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at.astimezone(_ZONE).strftime("%Y-%m-%d %H:%M +07")


def table(languages: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """All of WORDS in each language."""
    return {name: both(msgid, languages) for name, msgid in WORDS.items()}
