"""Names that Ansible warns of or takes for something else: groups, hosts, reserved variables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dcctl.errors import Place
from dcctl.estate.draft import Draft, Rule, complaint
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dcctl.estate.inventory import Group, Layer
    from dcctl.model.estate import Complaint

_GROUP = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
# What Ansible warns of: names of its keywords and of its templates' functions.
_WARNED = """
    action always any_errors_fatal args async async_val become become_exe become_flags
    become_method become_user block changed_when check_mode collections connection cycler
    debugger delay delegate_facts delegate_to dict diff environment fact_path failed_when
    force_handlers gather_facts gather_timeout handlers hosts ignore_errors
    ignore_unreachable joiner lipsum local_action lookup loop loop_control loop_with
    max_fail_percentage module_defaults name namespace no_log notify now omit order poll
    port post_tasks pre_tasks q query range register remote_user rescue retries roles
    run_once serial strategy tags tasks throttle timeout undef until vars_files vars_prompt
    when with_
"""
# What Ansible sets itself, over anything that an inventory says.
_MAGIC = """
    ansible_check_mode ansible_diff_mode ansible_facts ansible_forks ansible_play_batch
    ansible_play_hosts ansible_play_hosts_all ansible_run_tags ansible_skip_tags
    ansible_version group_names groups hostvars inventory_dir inventory_file
    inventory_hostname inventory_hostname_short playbook_dir role_name role_names role_path
"""
_RESERVED = frozenset(_WARNED.split() + _MAGIC.split())


def _judge(draft: Draft) -> Iterator[Complaint]:
    inventory = draft.inventory
    for group in inventory.groups.values():
        if not _GROUP.match(group.name):
            yield complaint(
                _place(draft, group),
                N_("Ansible warns of the group name {name}"),
                N_("use letters, digits and _, and begin with a letter"),
                name=group.name,
            )
        if group.name in inventory.hosts:
            yield complaint(
                draft.place_of_host(group.name),
                N_("{name} is a host and a group"),
                N_("rename one of them: Ansible would mix their variables up"),
                name=group.name,
            )
        for layer in (group.inline, group.files):
            yield from _reserved(draft, layer)
    for host in inventory.hosts.values():
        for layer in (host.inline, host.files):
            yield from _reserved(draft, layer)


def _reserved(draft: Draft, layer: Layer) -> Iterator[Complaint]:
    for name in layer.variables.keys() & _RESERVED:
        place = draft.desk.places.first(reversed(layer.sources), (name,))
        yield complaint(
            place or Place("inventory/hosts"),
            N_("Ansible keeps the variable name {name} for itself"),
            N_("rename it; what is dcctl's own goes below `dcctl`"),
            name=name,
        )


def _place(draft: Draft, group: Group) -> Place:
    return draft.desk.places.at(*group.named[0]) if group.named else Place("inventory/hosts")


RULE = Rule(title=N_("Names are such as Ansible takes without a warning"), judge=_judge)
