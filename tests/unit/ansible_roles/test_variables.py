"""What Ansible is told of a target's variables."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from dcctl.errors import InvalidInput
from dcctl.executors.ansible_roles._inventory import host_variables
from dcctl.executors.ansible_roles._workspace import _Dumper
from tests.unit.ansible_roles.conftest import Bench


@pytest.mark.parametrize(
    ("closed", "named"),
    [
        ({"motd": {"__ansible_vault": "$ANSIBLE_VAULT;1.1;AES256\n61"}}, "motd"),
        ({"users": [{"name": "x", "hash": {"__ansible_vault": "61"}}]}, "users"),
        ({"dcctl_vault_files": ["group_vars/all/vault.yml"]}, "group_vars/all/vault.yml"),
    ],
)
def test_a_vaulted_variable_is_refused_and_not_left_out(
    bench: Bench, closed: dict[str, Any], named: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        host_variables(bench.target("one", **closed), bench.context(), bench.root)
    assert named in str(caught.value)


def test_what_is_no_template_is_none_for_ansible_either(bench: Bench) -> None:
    odd = {"deep": [{"__ansible_unsafe": "{{ x }}"}], "plain": "{{ y }}"}
    found, _ = host_variables(bench.target("one", **odd), bench.context(), bench.root)
    text = yaml.dump({key: found[key] for key in odd}, Dumper=_Dumper)
    assert "!unsafe '{{ x }}'" in text
    assert "plain: '{{ y }}'" in text
