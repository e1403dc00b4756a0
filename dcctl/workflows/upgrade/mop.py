"""The method of procedure of a campaign, with the approvals that it has."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcctl import reports
from dcctl.errors import InvalidInput
from dcctl.model import plain
from dcctl.planning import approvals, certificate_checker, graph
from dcctl.text import LANGUAGES, N_
from dcctl.workflows.approve import standing
from dcctl.workflows.upgrade.paper.procedure import procedure_of
from dcctl.workflows.upgrade.plan import VERB

if TYPE_CHECKING:
    from dcctl.model.plan import Plan
    from dcctl.workflows.services import Services

BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class MopRequest:
    """Which plan, in which language (vi, en, both) and format (html, markdown)."""

    plan: str
    language: str = BOTH
    format: str = "html"


def mop(request: MopRequest, services: Services) -> bytes:
    """The paper's bytes; the same for the same plan, approvals, language and format.

    Raises:
        InvalidInput: no such language, or a plan that upgrades nothing.
    """
    if request.language not in (*LANGUAGES, BOTH):
        raise InvalidInput(
            N_("reports speak {languages}, not {language}"),
            languages=", ".join((*LANGUAGES, BOTH)),
            language=request.language,
        )
    plan = campaign_plan(request.plan, services)
    needed = approvals.needed(plan, services.estate.site_config.policy.approvals)
    given = standing(plan, services).good if services.journal.approvals(plan.hash) else ()
    paper = procedure_of(
        plan, requester=services.journal.made_by(plan.hash), needed=needed, given=given
    )
    languages = ("vi", "en") if request.language == BOTH else (request.language,)
    return reports.procedure(paper, request.format, languages)


def campaign_plan(prefix: str, services: Services) -> Plan:
    """The plan of a campaign.

    Raises:
        NotFound: no such plan. InvalidInput: it upgrades nothing.
    """
    plan = services.journal.plan(prefix)
    if plan.verb != VERB:
        raise InvalidInput(N_("the plan {hash} upgrades nothing"), hash=plan.hash[:12])
    return plan


def checker() -> bytes:
    """The independent checker, to be read and run by whoever signs."""
    return Path(certificate_checker.__file__).read_bytes()


def for_checker(plan: Plan, services: Services) -> dict[str, Any]:
    """What the independent checker reads: the certificate, and the topology it speaks of."""
    return {
        "certificate": plain.to_plain(plan.certificate),
        "topology": plain.to_plain(graph.graph_of(services.estate)),
    }
