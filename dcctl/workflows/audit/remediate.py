"""Remediate: of what an audit found, a plan of all that dcctl can mend, and what would then be.

Asks no device for the remedies: evidence, estate and twins tell them. The plan is an ordinary one:
it is approved and applied like any other, or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from dcctl import checks, platforms
from dcctl.model.assessment import together
from dcctl.model.remedy import Foretold, Means, Remediation, Remedy
from dcctl.model.status import FindingStatus
from dcctl.text import Text
from dcctl.workflows.audit.assess import said
from dcctl.workflows.audit.evaluate import EvaluateRequest, evaluate
from dcctl.workflows.audit.foretell import Twins, twins
from dcctl.workflows.catalogue import catalogue
from dcctl.workflows.plan import PlanRequest, changing_steps, plan_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from dcctl.model.assessment import Assessment, Result
    from dcctl.model.outcome import Finding
    from dcctl.model.plan import Plan, Step
    from dcctl.model.record import RunRecord
    from dcctl.model.target import Target
    from dcctl.workflows.services import Services

_BAD = (FindingStatus.FAIL, FindingStatus.PARTIAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemediateRequest:
    """Whose findings, by which law; and whether devices are asked what the plan would change."""

    judged: EvaluateRequest = field(default_factory=EvaluateRequest)
    limit: str | None = None
    offline: bool = False
    settle_s: int = 120


def remediate(request: RemediateRequest, services: Services) -> tuple[Remediation, Plan | None]:
    """What mends each finding, what the results would then be, and the plan that does it.

    Raises:
        NotFound: no such run, or nothing is selected. InvalidInput: the run read nothing.
    """
    record = evaluate(request.judged, services)
    found = record.assessment
    assert found is not None  # noqa: S101 - evaluate gives one
    chosen = services.estate.select(request.limit) if request.limit else services.estate.names
    results = [one for one in found.results if one.target in chosen]
    elements = _elements(results, services)
    told = twins({name: record.readings.get(name, {}) for name in elements}, services)
    case = _Case(record=record, services=services, told=told, said=said(record))
    remedies = [remedy for result in results for remedy in case.remedies(result)]
    made = _planned(request, remedies, services)
    remediation = Remediation(
        run=found.run,
        as_of=found.as_of,
        remedies=remedies,
        foretold=tuple(one for result in results for one in case.foretold(result)),
        unforetold=tuple(name for name in elements if name not in told.after),
        plan=made.hash if made is not None else "",
    )
    return remediation, made


def _elements(results: Iterable[Result], services: Services) -> list[str]:
    """Elements of which something is not as asked, and that dcctl may configure."""
    names = dict.fromkeys(one.target for one in results if one.status in _BAD)
    return [name for name in names if _configured(services.estate.target(name))]


def _configured(target: Target) -> bool:
    return target.managed and platforms.get(target.platform).change is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """Evidence as it was judged, and what the twins said."""

    record: RunRecord
    services: Services
    told: Twins
    said: Mapping[str, Mapping[str, Mapping[str, Any]]]  # target -> what only the site knew

    def remedies(self, result: Result) -> Iterator[Remedy]:
        """One for each check of a result that does not pass."""
        if result.status not in _BAD:
            return
        asked, flips = self._asked(result), self._flips(result)
        for finding in result.findings:
            if finding.status in _BAD:
                means, role = self._means(finding, flips)
                yield Remedy(
                    requirement=result.requirement,
                    target=result.target,
                    check=finding.check,
                    status=finding.status,
                    means=means,
                    role=role,
                    advice=Text(finding.remediation),
                    foretold=self._then(finding, means, flips, asked),
                )

    def foretold(self, result: Result) -> Iterator[Foretold]:
        """What the plan makes of a result, where that is another and can be known."""
        if result.status is FindingStatus.WAIVED:
            return
        flips = self._flips(result)
        then = {one.check: one.foretold for one in self.remedies(result)}
        statuses = [
            flips.get(one.check) or then.get(one.check, one.status) for one in result.findings
        ]
        known = [status for status in statuses if status is not None]
        if len(known) < len(statuses):  # of some nobody can say
            return
        after = together(known)
        if after is not result.status:
            yield Foretold(
                requirement=result.requirement,
                target=result.target,
                before=result.status,
                after=after,
            )

    def _means(self, finding: Finding, flips: Mapping[str, FindingStatus]) -> tuple[Means, str]:
        """What mends it; a twin that answers as before says that the configuration does not."""
        target = self.services.estate.target(finding.target)
        if _configured(target) and (
            finding.check in flips or finding.target not in self.told.after
        ):
            return Means.CONFIGURATION, ""
        role = _role_for(finding.check, target, self.services)
        if not role:
            return Means.HAND, ""
        return (Means.ROLE if role in target.roles else Means.DESIGN), role

    def _then(
        self,
        finding: Finding,
        means: Means,
        flips: Mapping[str, FindingStatus],
        asked: Mapping[str, Mapping[str, Any]],
    ) -> FindingStatus | None:
        """The check's status after the plan. A role's own probe asks the check's own question."""
        if means is Means.CONFIGURATION:
            return flips.get(finding.check)
        if means is Means.ROLE:
            site = self.services.estate.site_config.checks
            probe = checks.tailor((finding.check,), site)
            probed = checks.dated(probe, date.fromisoformat(self._judged.as_of))[finding.check]
            same = {**probed, **asked[finding.check]} == probed
            return FindingStatus.PASS if same else None
        return finding.status

    def _flips(self, result: Result) -> Mapping[str, FindingStatus]:
        """The checks that the twin answers otherwise with the intended configuration, and how."""
        if result.target not in self.told.after or not result.findings:
            return {}
        target, asked = self.record.plan.targets[result.target], self._asked(result)
        before = checks.evaluate(target, self.told.before[result.target], asked)
        after = checks.evaluate(target, self.told.after[result.target], asked)
        return {
            new.check: new.status
            for old, new in zip(before, after, strict=True)
            if new.status is not old.status
        }

    def _asked(self, result: Result) -> Mapping[str, Mapping[str, Any]]:
        """What the result's row asks of its checks, as it was judged."""
        row = next(row for row in catalogue() if row.id == result.requirement)
        level = self._judged.levels[result.target]
        asked = row.asked(level, self.said.get(result.target, {}))
        return checks.dated(asked, date.fromisoformat(self._judged.as_of))

    @property
    def _judged(self) -> Assessment:
        assert self.record.assessment is not None  # noqa: S101 - evaluate gave one
        return self.record.assessment


def _role_for(check: str, target: Target, services: Services) -> str:
    """The role whose own probe asks for `check`: one that the target has before any other."""
    found = [
        role.name
        for role in services.roles.values()
        if check in role.verify and target.platform in role.applies_to
    ]
    return next((name for name in found if name in target.roles), next(iter(found), ""))


def _planned(
    request: RemediateRequest, remedies: Sequence[Remedy], services: Services
) -> Plan | None:
    """The plan of the steps that mend something; None where there is no such step."""
    roles: dict[str, set[str]] = {}
    for one in remedies:
        if one.means in (Means.ROLE, Means.CONFIGURATION):
            roles.setdefault(one.target, set()).add(one.role)

    def mending(target: Target, services: Services) -> tuple[Step, ...]:
        return _with_causes(changing_steps(target, services), roles[target.name])

    if not roles:
        return None
    asked = PlanRequest(limit=",".join(roles), offline=request.offline, settle_s=request.settle_s)
    return plan_of(asked, services, mending)


def _with_causes(steps: Sequence[Step], wanted: Collection[str]) -> tuple[Step, ...]:
    """The steps of the wanted roles, and of those that they come after: they build on them."""
    found: set[str] = set()
    for step in reversed(steps):  # who is required stands before who requires it
        if step.settings.get("role", "") in wanted or step.id in found:
            found |= {step.id, *step.requires}
    return tuple(step for step in steps if step.id in found)
