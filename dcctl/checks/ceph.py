"""Ceph: nobody reads along, nobody joins unasked, and one rack may burn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import Judge, not_applicable, on_linux, verdict
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_


def _traffic(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    return _settings(
        facts["ceph"].settings,
        dict.fromkeys(parameters["settings"], "secure"),
        N_("all traffic of the cluster is encrypted"),
        N_("traffic that may go unencrypted: {items}"),
    )


def _authentication(
    _target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]
) -> Judgement:
    return _settings(
        facts["ceph"].settings,
        dict.fromkeys(parameters["settings"], "cephx"),
        N_("everybody in the cluster proves who he is"),
        N_("where nobody has to prove who he is: {items}"),
    )


def _settings(
    found: Mapping[str, str], wanted: Mapping[str, str], good: str, bad: str
) -> Judgement:
    wrong = [
        f"{name} = {found.get(name) or '-'}" for name in wanted if found.get(name) != wanted[name]
    ]
    return verdict(wrong, good=good, bad=bad, observed=dict(found), expected=dict(wanted))


def _replicas(
    _target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]
) -> Judgement:
    if not facts["ceph"].pools:
        return not_applicable(N_("its cluster keeps nothing"))
    wrong = []
    for pool in facts["ceph"].pools:
        if pool.parity is None:
            few = pool.size < parameters["size"] or pool.min_size < parameters["min_size"]
            if few:
                wrong.append(f"{pool.name}: {pool.size} / {pool.min_size}")
        elif pool.parity < parameters["parity"]:
            wrong.append(f"{pool.name}: m={pool.parity}")
    return verdict(
        wrong,
        good=N_("every pool keeps enough copies"),
        bad=N_("pools with too few copies: {items}"),
        observed={
            pool.name: [pool.size, pool.min_size, pool.parity] for pool in facts["ceph"].pools
        },
        expected=f"{parameters['size']} / {parameters['min_size']}, m={parameters['parity']}",
    )


def _domain(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    if not facts["ceph"].pools:
        return not_applicable(N_("its cluster keeps nothing"))
    wrong = [
        f"{pool.name}: {pool.failure_domain or '-'}"
        for pool in facts["ceph"].pools
        if pool.failure_domain not in parameters["accept"]
    ]
    return verdict(
        wrong,
        good=N_("copies stand in different racks"),
        bad=N_("pools whose copies may stand in one rack: {items}"),
        expected=list(parameters["accept"]),
    )


def _of_a_cluster(judge: Judge) -> Judge:
    """A judge of a cluster's host; whatever has no Ceph has no cluster."""

    def told(target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
        if facts["ceph"] is None:
            return not_applicable(N_("it has no Ceph"))
        return judge(target, facts, parameters)

    return told


def _check(name: str, title: str, judge: Judge, why: str, fix: str, **parameters: Any) -> Check:
    return Check(
        id=f"ceph.{name}",
        title=title,
        pack="audit",
        severity=Severity.HIGH,
        topics=("ceph",),
        judge=_of_a_cluster(judge),
        applies=on_linux,
        parameters=parameters,
        rationale=why,
        remediation=fix,
    )


CHECKS = (
    _check(
        "traffic",
        N_("Traffic of the storage cluster is encrypted"),
        _traffic,
        N_("Whoever taps the storage network reads everything."),
        N_("Set ms_cluster_mode, ms_service_mode and ms_client_mode to secure."),
        settings=("ms_cluster_mode", "ms_service_mode", "ms_client_mode"),
    ),
    _check(
        "authentication",
        N_("The storage cluster asks everybody who he is"),
        _authentication,
        N_("A cluster that asks nobody gives everybody's data to everybody."),
        N_("Set the three auth_..._required to cephx."),
        settings=("auth_cluster_required", "auth_service_required", "auth_client_required"),
    ),
    _check(
        "replicas",
        N_("Pools keep enough copies"),
        _replicas,
        N_("While one copy is rebuilt, the next disk dies."),
        N_("Set size 3 and min_size 2; use erasure codes with two parity chunks or more."),
        size=3,
        min_size=2,
        parity=2,
    ),
    _check(
        "failure_domain",
        N_("Copies stand in different racks"),
        _domain,
        N_("A rack loses power, or burns, as a whole."),
        N_("Use a CRUSH rule whose failure domain is the rack or more."),
        accept=("rack", "row", "pdu", "pod", "room", "datacenter", "zone", "region"),
    ),
)
