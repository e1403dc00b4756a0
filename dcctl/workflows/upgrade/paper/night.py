"""One element's night on paper: the machine's own phases, each with what must be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcctl import gates
from dcctl.executors.upgrading.proof import topics_of
from dcctl.model.procedure import Act, Part
from dcctl.model.upgrade import Phase, UpgradeNet
from dcctl.text import N_, Text
from dcctl.workflows.upgrade.paper.handwork import Handwork, minutes_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dcctl.model.procedure import Words

# What is done where something is not as expected.
_NOT_BEGUN = N_("do not begin: nothing was changed")
_LED_BACK = N_("lead traffic back, as below, and stop")
_TAKEN_BACK = N_("take the old release back, as below")
_LED_ROUND = N_("lead traffic round it again, and call")


class Night(Handwork):
    """The phases of one upgrade step."""

    def parts(self) -> tuple[Part, ...]:
        """The phases in their order."""
        return (
            self._precheck(),
            self._before(),
            self._verify(),
            *self._prepare(),
            *self._drain(),
            *self._activate(),
            self._reconcile(),
            self._after(),
            *self._commit(),
            *self._undrain(),
            self._soak(),
        )

    # --- before anything is changed ---

    def _precheck(self) -> Part:
        running = Text(
            N_("{release} runs, and nothing that somebody else installs is pending"),
            {"release": self.order.running},
        )
        backup = Text(N_("keep the whole answer in a file, away from the element"))
        acts = [Act(commands=self.filled(self.upgrade.installed_shown), expect=(running,))]
        if self.platform.config_command:
            acts.append(Act(commands=(self.platform.config_command,), expect=(backup,)))
        return Part(
            phase=Phase.PRECHECK.value,
            title=Text(N_("Before anything is touched")),
            acts=(*acts, *self.paths()),
            otherwise=Text(_NOT_BEGUN),
        )

    def _before(self) -> Part:
        kept = Text(
            N_("keep every answer in {file}: afterwards all of it must be so again"),
            {"file": f"{self.target.name}-A.txt"},
        )
        commands = self.reading(self.platform, topics_of(self.target))
        return Part(
            phase=Phase.SNAPSHOT_A.value,
            title=Text(N_("Snapshot A: how it is now")),
            acts=(Act(commands=commands, expect=(kept,)),),
            otherwise=Text(_NOT_BEGUN),
        )

    def _verify(self) -> Part:
        expect: list[Words] = []
        commands: list[str] = []
        for file in self.image.files:
            commands += self.filled(self.upgrade.verify_shown, file=file.name)
            size = {"file": file.name, "size": f"{file.size:,}"}
            expect.append(Text(N_("{file}: {size} bytes"), size))
            for algorithm, digest in sorted(file.digests().items()):
                expect.append(Text("{a}: {digest}", {"a": algorithm, "digest": digest}))
        if self.upgrade.digest is None:
            expect.append(
                Text(N_("the device works out no digest: the size is all that it proves"))
            )
        return Part(
            phase=Phase.VERIFY.value,
            title=Text(N_("The image, on every supervisor")),
            acts=(Act(commands=tuple(dict.fromkeys(commands)), expect=tuple(expect)),),
            otherwise=Text(N_("do not begin: `dcctl images stage` puts it there again")),
        )

    def _prepare(self) -> Iterable[Part]:
        if not self.upgrade.prepare_shown:
            return
        yield Part(
            phase=Phase.PREPARE.value,
            title=Text(N_("Prepare: touches no traffic")),
            acts=(
                _act(self.filled(self.upgrade.prepare_shown), Text(N_("it ends without an error"))),
            ),
            otherwise=Text(N_("stop here: nothing was activated")),
        )

    # --- the change ---

    def _drain(self) -> Iterable[Part]:
        if not self.drains:
            return
        yield Part(
            phase=Phase.DRAIN.value,
            title=Text(N_("Drain: traffic is led round it")),
            acts=(
                _act(
                    self.configured(self.drains),
                    Text(N_("its neighbours still see it: adjacencies and sessions stay up")),
                ),
            ),
            otherwise=Text(_LED_BACK),
        )
        idle = Text(
            N_("no more than {bps} bit/s, in and out, on {ports}"),
            {
                "bps": f"{self.order.residue_bps:,}",
                "ports": ", ".join(port.name for port in self.ports()) or "-",
            },
        )
        yield Part(
            phase=Phase.MOVED.value,
            title=Text(N_("Proof that traffic moved")),
            acts=(_act(self.reading(self.platform, ("interfaces",)), idle),),
            minutes=minutes_of(self.order.drain_s),
            otherwise=Text(_LED_BACK),
        )

    def _activate(self) -> Iterable[Part]:
        live = tuple(self.paths())
        if live:
            yield Part(
                phase="live",
                title=Text(N_("Never both: the other paths, once more")),
                acts=live,
                otherwise=Text(_LED_BACK),
            )
        yield Part(
            phase=Phase.ACTIVATE.value,
            title=Text(N_("Activate")),
            acts=(*self._warning(), *self.ways()),
            minutes=minutes_of(self.upgrade.boot_s),
            otherwise=Text(_TAKEN_BACK),
        )

    def _warning(self) -> Iterable[Act]:
        if self.upgrade.net in {UpgradeNet.TIMER, UpgradeNet.LOGIN}:
            words = N_("write down the time: the timer runs out {minutes} minutes after this")
            told = [Text(words, {"minutes": self.net_minutes})]
            if self.upgrade.net is UpgradeNet.LOGIN:
                told.append(
                    Text(
                        N_(
                            "log in only when its neighbours see it well again: any login cancels "
                            "the timer"
                        )
                    )
                )
            yield Act(expect=tuple(told))

    def _reconcile(self) -> Part:
        expect = [
            Text(N_("{release} runs, on every board"), {"release": self.image.version}),
        ]
        for words, wanted in (
            (N_("patch {wanted} is active"), self.image.patch),
            (N_("the boot loader is {wanted}"), self.image.bootloader),
        ):
            if wanted:
                expect.append(Text(words, {"wanted": wanted}))
        if self.image.fpd:
            expect.append(Text(N_("no programmable device is behind")))
        return Part(
            phase=Phase.RECONCILE.value,
            title=Text(N_("What runs now")),
            acts=(Act(commands=self.filled(self.upgrade.installed_shown), expect=tuple(expect)),),
            minutes=minutes_of(self.upgrade.boot_s),
            otherwise=Text(_TAKEN_BACK),
        )

    def _after(self) -> Part:
        return Part(
            phase=Phase.GATE.value,
            title=Text(N_("Snapshot B, and every gate against A")),
            acts=(
                Act(
                    commands=self.reading(self.platform, topics_of(self.target)),
                    gates=tuple(self._gates()),
                ),
            ),
            minutes=minutes_of(self.order.settle_s),
            otherwise=Text(_TAKEN_BACK),
        )

    def _gates(self) -> Iterable[tuple[str, str]]:
        for topic in topics_of(self.target):
            gate = gates.all_gates().get(topic)
            if gate is not None:
                given = self.order.gates.get(topic, gate.parameters)
                told = (f"{name} = {_value(one)}" for name, one in sorted(given.items()))
                yield gate.title, ", ".join(told)

    # --- the end, good or bad ---

    def _commit(self) -> Iterable[Part]:
        if not self.upgrade.commit_shown:
            return
        yield Part(
            phase=Phase.COMMIT.value,
            title=Text(N_("Commit: the new release stays")),
            acts=(
                Act(
                    commands=(
                        *self.filled(self.upgrade.commit_shown),
                        *self.filled(self.upgrade.installed_shown),
                    ),
                    expect=(
                        Text(N_("{release} is committed"), {"release": self.image.version}),
                        Text(N_("no timer runs any more")),
                    ),
                ),
            ),
            otherwise=Text(_TAKEN_BACK),
        )

    def _undrain(self) -> Iterable[Part]:
        if not self.drains:
            return
        yield Part(
            phase=Phase.UNDRAIN.value,
            title=Text(N_("Lead traffic back")),
            acts=(
                _act(
                    self.configured(self.upgrade.undrain(self.target)),
                    Text(N_("traffic is on it again, as before")),
                ),
            ),
            otherwise=Text(_LED_ROUND),
        )

    def _soak(self) -> Part:
        return Part(
            phase=Phase.SOAK.value,
            title=Text(N_("Watch it with traffic on it")),
            acts=(
                Act(
                    expect=(
                        Text(
                            N_("after {minutes} minutes snapshot B once more: all is as before"),
                            {"minutes": minutes_of(self.order.soak_s)},
                        ),
                    )
                ),
            ),
            minutes=minutes_of(self.order.soak_s),
            otherwise=Text(_LED_ROUND),
        )

    def back(self) -> tuple[Part, ...]:
        """How the old release comes back."""
        again = Text(N_("{release} runs again"), {"release": self.order.running})
        same = Text(N_("all that {file} shows is so again"), {"file": f"{self.target.name}-A.txt"})
        parts = [
            Part(
                phase=Phase.REVERT.value,
                title=Text(N_("Take the old release back")),
                acts=(
                    *self.patience(),
                    Act(commands=self.filled(self.upgrade.revert_shown), expect=(again,)),
                    Act(commands=self.filled(self.upgrade.installed_shown), expect=(again, same)),
                ),
                minutes=minutes_of(self.upgrade.boot_s),
                otherwise=Text(N_("stop the wave, begin no further element, and call")),
            )
        ]
        return (*parts, *self._undrain())


def _act(commands: tuple[str, ...], *expect: Words) -> Act:
    return Act(commands=commands, expect=expect)


def _value(value: Any) -> str:
    return " ".join(str(one) for one in value) if isinstance(value, list | tuple) else str(value)
