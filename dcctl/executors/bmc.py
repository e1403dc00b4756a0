"""Management controllers over Redfish: GET along a fixed table of links, and nothing else."""

from __future__ import annotations

import json
import ssl
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcctl import clock, platforms
from dcctl.contracts import Output
from dcctl.errors import (
    CommandFailed,
    HostKeyRejected,
    JournalError,
    NotFound,
    TargetError,
    TargetTimeout,
    Unparsed,
    Unreachable,
)
from dcctl.executors import _outcomes, _tls, guard, transport
from dcctl.executors._https import Service
from dcctl.executors.evidence import redacted
from dcctl.model.event import EventKind
from dcctl.model.outcome import Reading
from dcctl.model.plan import StepKind
from dcctl.model.status import ReadingStatus
from dcctl.model.target import Connection
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dcctl.contracts import Collector, Context, Platform
    from dcctl.model.outcome import Outcome
    from dcctl.model.plan import Step
    from dcctl.model.target import Controller, Target

ROOT = "/redfish/v1/"
CERTIFICATE = "TLS"  # the one command that is no GET
_HANDSHAKE = 20.0  # seconds


class Controllers:
    """contracts.Executor for what a server's management controller tells; it changes nothing."""

    name = "bmc"
    batches = False

    def __init__(self, context: Context) -> None:
        self._context = context

    def read(self, target: Target, topics: Sequence[str]) -> Mapping[str, Reading]:
        """Read `topics` over one connection; see contracts.Executor."""
        try:
            platform = _platform(target)
            if target.bmc is None:
                return {topic: _undeclared(topic, platform, target) for topic in topics}
            return self._read(target, platform, target.bmc, topics)
        except JournalError:
            raise  # what can't be written down must not go on
        except Exception as error:  # noqa: BLE001 - every topic asked for must be in the answer
            return _outcomes.unread(topics, error)

    def run(self, steps: Sequence[Step], targets: Mapping[str, Target]) -> Iterator[Outcome]:
        """Run collect steps; see contracts.Executor."""
        return _outcomes.each(steps, lambda step, at: self._run(step, targets[step.target], at))

    def fingerprint(self, target: Target, steps: Sequence[Step]) -> str:
        """A digest of the topics that the steps name in their settings (`topics`)."""
        return _outcomes.fingerprint(steps, lambda topics: self.read(target, topics))

    def predict(
        self, steps: Sequence[Step], targets: Mapping[str, Target]
    ) -> Mapping[str, tuple[str, ...] | None]:
        """Nothing: no step of this door changes anything."""
        del targets
        return _outcomes.unchanging(steps)

    def release(self, target: str) -> None:
        """Nothing is held between reads."""

    def close(self) -> None:
        """Nothing is open."""

    # --- inside

    def _run(self, step: Step, target: Target, started: str) -> Outcome:
        self._context.emit(EventKind.STEP_STARTED, target=step.target, step=step.id)
        if step.kind is not StepKind.COLLECT:
            raise NotFound(
                N_("{executor} runs no {kind} steps"), executor=self.name, kind=step.kind.value
            )
        readings = self.read(target, step.settings.get("topics", ()))
        return _outcomes.collected(step, readings, started)

    def _read(
        self, target: Target, platform: Platform, controller: Controller, topics: Sequence[str]
    ) -> Mapping[str, Reading]:
        options, base = self._context.options, Path(self._context.site_root)
        readings: dict[str, Reading] = {}
        with closing(Service(controller, options, name=target.name, base=base)) as service:
            walk = Walk(service, platform, target.name)
            for topic in topics:
                collector = platform.collector(topic)
                if collector is None:
                    readings[topic] = _outcomes.no_collector(topic, platform.name)
                    continue
                try:
                    readings[topic] = self._collect(target, platform, collector, walk)
                except JournalError:
                    raise
                except Exception as error:  # noqa: BLE001 - a mistake in one topic loses that one
                    readings.update(_outcomes.unread((topic,), error))
        return readings

    def _collect(
        self, target: Target, platform: Platform, collector: Collector, walk: Walk
    ) -> Reading:
        outputs = [
            self._certificate(target) if command == CERTIFICATE else walk.output(command)
            for command in collector.commands
        ]
        evidence = [self._kept(output, target, platform) for output in outputs]
        return _outcomes.parsed(collector, outputs, evidence)

    def _kept(self, output: Output, target: Target, platform: Platform) -> str:
        shown = redacted(output.text, platform)
        kind = "text/plain" if output.failed else "application/json"
        return self._context.keep(shown, target=target.name, media_type=kind, original=output.text)

    def _certificate(self, target: Target) -> Output:
        """The certificate, looked at in handshakes over which nothing is sent."""
        assert target.bmc is not None  # noqa: S101 - `read` asked
        der, vouched = self._handshake(target, target.bmc, vouched=True), True
        if der is None:
            der, vouched = self._handshake(target, target.bmc, vouched=False), False
        pem = ssl.DER_cert_to_PEM_cert(der or b"")
        said = {"certificate": pem, "vouched": vouched, "at": clock.now().isoformat()}
        return Output(command=CERTIFICATE, text=json.dumps(said, sort_keys=True))

    def _handshake(self, target: Target, controller: Controller, *, vouched: bool) -> bytes | None:
        """The certificate that it shows; None where nobody vouches for it, though asked to."""
        try:
            context = _tls.vouched_at_any_time(controller, target.name) if vouched else _tls.look()
        except HostKeyRejected:
            return None
        to = Connection(address=controller.address, port=controller.port, jump=controller.jump)
        options = self._context.options
        stream, lease = transport.reach(to, options, base=Path(self._context.site_root))
        deadline = _tls.Deadline(_HANDSHAKE, target.name)
        try:
            name = _tls.server_name(controller)
            return _tls.TlsStream(stream, context, name, deadline, _HANDSHAKE).certificate
        except ssl.SSLCertVerificationError:
            return None
        except TargetError:
            raise  # ours, and an OSError too
        except OSError as error:
            raise _tls.no_tls(target.name, error) from error
        finally:
            stream.close()
            if lease:
                lease.release()


class Walk:
    """The resources of one service, each fetched once, reached by the links that lead to it."""

    def __init__(self, service: Service, platform: Platform, name: str) -> None:
        self._service, self._platform, self._name = service, platform, name
        self._known: dict[str, Any] = {}
        self._ended: Exception | None = None

    def output(self, command: str) -> Output:
        """Every resource that a collector's command stands for, by its path.

        Raises:
            Unreachable, TargetTimeout: the service can't be read (any more).
        """
        ways = command.removeprefix("GET ").strip("/").split("/")
        try:
            found = self._along(ROOT, ways)
        except (CommandFailed, Unparsed) as error:
            said = str(_outcomes.message_of(error))
            return Output(command=command, text=said, failed=True)
        return Output(command=command, text=json.dumps(found, sort_keys=True))

    def _along(self, path: str, ways: Sequence[str]) -> dict[str, Any]:
        resource = self._fetched(path)
        if not ways:
            return {path: resource}
        found: dict[str, Any] = {}
        for link in self._links(path, resource, ways[0]):
            found |= self._along(link, ways[1:])
        return found

    def _links(self, path: str, resource: Mapping[str, Any], way: str) -> list[str]:
        """Where a link leads; nowhere, where the service does not offer it."""
        if way != "*":
            link = resource.get(way)
            return [] if link is None else [self._target_of(path, link)]
        members, told = resource.get("Members"), resource.get("Members@odata.count")
        links = [self._target_of(path, one) for one in members] if isinstance(members, list) else []
        # Some count fewer than they list (a mockup of DMTF's own too): then none is missing.
        more = resource.get("Members@odata.nextLink") or (
            isinstance(told, int) and told > len(links)
        )
        if not isinstance(members, list) or more or len(links) != len(set(links)):
            raise Unparsed(
                N_("{name}: {path}: not all members of the collection are told"),
                name=self._name,
                path=path,
            )
        return links

    def _target_of(self, path: str, link: Any) -> str:
        to = link.get("@odata.id") if isinstance(link, dict) else None
        try:
            return guard.permit(self._platform, f"GET {to}").removeprefix("GET ")
        except Exception as error:
            raise Unparsed(
                N_("{name}: {path}: it leads to {to}, which is none of what may be read"),
                name=self._name,
                path=path,
                to=str(to)[:80],
            ) from error

    def _fetched(self, path: str) -> Any:
        if self._ended is not None:
            raise self._ended
        if path not in self._known:
            try:
                self._known[path] = self._service.get(path)
            except (Unreachable, TargetTimeout) as error:
                self._ended = error  # asked again it would cost as long again, or lock accounts
                raise
            except (CommandFailed, Unparsed) as error:
                self._known[path] = error
        known = self._known[path]
        if isinstance(known, Exception):
            raise known
        return known


def _platform(target: Target) -> Platform:
    """What it is asked as: the platform beside the target's own, or its own."""
    own = platforms.get(target.platform)
    return platforms.get(own.beside) if own.beside else own


def _undeclared(topic: str, platform: Platform, target: Target) -> Reading:
    return Reading(
        topic=topic,
        status=ReadingStatus.NO_TEMPLATE,
        message=f"{platform.name}: no management controller is known of {target.name}",
    )


EXECUTOR = Controllers
