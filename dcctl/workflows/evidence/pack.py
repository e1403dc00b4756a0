"""Pack: the evidence of a run in one file, to be checked without dcctl and without its journal."""

from __future__ import annotations

import base64
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcctl import reports
from dcctl.errors import NotFound, Refused
from dcctl.executors._backup import MEDIA_TYPE
from dcctl.model import merkle, plain
from dcctl.model.event import EventKind
from dcctl.text import N_
from dcctl.workflows.evidence import verify_evidence
from dcctl.workflows.evidence.bundle import Bundle, writing
from dcctl.workflows.evidence.campaign import CampaignEvidence
from dcctl.workflows.journal import heads, policy
from dcctl.workflows.upgrade.plan import VERB as CAMPAIGN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dcctl.model.record import RunRecord
    from dcctl.workflows.journal.heads import Head
    from dcctl.workflows.services import Services

SCHEMA = "dcctl-evidence/3"
README = """\
Evidence of a run / Bằng chứng của một lần chạy

  python3 verify_evidence.py FILE --policy MY.policy
        all of it, with the keys that you trust / tất cả, bằng các khóa mà bạn tin
        Take verify_evidence.py and the policy from elsewhere than from this file.
        Hãy lấy verify_evidence.py và chính sách từ nơi khác, không lấy từ tệp này.
  sha256sum -c SHA256SUMS                  every file is as it was packed / mọi tệp còn nguyên
  cd approvals; ssh-keygen -Y verify -f allowed_signers -I APPROVER -n dcctl-plan@v1 \\
      -s 01.statement.sig < 01.statement   an approval is good / chữ ký phê duyệt hợp lệ
  python3 certificate/certificate_checker.py < certificate/both.json
        of a campaign; silent: every wave kept its promises / của đợt nâng cấp; im lặng: đạt

log/checkpoint      the signed head of the log / đầu sổ có chữ ký
log/leaves.jsonl    what was written down, line by line / điều đã ghi, từng dòng
log/tree.json       where they are in the log, and the hashes around them / vị trí trong sổ
report.*.html   what happened / điều đã xảy ra        record.json     the same for programs
plan.json       what was approved / điều được duyệt
transcripts/HOST/  what it answered, secrets taken out; named by their SHA-256
approvals/      statements, signatures, and the allowed_signers in force
of a campaign / của đợt nâng cấp:
elements/HOST/  snapshots, differences, gates, phases of one element
images.json     files, digests, and how each was proven   sessions.json   SSH algorithms negotiated
certificate/    waves and kept paths, the topology they speak of, and the checker

Backups of configurations are not in it: they stay sealed in the journal.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A pack that was written; `seal` is the SHA-256 of its SHA256SUMS."""

    path: Path
    run: str
    seal: str
    leaves: int
    checkpoint: int  # leaves of the checkpoint in it; 0: there is none
    missing: tuple[str, ...]  # digests of answers that the journal lost


def pack(run: str, path: Path, services: Services) -> Packed:
    """Write the evidence of a run; the same journal and checkpoint give the same bytes.

    Raises:
        NotFound: no such run, or no checkpoint is over it. InvalidInput: it can't be written.
    """
    record = services.journal.record(run)
    services.journal.extend_log()
    numbers = _numbers(record, services)
    known = _heads(services)
    over = [head for head in known if head.size > numbers[-1]]
    if policy.path(services).exists() and not over:
        raise NotFound(
            N_("no checkpoint is over the whole of run {run} yet"),
            hint=N_("make one with `dcctl journal checkpoint`"),
            run=record.run.id,
        )
    head = over[-1] if over else None
    with writing(path) as bundle:
        packing = _Packing(record, services, bundle)
        packing.all()
        _log(numbers, head, known, services, bundle)
        source = Path(verify_evidence.__file__).read_text(encoding="utf-8")
        bundle.add("verify_evidence.py", source)
        if record.run.verb == CAMPAIGN:
            CampaignEvidence(record, services, bundle).add()
    return Packed(
        path=path,
        run=record.run.id,
        seal=bundle.seal,
        leaves=len(numbers),
        checkpoint=head.size if head else 0,
        missing=tuple(packing.missing),
    )


def _heads(services: Services) -> list[Head]:
    """The checkpoints that are known; none where the estate has no policy yet."""
    if not policy.path(services).exists():
        return []
    return heads.trusted(services, policy.pinned(services))


def _numbers(record: RunRecord, services: Services) -> list[int]:
    """The leaves of a run: which journal it is, who may sign, who approved it, and its own."""
    journal = services.journal
    mine = {0, *journal.leaves_of(record.run.id)}
    mine.update(journal.leaves_of_approvals(record.plan.hash))
    return sorted(mine)


def _log(
    numbers: Sequence[int],
    head: Head | None,
    known: Sequence[Head],
    services: Services,
    bundle: Bundle,
) -> None:
    """The leaves and what shows that they are in the log of the checkpoint."""
    lines = [services.journal.leaf(number) for number in numbers]
    nodes: list[bytes] = []
    with services.journal.tree() as node:
        if head is not None:
            nodes = merkle.covering(node, numbers, head.size)
            signed = sorted({one.size for one in known if one.size <= head.size})
            paths = {str(old): merkle.beginning(node, old, head.size) for old in signed}
            _require(numbers, lines, head, node)
            bundle.add("log/checkpoint", str(head.note))
            bundle.add_json("log/consistency.json", {old: _text(p) for old, p in paths.items()})
    bundle.add("log/leaves.jsonl", b"".join(line + b"\n" for line in lines))
    spans = [list(one) for one in _spans(numbers)]
    bundle.add_json("log/tree.json", {"leaves": spans, "nodes": _text(nodes)})


def _require(numbers: Sequence[int], lines: Sequence[bytes], head: Head, node: merkle.Node) -> None:
    """Refuse to pack what is not what was signed.

    Raises:
        Refused: names the first leaf that differs, or the checkpoint.
    """
    for number, line in zip(numbers, lines, strict=True):
        if merkle.leaf_hash(line) != node(0, number):
            raise Refused(
                N_("leaf {number} is not the one that {path} was signed over"),
                hint=N_("see dcctl journal verify"),
                number=number,
                path=str(head.path),
            )
    if merkle.root(node, head.size) != head.checkpoint.root:
        raise Refused(
            N_("the log is not the one that {path} was signed over"),
            hint=N_("see dcctl journal verify"),
            path=str(head.path),
        )


def _text(hashes: Sequence[bytes]) -> list[str]:
    return [base64.b64encode(one).decode() for one in hashes]


def _spans(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Stretches of numbers that follow each other: the first, and how many."""
    start = 0
    for n in range(1, len(numbers) + 1):
        if n == len(numbers) or numbers[n] != numbers[n - 1] + 1:
            yield numbers[start], n - start
            start = n


class _Packing:
    """What is packed of every run."""

    def __init__(self, record: RunRecord, services: Services, bundle: Bundle) -> None:
        self.record, self.services, self.bundle = record, services, bundle
        self.missing: list[str] = []

    def all(self) -> None:
        """Everything, in a fixed order."""
        record = self.record
        self.bundle.add("README.txt", README)
        self.bundle.add_json("plan.json", plain.to_plain(record.plan))
        self.bundle.add("record.json", reports.render(record, "json"))
        for language in ("vi", "en"):
            self.bundle.add(f"report.{language}.html", reports.render(record, "html", language))
        self._approvals()
        self._transcripts()
        self.bundle.add_json(
            "manifest.json",
            {
                "schema": SCHEMA,
                "run": record.run.id,
                "plan": record.plan.hash,
                "estate": record.plan.estate,
                "lab": record.plan.lab,
                "versions": dict(record.run.versions),
            },
        )

    def _approvals(self) -> None:
        journal = self.services.journal
        kept = journal.approvals(self.record.plan.hash)
        for number, one in enumerate(kept, 1):
            self.bundle.add(f"approvals/{number:02}.statement", one.statement)
            self.bundle.add(f"approvals/{number:02}.statement.sig", one.signature)
        told = [
            {"file": f"{n:02}.statement", "approver": one.approver, "role": one.role, "at": one.at}
            for n, one in enumerate(kept, 1)
        ]
        pinned = journal.pinned_signers()
        if pinned is not None:
            self.bundle.add("approvals/allowed_signers", pinned.content)
        made_by = journal.made_by(self.record.plan.hash)
        self.bundle.add_json("approvals/approvals.json", {"requester": made_by, "given": told})

    def _transcripts(self) -> None:
        """What was answered, one piece after the other; what the journal lacks is told as such."""
        index: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
        for event in self.services.journal.events(self.record.run.id):
            if event.kind is not EventKind.EVIDENCE or event.data.get("media_type") == MEDIA_TYPE:
                continue
            digest, mine = str(event.data["digest"]), index[event.target]
            if digest in mine:
                continue
            name = f"transcripts/{event.target or '-'}/{len(mine) + 1:04}-{digest}.txt"
            mine[digest] = {"at": event.at, "file": name, **event.data}
            try:
                self.bundle.add(name, self.services.journal.blob(digest))
            except NotFound:
                mine[digest]["file"] = ""
                self.missing.append(digest)
        listed = {name: list(of.values()) for name, of in sorted(index.items())}
        self.bundle.add_json("transcripts/index.json", listed)
