"""The FRR template against a real FRR: every line is taken, and what then runs was asked for."""

from __future__ import annotations

import os
import subprocess

import pytest

from dcctl import discovery, estate
from dcctl.lab import base, packages
from dcctl.planning.render import render, template_paths

ROOT = discovery.data_root()
DAEMONS = "zebra staticd bfdd ospfd isisd bgpd"
# In network, mount, UTS and process namespaces of its own; when the shell ends, so does all of it.
SCRIPT = r"""
set -e
mount -t tmpfs none "$WORK"; mkdir "$WORK/upper" "$WORK/work" "$WORK/root"
folders="lowerdir=$LAYER:$TREE,upperdir=$WORK/upper,workdir=$WORK/work"
mount -t overlay overlay -o "$folders" "$WORK/root"
mount -t proc proc "$WORK/root/proc"
echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding
hostname "$NAME"; ip link set lo up
for port in $PORTS; do
  ip link add "$port" type veth peer name "far-$port"; ip link set "$port" up
done
printf '%s' "$CONFIGURATION" > "$WORK/root/tmp/intended"
exec chroot "$WORK/root" sh -c '
  mkdir -p /run/frr; chown frr:frr /run/frr; : > /etc/frr/frr.conf
  for daemon in $DAEMONS; do /usr/lib/frr/$daemon -d -A 127.0.0.1 >&2 || exit 9; done
  vtysh -f /tmp/intended >&2 || exit 8
  vtysh -c "show running-config"'
"""

pytestmark = [pytest.mark.lab, pytest.mark.skipif(os.geteuid() != 0, reason="needs root")]


@pytest.fixture(scope="module")
def trees():
    def quiet(_text):
        pass

    return base.layer("frr", packages.wanted(ROOT), quiet), base.tree(quiet)


@pytest.mark.parametrize("name", ["hl-oob-r1", "hl-oob-r2", "hl-oob-r3"])
def test_frr_runs_what_the_template_says(name, trees, tmp_path):
    target = estate.load(ROOT).target(name)
    intended = render(target, template_paths(ROOT))
    layer, tree = trees
    done = subprocess.run(
        ["unshare", "-n", "-m", "-u", "-p", "-f", "--kill-child", "bash", "-c", SCRIPT],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "WORK": str(tmp_path),
            "LAYER": str(layer),
            "TREE": str(tree),
            "NAME": name,
            "PORTS": " ".join(port.name for port in target.interfaces if port.medium == "ethernet"),
            "DAEMONS": DAEMONS,
            "CONFIGURATION": intended,
        },
    )
    assert done.returncode == 0, done.stderr
    assert lines(done.stdout) == lines(intended)


def lines(text):
    """A configuration without what FRR adds around it."""
    whole = text.partition("Current configuration:\n")[2] or text
    return [
        line
        for line in whole.splitlines()
        if line.strip(" !") and line != "end" and not line.startswith("frr version")
    ]
