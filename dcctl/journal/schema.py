"""The journal's tables, in types that SQLite and PostgreSQL share.

Times are ISO 8601 UTC text, structured values are JSON text: both compare and travel alike in
every database. Events hold the content; `outcomes`, `findings` and `readings` are indexes over
them, so that nothing is told twice.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

meta = Table(
    "meta",
    METADATA,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

plans = Table(
    "plans",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("verb", String(32), nullable=False),
    Column("estate", String(255), nullable=False),
    Column("lab", Boolean, nullable=False),
    Column("created_at", String(40), nullable=False),
    Column("content", LargeBinary, nullable=False),  # compressed JSON
    Column("operator", String(255), nullable=False, server_default=""),  # who made it first
)

steps = Table(
    "steps",
    METADATA,
    Column("plan_hash", String(64), ForeignKey("plans.hash"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("step", String(512), nullable=False),
    Column("target", String(255), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("executor", String(64), nullable=False),
    Column("changes", Boolean, nullable=False),
    Index(None, "target"),
)

runs = Table(
    "runs",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("verb", String(32), nullable=False),
    Column("status", String(32), nullable=False),
    Column("plan_hash", String(64), ForeignKey("plans.hash"), nullable=False),
    Column("estate", String(255), nullable=False),
    Column("lab", Boolean, nullable=False),
    Column("operator", String(255), nullable=False),
    Column("started_at", String(40), nullable=False),
    Column("finished_at", String(40), nullable=False),
    Column("versions", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("cancel", Integer, nullable=False),  # 0 no, 1 start nothing new, 2 abort
    Index(None, "started_at"),
)

events = Table(
    "events",
    METADATA,
    Column("run", String(64), ForeignKey("runs.id"), primary_key=True),
    Column("shard", String(64), primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("position", Integer, nullable=False),  # within the run, in the order of import
    Column("at", String(40), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("target", String(255), nullable=False),
    Column("step", String(512), nullable=False),
    Column("data", Text, nullable=False),
    Index(None, "run", "position"),
)


def _index_of_events(name: str, *columns: Column[str]) -> Table:
    return Table(
        name,
        METADATA,
        Column("run", String(64), ForeignKey("runs.id"), primary_key=True),
        Column("shard", String(64), primary_key=True),
        Column("sequence", Integer, primary_key=True),
        Column("target", String(255), nullable=False),
        Column("status", String(32), nullable=False),
        *columns,
        Index(None, "target", "status"),
    )


outcomes = _index_of_events(
    "outcomes",
    Column("step", String(512), nullable=False),
    Column("reason", String(255), nullable=False),
)
findings = _index_of_events(
    "findings",
    Column("check_id", String(255), nullable=False),
    Column("reason", String(255), nullable=False),
)
readings = _index_of_events("readings", Column("topic", String(64), nullable=False))

blobs = Table(
    "blobs",
    METADATA,
    Column("digest", String(64), primary_key=True),  # SHA-256 of the content before compression
    Column("media_type", String(255), nullable=False),
    Column("size", Integer, nullable=False),
    Column("encoding", String(16), nullable=False),  # zlib
    Column("content", LargeBinary, nullable=False),
    Column("kept_at", String(40), nullable=False),
)

locks = Table(
    "locks",
    METADATA,
    Column("name", String(255), primary_key=True),
    Column("owner", String(255), nullable=False),  # a run's id
    Column("host", String(255), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("process", String(64), nullable=False),  # tells a process from a later one of its pid
    Column("acquired_at", String(40), nullable=False),
    Column("heartbeat_at", String(40), nullable=False),
    Column("expires_at", String(40), nullable=False),
    Index(None, "owner"),
)

# What people signed. Rows are only ever added.
approvals = Table(
    "approvals",
    METADATA,
    Column("digest", String(64), primary_key=True),  # SHA-256 of plan, statement, signature
    Column("plan_hash", String(64), ForeignKey("plans.hash"), nullable=False),
    Column("approver", String(255), nullable=False),
    Column("role", String(64), nullable=False),
    Column("at", String(40), nullable=False),  # when the journal took it in
    Column("statement", Text, nullable=False),
    Column("signature", Text, nullable=False),
    Index(None, "plan_hash"),
)

# Every allowed_signers and evidence.policy that was ever in force, and who signed for the next one.
signers = Table(
    "signers",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("file", String(255), nullable=False, server_default="inventory/allowed_signers"),
    Column("digest", String(64), nullable=False),  # SHA-256 of the content
    Column("content", Text, nullable=False),
    Column("at", String(40), nullable=False),
    Column("approver", String(255), nullable=False),  # empty for the first
    Column("statement", Text, nullable=False),
    Column("signature", Text, nullable=False),
)

# What a running run was asked for, and by whom. Rows are only ever added.
controls = Table(
    "controls",
    METADATA,
    Column("run", String(64), ForeignKey("runs.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("operator", String(255), nullable=False),
)

# The evidence log: what its leaves are, in order, and their hashes. Rows are only ever added, but
# that a run's further events lengthen the last row.
ledger = Table(
    "ledger",
    METADATA,
    Column("first", Integer, primary_key=True, autoincrement=False),  # number of its first leaf
    Column("length", Integer, nullable=False),
    Column("kind", String(16), nullable=False),  # events, or what a record is of
    Column("key", String(255), nullable=False),  # a run's id, or what names the record
    Column("position", Integer, nullable=False),  # of the first event within its run
    Column("content", Text, nullable=False),  # the leaf of a record; events are the leaves' text
    Index(None, "kind", "key"),
)

# 256 hashes of 32 bytes each, as c2sp.org/tlog-tiles has them; the last of a level may be shorter.
tiles = Table(
    "tiles",
    METADATA,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)
