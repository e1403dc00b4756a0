"""NFS: shared with named clients, and root stays at home."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcctl.checks._judging import not_applicable, on_linux, verdict
from dcctl.contracts import Check, Judgement
from dcctl.model.status import Severity
from dcctl.model.target import Target
from dcctl.text import N_

_EVERYBODY = ("*", "0.0.0.0/0", "::/0")


def _limited(_target: Target, facts: Mapping[str, Any], parameters: Mapping[str, Any]) -> Judgement:
    fact = facts["nfs_exports"]
    if fact is None:
        return not_applicable(N_("it exports nothing over NFS"))
    wrong = []
    for item in fact.items:
        if item.client in _EVERYBODY:
            wrong.append(f"{item.path} -> {item.client}")
        wrong += [
            f"{item.path} ({option})"
            for option in item.options
            if option in parameters["forbidden"]
        ]
    return verdict(
        wrong,
        good=N_("folders are shared with named clients, without root"),
        bad=N_("folders shared too widely: {items}"),
        observed=[f"{item.path} {item.client}" for item in fact.items],
    )


CHECKS = (
    Check(
        id="nfs_exports.limited",
        title=N_("NFS shares with named clients only, and root stays at home"),
        pack="audit",
        severity=Severity.HIGH,
        topics=("nfs_exports",),
        judge=_limited,
        applies=on_linux,
        parameters={"forbidden": ("no_root_squash", "insecure")},
        rationale=N_("Whoever is root on any client is root on such a share."),
        remediation=N_("Name the clients in /etc/exports; remove no_root_squash."),
    ),
)
