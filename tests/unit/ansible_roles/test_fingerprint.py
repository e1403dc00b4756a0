"""What makes a server's plan stale: what its roles would change, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dcctl import discovery
from dcctl.executors.ansible_roles import _fingerprint
from dcctl.facts.kernel import Kernel, Sysctl
from dcctl.model.outcome import Reading
from dcctl.model.plan import Step
from dcctl.model.status import ReadingStatus
from dcctl.model.target import Target
from dcctl.planning.roles import load_roles
from dcctl.planning.steps import role_steps

ROLES = discovery.data_root() / "roles"
SERVER = Target(
    name="s1",
    platform="linux",
    kind="server",
    variables={"own_sysctls": {"vm/swappiness": 10}},
)
VALUES = {
    "kernel.kptr_restrict": "2",  # the role's
    "kernel.yama.ptrace_scope": "1",  # nobody's
    "net.ipv4.conf.default.rp_filter": "1",  # the role's, and of no check
    "net.ipv4.tcp_rmem": "4096 131072 6291456",
    "vm.swappiness": "10",  # the target's own
}


def steps_of(*roles: str) -> tuple[Step, ...]:
    known = load_roles([ROLES])
    return role_steps(SERVER, [known[name] for name in roles])


def digest(steps: tuple[Step, ...], values: dict[str, str], **more: Any) -> str:
    kernel = Kernel(
        release="6.1.0", sysctls=tuple(Sysctl(name=n, value=v) for n, v in values.items())
    )
    reading = Reading(topic="kernel", status=ReadingStatus.PARSED, value=replace(kernel, **more))
    names = _fingerprint.declared(SERVER, steps, [ROLES])
    return _fingerprint.fingerprint("s1", {"kernel": reading}, names)


@pytest.mark.parametrize(
    "name", ["kernel.kptr_restrict", "net.ipv4.conf.default.rp_filter", "vm.swappiness"]
)
def test_a_declared_kernel_parameter_makes_a_plan_stale(name: str) -> None:
    steps = steps_of("base", "kernel_hardening")
    assert digest(steps, VALUES) != digest(steps, {**VALUES, name: "0"})


@pytest.mark.parametrize("name", ["kernel.yama.ptrace_scope", "net.ipv4.tcp_rmem"])
def test_any_other_does_not(name: str) -> None:
    steps = steps_of("base", "kernel_hardening")
    assert digest(steps, VALUES) == digest(steps, {**VALUES, name: "0"})


def test_without_the_role_its_parameters_are_nobodys() -> None:
    steps = steps_of("base")
    assert digest(steps, VALUES) == digest(steps, {**VALUES, "kernel.kptr_restrict": "0"})


def test_a_new_kernel_is_told() -> None:
    steps = steps_of("kernel_hardening")
    assert digest(steps, VALUES) != digest(steps, VALUES, release="6.1.1")
