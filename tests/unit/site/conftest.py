"""The sample estate as its files, Ansible and dcctl say it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from dcctl import discovery, estate

INVENTORY = discovery.data_root() / "inventory"


@pytest.fixture(scope="session")
def ansible_inventory(tmp_path_factory):
    """What `ansible-inventory --list` says, and what it complains about."""
    home = tmp_path_factory.mktemp("ansible")
    program = Path(sys.executable).with_name("ansible-inventory")
    done = subprocess.run(
        [program, "-i", INVENTORY / "hosts", "--list"],
        capture_output=True,
        text=True,
        check=True,
        cwd=home,  # Ansible also reads group_vars beside the working directory
        env={"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8"},
    )
    return json.loads(done.stdout), done.stderr


@pytest.fixture(scope="session")
def hostvars(ansible_inventory):
    """Ansible's variables of every host; `dcctl` as dcctl merges it, which Ansible does not."""
    found = ansible_inventory[0]["_meta"]["hostvars"]
    sample = estate.load(discovery.data_root())
    return {name: {**found[name], "dcctl": sample.target(name).intent} for name in sample.names}


@pytest.fixture(scope="session")
def members(ansible_inventory):
    """The hosts of a group, those of its children included."""
    groups = ansible_inventory[0]

    def of(name):
        group = groups[name]
        below = [host for child in group.get("children", ()) for host in of(child)]
        return sorted({*group.get("hosts", ()), *below})

    return of


@pytest.fixture(scope="session")
def topology():
    return yaml.load((INVENTORY / "topology.yml").read_text(), yaml.CSafeLoader)


@pytest.fixture(scope="session")
def racks():
    return yaml.load((INVENTORY / "racks.yml").read_text(), yaml.CSafeLoader)
