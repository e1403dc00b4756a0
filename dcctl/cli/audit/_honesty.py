"""What an audit says of its own reading, as lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.cli.words import _, spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dcctl.model.assessment import Assessment
    from dcctl.model.record import RunRecord


def honesty(found: Assessment) -> Iterator[str]:
    """Whether reading changed anything, what was not understood, and what a sample says of all."""
    from dcctl.reports._measures import measures

    return (f"{spoken(words)}: {spoken(number)}" for words, number in measures(found))


def read_well(record: RunRecord) -> Iterator[str]:
    """Of a collection: whether each configuration is what it was before, and what was drawn."""
    from dcctl.executors.unchanged import TOPIC

    looks = {name: topics.get(TOPIC) or {} for name, topics in record.readings.items()}
    values = {name: look.get("value") or {} for name, look in looks.items()}
    same = sum(1 for value in values.values() if value.get("same"))
    yield _(
        "configuration the same before and after reading: {same} of {all}",
        same=same,
        all=len(record.plan.targets),
    )
    for name, value in values.items():
        if value.get("same") is False:
            lines = "; ".join(value.get("differing", ())) or "«redacted»"
            yield _(
                "{target}: its configuration changed while it was read: {lines}",
                target=name,
                lines=lines,
            )
    sample = record.run.request.get("sample")
    if isinstance(sample, dict):
        yield _(
            "sampled {sampled} of {population} targets in {strata} strata, seed {seed}",
            sampled=sample["sampled"],
            population=sample["population"],
            strata=len(sample["strata"]),
            seed=sample["seed"],
        )
