"""How far an audit's numbers can be relied on, in words and with their denominators."""

from __future__ import annotations

from collections.abc import Iterator

from dcctl.model.assessment import Assessment
from dcctl.model.observed import Observed, Steadiness, together
from dcctl.model.sampling import Bound, Sample
from dcctl.text import N_, Text

_FEW = 5  # rows or names that are told one by one


def measures(found: Assessment) -> Iterator[tuple[Text, Text]]:
    """What was measured, and the number; the same in every format."""
    if found.observed:
        yield from _reading(found.observed)
    if found.sample is not None:
        yield from _sample(found.sample, found.bounds)


def _reading(observed: tuple[Observed, ...]) -> Iterator[tuple[Text, Text]]:
    read = together(observed)
    yield (
        Text(N_("targets whose configuration was the same before and after reading / all")),
        Text("{same} / {all}", {"same": read.same, "all": len(observed)}),
    )
    for one in observed:
        if one.configuration is Steadiness.CHANGED:
            yield (
                Text(N_("{target}: its configuration changed while it was read"), _of(one)),
                Text("{lines}", {"lines": "; ".join(one.differing) or "«redacted»"}),
            )
    if read.unknown:
        more = f" +{len(read.unknown) - _FEW}" if len(read.unknown) > _FEW else ""
        yield (
            Text(N_("not known whether it changed while it was read")),
            Text("{names}", {"names": ", ".join(read.unknown[:_FEW]) + more}),
        )
    yield (
        Text(N_("lines of raw answers that no parser understood / lines in all")),
        Text("{share}", {"share": _share(read.unread, read.lines)}),
    )
    if read.worst:
        yield (
            Text(N_("{target}: the largest share of such lines"), {"target": read.worst}),
            Text("{share}", {"share": _share(read.worst_unread, read.worst_lines)}),
        )


def _of(one: Observed) -> dict[str, str]:
    return {"target": one.target}


def _sample(sample: Sample, bounds: tuple[Bound, ...]) -> Iterator[tuple[Text, Text]]:
    yield (
        Text(N_("sampled targets / all, by site, platform and level")),
        Text(
            N_("{share}; {strata} strata, asked {asked}, seed {seed}"),
            {
                "share": _share(sample.sampled, sample.population),
                "strata": len(sample.strata),
                "asked": sample.asked,
                "seed": sample.seed,
            },
        ),
    )
    if not bounds:
        return
    every, *rows = bounds
    yield _bound(Text(N_("targets that fail a row or could not be told, of all, at most")), every)
    failing = [one for one in rows if one.failing]
    for one in failing:
        words = Text(
            N_("{row}: targets that fail it or could not be told, of all, at most"),
            {"row": one.requirement},
        )
        yield _bound(words, one)
    rest = [one for one in rows if not one.failing]
    if rest:
        highest = max(rest, key=lambda one: (one.at_most / max(1, one.population), one.requirement))
        yield _bound(Text(N_("each other row: at most")), highest)
    yield (
        Text(N_("how that is worked out, with 95 % confidence")),
        Text(
            N_(
                "one stratum: the largest K with sum over i <= k of C(K,i) C(N-K,n-i) / C(N,n) "
                ">= 5 %; several: the largest K with B(k; K, f) >= 5 %, f the smallest n/N of a "
                "stratum (N all, n sampled, k failing)"
            )
        ),
    )


def _bound(words: Text, one: Bound) -> tuple[Text, Text]:
    return words, Text(
        N_("{share} (found {failing} of {sampled})"),
        {
            "share": _share(one.at_most, one.population),
            "failing": one.failing,
            "sampled": one.sampled,
        },
    )


def _share(part: int, whole: int) -> str:
    return f"{part} / {whole}" + (f" = {100 * part / whole:.2f} %" if whole else "")
