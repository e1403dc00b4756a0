"""What a contribution must be. Adding one thing is adding one file that offers one of these.

| contribution | file | offers |
|---|---|---|
| platform | `platforms/NAME/__init__.py` | `PLATFORM: Platform` |
| fact | `facts/TOPIC.py` | `FACT`: a frozen dataclass; the topic is the module's name |
| check | `checks/TOPIC.py` | `CHECKS: tuple[Check, ...]` |
| gate | `gates/TOPIC.py` | `GATE: Gate` |
| report | `reports/FORMAT.py` | `REPORT: Report` |
| role | `roles/NAME/` | an Ansible role with `dcctl.yml` |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from dcctl.model.event import Emit, Keep
from dcctl.model.outcome import Outcome, Reading
from dcctl.model.plan import Step
from dcctl.model.status import FindingStatus, GateStatus, Severity
from dcctl.model.target import Target
from dcctl.model.upgrade import Image, ImageFile, Installed, Store, UpgradeNet
from dcctl.text import Text

# --- doors -----------------------------------------------------------------------------------


class Session(Protocol):
    """An open session with one device; what platform hooks see instead of netmiko."""

    @property
    def read_only(self) -> bool:
        """Whether the transport refuses everything that is not on the platform's read-only list."""

    def send(self, command: str, *, timeout: float | None = None) -> str:
        """One command at the operational prompt; its output without echo and prompt.

        Raises:
            CommandRefused: read-only session and not on the list. CommandFailed: a failure pattern
            answered.
            TargetTimeout, Unreachable.
        """

    def configure(
        self,
        lines: Sequence[str],
        *,
        enter: str = "",
        timeout: float | None = None,
        stay: bool = False,
    ) -> str:
        """Send configuration lines in configuration mode.

        The mode is entered (by `enter`, else the platform's own way), and left without committing
        where there is a candidate; with `stay` it is left only when a line was refused.

        Raises:
            CommandFailed: a line was refused; names the line. CommandRefused: read-only session.
        """

    def host(self, arguments: Sequence[str], *, stdin: str = "") -> str:
        """Run one program on the host beneath the device's own command line, and give its output.

        Raises:
            NotFound: the credential names no shell account. CommandFailed, Unreachable,
            CommandRefused: read-only session.
        """

    def close(self) -> None:
        """End the session; never raises."""


# A file in `Context.folder`. Every process that works for the shard holds a shared flock on it:
# one that an executor starts and that may outlive the worker has to, too.
LIFELINE = "lifeline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What an executor is given for one shard; built inside the worker."""

    run: str
    shard: str
    folder: str  # the shard's own folder, absolute, 0700
    site_root: str
    lab: bool
    options: Mapping[str, Any]
    emit: Emit
    keep: Keep
    cancelled: Callable[[], bool]  # true once the second interrupt has come


class Executor(Protocol):
    """The only door to the outside world of its kind.

    One is made per shard; `run` may be called from many threads
    when `batches` is false (one thread a target).
    """

    name: str
    batches: bool  # true: `run` takes the steps of many targets at once (Ansible)

    def read(self, target: Target, topics: Sequence[str]) -> Mapping[str, Reading]:
        """Read `topics`.

        Every topic asked for is in the answer, and nothing is raised for what the target did.
        """

    def run(self, steps: Sequence[Step], targets: Mapping[str, Target]) -> Iterator[Outcome]:
        """Do the steps (in this order for each target); yields exactly one outcome for each.

        A step whose settings say `in_doubt` was begun by a process that died: what the target
        already has is completed (confirmed, saved), and not sent again.

        Emits STEP_STARTED (durable) itself, before the first byte that could change a target.
        """

    def fingerprint(self, target: Target, steps: Sequence[Step]) -> str:
        """A digest of what `steps` would change on `target`, as it is now; raises TargetError."""

    def predict(
        self, steps: Sequence[Step], targets: Mapping[str, Target]
    ) -> Mapping[str, tuple[str, ...] | None]:
        """What each step would change, by step id, a line each; None where it can't be known.

        Changes nothing.
        """

    def release(self, target: str) -> None:
        """Let go of what is held for a target whose steps are done; never raises."""

    def close(self) -> None:
        """End all sessions; never raises."""


# --- platforms -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """The raw answer to one command. For server_shell the text is JSON."""

    command: str
    text: str
    failed: bool = False  # one of the platform's failure patterns answered, or a probe raised


@dataclass(frozen=True, slots=True, kw_only=True)
class Collector:
    """How one topic is read on one platform. `parse` is pure.

    `commands` are read-only commands; for a platform read through `server_shell` each is the
    source of a Python
    probe (standard library only, Python 3.7 or later) that defines `probe() -> JSON data`.
    `parse` gives the fact, or None for a proper answer that holds nothing; raises Unparsed.
    """

    topic: str
    commands: tuple[str, ...]
    parse: Callable[[Sequence[Output]], Any | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remediation:
    """From running to intended: what to send, what would go, and what could not be understood."""

    lines: tuple[str, ...]  # configuration lines in order; empty: nothing to do
    diff: tuple[str, ...]  # for people: unified, `+` and `-`
    destructive: tuple[str, ...] = ()  # negations that need approval
    not_understood: tuple[str, ...] = ()
    prepare: tuple[str, ...] = ()  # what the safety net itself needs first; it is not taken back


@dataclass(frozen=True, slots=True, kw_only=True)
class ReloadNet:
    """The last resort of a device without a safety net: it boots what it has saved.

    Used only where `Change.apply` is None and it was approved by itself, since it takes traffic
    down with it. A session is lost when the device reloads.
    """

    arm: Callable[[Session, int], None]  # saves what runs, then plans a reload in so many seconds
    cancel: Callable[[Session], None]  # calls the planned reload off
    boot_s: int = 900  # until it answers again


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How a configuration is read, changed under a safety net, confirmed, taken back and saved.

    `apply` leaves the change unconfirmed: it reverts by itself after `seconds` unless `confirm` is
    called.
    A platform that has no safety net gives `apply=None`, and the change is refused unless policy
    says otherwise.
    """

    running: Callable[[Session], str]
    remediate: Callable[[str, str], Remediation]  # (running, intended), pure
    apply: (
        Callable[[Session, Remediation, int], None] | None
    )  # (session, remediation, seconds until it reverts)
    confirm: Callable[[Session], None]
    revert: Callable[[Session], None]
    save: Callable[[Session], None]
    # (running, backup): as `remediate`, but what the backup doesn't mention goes too; pure. None:
    # a backup is brought back section by section only.
    replace: Callable[[str, str], Remediation] | None = None
    # What is unconfirmed waits in the session that applied it: it alone confirms, and stays open
    # beside the new login that looks.
    held: bool = False
    # Whether this very device has the safety net of its platform (an older release may have none:
    # it is changed as a platform without one is). None: every device has it.
    guarded: Callable[[Session], bool] | None = None
    # Whose change waits to be confirmed on the device, in its own words, or nothing: it would be
    # confirmed or taken back with ours. Asked before anything is changed.
    pending: Callable[[Session], str] | None = None
    reload_net: ReloadNet | None = None  # what `--approve-reload` may use; None: it has none
    # Of a running configuration, the lines that the safety net itself still needs
    # (`Remediation.prepare` of a change that was not made by `remediate`); pure.
    needs: Callable[[str], tuple[str, ...]] = lambda _running: ()


# --- upgrades --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One act of an activation; each is journalled before its first byte.

    An act that reloads may lose its session: it returns then as if it had ended. `arrived` says,
    on a session of its own, whether the act's effect is there: asked until it is (at most
    `boot_s`), and asked first when a killed run is resumed, so that no act is repeated blindly.
    """

    name: str  # the field's word: activate, reload, switchover ...
    act: Callable[[Session, Image, int], None]  # (session, image, seconds of the safety net)
    arrived: Callable[[Session, Image], bool]
    reloads: bool  # whether the element (or the session's supervisor) goes down
    shown: tuple[str, ...] = ()  # the commands, for people; see `Upgrade`


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgrade:
    """How the software of one operating system is replaced, under its own safety net if it has one.

    Every callable gets an open session; those that only look must do with read-only commands.
    Versions are compared as `dcctl.facts.version` tells them.

    What is `shown` are the very commands, for a person who does it by hand: `{file}`, `{folder}`,
    `{version}`, `{patch}`, `{loader}`, `{previous}`, `{previous_folder}`, `{previous_patch}`,
    `{minutes}` and `{seconds}` are filled in; a line of a patch or loader that is not is left out.
    """

    net: UpgradeNet
    # Shortest and longest safety net in seconds, and the unit that the device counts in.
    net_range_s: tuple[int, int] = (0, 0)
    boot_s: int = 900  # the longest until it answers again after a reload
    # Whether this very device has the net (older releases or smaller models may not): without, it
    # is upgraded as one of net NONE. None: every device has it.
    guarded: Callable[[Session], bool] | None = None
    stores: Callable[[Session], tuple[Store, ...]]
    # (session, store, file name) -> (algorithm, hexadecimal digest), worked out by the device with
    # the strongest verb it has. None: it has none, and only sizes can be compared.
    digest: Callable[[Session, Store, str], tuple[str, str]] | None
    # The device fetches a file by itself: (session, URL, store, file). None: it is pushed by SFTP.
    pull: Callable[[Session, str, Store, ImageFile], None] | None = None
    pull_schemes: tuple[str, ...] = ()  # of URLs: scp, sftp, http, https, ftp
    push_path: Callable[[Store, str], str] | None = None  # where SFTP or SCP puts it
    push_by: str = ""  # sftp | scp; empty: can't be pushed
    # From the store that has it onto another supervisor's. None: each is filled by itself.
    copy: Callable[[Session, Store, Store, str], None] | None = None
    remove: Callable[[Session, Store, str], None] | None = None  # a partial or needless file
    installed: Callable[[Session], Installed]
    # What must be done before the drain and touches no traffic (`install add`, validation), once
    # the files are verified; it must do nothing when it finds itself done.
    prepare: Callable[[Session, Image], None] | None = None
    stages: Callable[[Session, Image], tuple[Stage, ...]]  # chosen by what the device has
    commit: Callable[[Session, Image], None] | None = None  # None: nothing is to be said
    # What `stages` may choose from, with when it does, marked with N_; empty: it asks no device.
    ways: tuple[tuple[str, tuple[Stage, ...]], ...] = ()
    installed_shown: tuple[str, ...] = ()
    verify_shown: tuple[str, ...] = ()
    prepare_shown: tuple[str, ...] = ()
    keep_shown: tuple[str, ...] = ()  # ends configuring: what was sent stands, over a reload too
    # Back to the release that ran before: told to, while the safety net still holds or after it.
    # `previous` is its image where images.yml has it. May reload, and lose its session. Where the
    # old release then runs uncommitted, `commit` is called with `previous`.
    revert: Callable[[Session, Image, Image | None], None]
    revert_shown: tuple[str, ...] = ()
    commit_shown: tuple[str, ...] = ()
    # Configuration lines that make traffic go round the target, and that undo it, for the
    # protocols that the target speaks (IS-IS overload, OSPF maximum metric, BGP graceful shutdown).
    # In the form of `Remediation.lines`: `Change.apply` sends them, `confirm` and `save` keep them.
    drain: Callable[[Target], tuple[str, ...]]
    undrain: Callable[[Target], tuple[str, ...]]
    # Topics that snapshot A and B hold; empty: every topic that has a gate and a collector.
    topics: tuple[str, ...] = ()
    traps: tuple[str, ...] = ()  # of the platform, marked with N_; shown in the plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a gate says of one subject (a neighbour, a port, a table)."""

    subject: str
    status: GateStatus
    message: Text
    before: Any = None  # plain data
    after: Any = None
    settle_s: int | None = None  # None: the gate's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms a gate compares: tolerances, and what lies between the two snapshots."""

    parameters: Mapping[str, Any]
    elapsed_s: float | None = None  # from the first to the second; None: not known
    uptime_s: float | None = None  # of the element at the second; None: it doesn't say
    # Whether it (or what counts for it) was restarted in between; None: not known.
    restarted: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A pure comparison of one topic before and after a change of software.

    `compare(before, after, terms)` gets facts, or None for a proper answer that holds nothing.
    It is never asked when either could not be read: that is `unknown` already.
    """

    topic: str
    title: str  # marked with N_
    compare: Callable[[Any | None, Any | None, Terms], tuple[Verdict, ...]]
    parameters: Mapping[str, Any] = field(
        default_factory=dict
    )  # tolerances; a site may tailor them
    # How long after the element answers again what fails may still come right, in seconds:
    # adjacencies and clocks take their time.
    settle_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One operating system: how it is reached, what it understands, what it must not be told.

    `read_only` are regular expressions, each matched against a whole normalised command.
    `failures` are searched in
    each answer. `netmiko_type` is netmiko's device type for platforms reached through
    `device_session`.
    """

    name: str
    title: str
    executor: str  # device_session | server_shell
    netmiko_type: str = ""
    read_only: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    volatile: tuple[str, ...] = ()  # lines of the running configuration that change by themselves
    secret_patterns: tuple[str, ...] = ()  # groups named `secret` are redacted in evidence
    collectors: tuple[Collector, ...] = ()
    change: Change | None = None
    upgrade: Upgrade | None = None
    config_command: str = ""  # what shows the running configuration
    config_end: str = ""  # its last line, as an expression; empty: it has no end of its own
    beneath: str = ""  # platform of the host beneath it: reads the topics this one can't tell
    prompt: str = ""  # any prompt of it, in any mode; empty: a usual one
    setup: tuple[str, ...] = ()  # sent once after login: paging off
    enter: str = "configure terminal"  # into configuration mode
    leave: str = "end"  # out of it, from any depth
    logout: str = "exit"  # ends a session at the operational prompt
    answers: tuple[tuple[str, str], ...] = ()  # (question, reply), only in a session that changes
    locked: tuple[str, ...] = ()  # like `failures`: somebody else holds the configuration

    def collector(self, topic: str) -> Collector | None:
        """The collector of `topic`, if the platform has one."""
        return next((collector for collector in self.collectors if collector.topic == topic), None)


# --- checks ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a check says of the facts; `not_applicable` needs a reason."""

    status: FindingStatus
    message: Text
    observed: Any = None  # plain data
    expected: Any = None  # plain data
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A pure judgement over facts. Text fields are marked with `N_`.

    `judge(target, facts, parameters)` is called only when every topic in `topics` was read:
    `facts` maps topic to
    its fact, or to None for a proper answer that holds nothing. `applies` says why it doesn't
    apply, or nothing.
    """

    id: str  # TOPIC.NAME
    title: str
    pack: str  # health | baseline | ...
    severity: Severity
    topics: tuple[str, ...]
    judge: Callable[[Target, Mapping[str, Any], Mapping[str, Any]], Judgement]
    rationale: str
    remediation: str
    applies: Callable[[Target], str] = lambda _target: ""
    parameters: Mapping[str, Any] = field(
        default_factory=dict
    )  # thresholds and their defaults; a site may tailor them
    follows: tuple[str, ...] = ()  # ids of checks whose failure may make this one fail too


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One format.

    `render(record, language)` is a function of the record alone: same record, same bytes.
    """

    format: str
    title: str
    media_type: str
    suffix: str
    render: Callable[[Any, str], bytes]  # (RunRecord, "en" | "vi")
