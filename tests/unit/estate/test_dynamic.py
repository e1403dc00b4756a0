"""INI, programs and plugins: what Ansible reads of them, and our reading of what is beside them."""

from __future__ import annotations

import pytest

from dcctl import estate
from tests.unit.estate import oracle, site

INI = """\
[servers]
s1 ansible_host=10.0.1.1
s[3:4] deep='{"a": 1}'
[servers:vars]
ansible_group_priority=5
time_zone=Asia/Ho_Chi_Minh
[halls:children]
servers
"""
PROGRAM = """\
#!/usr/bin/env python3
import json
servers = {"hosts": ["s7"], "vars": {"from": "program"}}
print(json.dumps({"servers": servers, "_meta": {"hostvars": {"s7": {"x": 1}}}}))
"""
CONSTRUCTED = """\
plugin: ansible.builtin.constructed
strict: true
groups:
  odd: inventory_hostname in ('s1', 's3')
compose:
  doubled: inventory_hostname ~ inventory_hostname
"""
NO_STATIC = {
    "inventory/hosts/servers.yml": None,
    "inventory/hosts/routers.yml": None,
    "inventory/hosts/group_vars/routers.yml": None,
    "inventory/topology.yml": "sites: {HERE: {name: Here, halls: [A]}}\n",
}


def _agrees(root, workdir, source="inventory/hosts"):
    answer, _ = oracle.listing(root / source, workdir)
    loaded = estate.load(root)
    for name in loaded.names:
        theirs = {
            key: value for key, value in answer["_meta"]["hostvars"][name].items() if key != "dcctl"
        }
        assert dict(loaded.target(name).variables) == theirs
    assert set(loaded.names) == oracle.all_hosts(answer, "all")
    return loaded


def test_ini_and_a_plugin_and_a_program_beside_yaml_are_read_as_ansible_reads_them(tmp_path):
    files = {
        "inventory/hosts/zz_more.ini": INI,
        "inventory/hosts/zy_program": PROGRAM,
        "inventory/hosts/zzz_groups.yml": CONSTRUCTED,
        "inventory/hosts/group_vars/odd.yml": "odd: true\n",
    }
    root = site.write(tmp_path / "site", files)
    (root / "inventory/hosts/zy_program").chmod(0o755)
    loaded = _agrees(root, tmp_path / "empty")
    assert loaded.target("s3").variables["doubled"] == {"__ansible_unsafe": "s3s3"}
    assert loaded.target("s3").variables["odd"] is True
    assert loaded.target("s7").variables["from"] == "program"
    assert loaded.target("s3").intent["services"]["listening"] == [22]
    assert loaded.groups["halls"] == loaded.groups["servers"]


def test_one_ini_file_without_a_suffix_is_an_inventory_too(tmp_path):
    files = {name: None for name in site.FILES if name.startswith("inventory/hosts/")}
    files |= NO_STATIC | {
        "inventory/hosts": INI,
        "inventory/group_vars/all.yml": site.FILES["inventory/hosts/group_vars/all.yml"],
        "inventory/group_vars/servers.yml": site.FILES["inventory/hosts/group_vars/servers.yml"],
    }
    root = site.write(tmp_path / "site", files)
    loaded = _agrees(root, tmp_path / "empty")
    assert loaded.names == ("s1", "s3", "s4")


@pytest.mark.parametrize("name", ["inventory/hosts", "inventory/hosts.yml"])
def test_one_yaml_file_is_an_inventory_too(tmp_path, name):
    files = {one: None for one in site.FILES if one.startswith("inventory/hosts/")}
    files |= NO_STATIC | {
        name: site.FILES["inventory/hosts/servers.yml"],
        "inventory/group_vars/all.yml": site.FILES["inventory/hosts/group_vars/all.yml"],
        "inventory/group_vars/servers.yml": site.FILES["inventory/hosts/group_vars/servers.yml"],
    }
    root = site.write(tmp_path / "site", files)
    assert _agrees(root, tmp_path / "empty", name).names == ("s1", "s2")


def test_what_ansible_can_not_read_is_told_with_its_file(tmp_path):
    root = site.write(tmp_path, {"inventory/hosts/zz.ini": "[broken\n"})
    (complaint,) = estate.check(root)
    assert complaint.place.file == "inventory/hosts/zz.ini"
    assert "ansible-inventory can't read it" in str(complaint.text)
    assert "\n" not in str(complaint)
