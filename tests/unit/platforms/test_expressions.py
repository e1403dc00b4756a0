"""Templates' regular expressions: none takes exponential time, none means something else."""

from __future__ import annotations

import re
import signal
from contextlib import contextmanager

import pytest

from dcctl.platforms import _templates
from dcctl.platforms._expressions import safe
from dcctl.platforms._textfsm import template

FAMILIES = (
    *("cisco_xe", "cisco_xr", "cisco_nxos", "juniper_junos", "huawei_vrp", "nokia_sros"),
    *("arista_eos", "ciena_saos"),
)
UNITS = ("a", "a ", "1", "1 ", "-", "- ", "1,", "a,", "a, ", " ", "Gi0/1, ", "A - b, ", "(a),")
EVIL = [f"{start}{(unit * 60)[:60]}!" for unit in UNITS for start in ("", " ")]


@contextmanager
def at_most(seconds):
    def late(_signal, _frame):
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def rules():
    for platform in FAMILIES:
        for route in _templates.routes(platform):
            for path in route.paths:
                for rows in template(path)._first.states.values():
                    yield from ((path.stem, rule.regex) for rule in rows)


@pytest.mark.parametrize(
    ("pattern", "made"),
    [
        (r"^(\S+\s*)+$", r"^(\S++\s*+)+$"),
        (r"^((\w+)(\s)?){1,}x", r"^((\w++)(\s)?){1,}x"),
        (r"^([a-z]+\s*)*$", r"^([a-z]++\s*+)*$"),
        (r"^(-+\s*)+$", r"^(-++\s*+)+$"),
        (r"^(\s+\S+)+$", r"^(\s+\S+)+$"),  # no ambiguity: each turn needs both
        (r"^(\S+) (\d+)", r"^(\S+) (\d+)"),
        (r"^[(\S+)]+ (a+)", r"^[(\S+)]+ (a+)"),
        (r"^(\S+?\s)+", r"^(\S+?\s)+"),
    ],
)
def test_only_what_is_ambiguous_is_made_possessive(pattern, made):
    assert safe(pattern) == made
    re.compile(made)


def test_the_bare_expression_never_ends():
    """What `safe` is for; when this passes in time, Python has learned to do without it."""
    with pytest.raises(TimeoutError), at_most(0.5):
        re.match(r"^(\S+\s*)+:x", "a" * 60)


def test_no_rule_of_any_template_takes_exponential_time():
    changed = [(stem, regex) for stem, regex in rules() if safe(regex) != regex]
    assert len(changed) > 5
    for stem, regex in changed:
        compiled = re.compile(safe(regex))
        for text in EVIL:
            with at_most(2):
                compiled.match(text)
        assert stem
