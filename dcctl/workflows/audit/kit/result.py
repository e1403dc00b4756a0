"""What comes back from a kit: the logs of its shards, their evidence, and the head over all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dcctl.model import merkle
from dcctl.model.note import Checkpoint
from dcctl.workflows.audit.kit import whole

SCHEMA = "dcctl-kit-result/1"
RESULT, HEAD, SALTS = "result.json", "head", "redaction.key"
SHARDS = "shards/"
EVENTS, BLOBS = "events.jsonl", "blobs"
_SHARD = r"g[0-9]{3,6}-w[0-9]{4,8}-s[0-9]{4,8}"
LOG_NAME = rf"shards/(?P<shard>{_SHARD})/events\.jsonl"
BLOB_NAME = rf"shards/(?P<shard>{_SHARD})/blobs/(?P<digest>[0-9a-f]{{64}})\.z"
LARGEST_ANSWER = 64 << 20  # bytes of one answer, unpacked
RULES = whole.Rules(
    names=(
        r"README",
        r"result\.json",
        r"head",
        r"redaction\.key",
        rf"shards/{_SHARD}/events\.jsonl",
        rf"shards/{_SHARD}/blobs/[0-9a-f]{{64}}\.z",
    ),
    files=2_000_000,
    unpacked=8 << 30,
    largest=512 << 20,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a result says of itself."""

    run: str
    plan: str  # hash
    kit: str  # seal
    journal: str  # id of the journal that the kit is from
    dcctl: str  # version
    operator: str  # who read
    events: Mapping[str, int] = field(default_factory=dict)  # shard -> lines of its log
    evidence: int = 0
    schema: str = SCHEMA


def head_of(run: str, leaves: Iterable[bytes]) -> Checkpoint:
    """The head of the tree (RFC 6962) over what a result says of itself and every event."""
    hashes = [merkle.leaf_hash(leaf) for leaf in leaves]

    def node(level: int, number: int) -> bytes:
        if level == 0:
            return hashes[number]
        below = node(level - 1, 2 * number), node(level - 1, 2 * number + 1)
        return merkle.node_hash(*below)

    return Checkpoint(f"dcctl-kit/{run}", len(hashes), merkle.root(node, len(hashes)))
