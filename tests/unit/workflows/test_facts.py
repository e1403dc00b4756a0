"""facts, parse and snapshot through the command line, against simulated elements over real SSH."""

from __future__ import annotations

import json

import pytest

from tests import command_line

XE, JUNOS = "p01-pe1", "p79-pe2"
BOTH = f"{XE}:{JUNOS}"
NEIGHBORS = """\
Neighbor ID     Pri   State           Dead Time   Address         Interface
10.255.0.1        1   FULL/DR         00:00:36    10.0.0.1        GigabitEthernet0/0/0
"""


def dcctl(root, *arguments, text="", language="en"):
    return command_line.dcctl(*arguments, cwd=root, env={"DCCTL_LANG": language}, text=text)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site made from the sample, two of its routers raised as twins."""
    root = tmp_path_factory.mktemp("site")
    made = dcctl(root, "init", str(root / "s"))
    assert made.returncode == 0, made
    root /= "s"
    up = dcctl(root, "lab", "up", "--limit", BOTH)
    assert up.returncode == 0, up
    yield root
    dcctl(root, "lab", "down")


def test_a_topic_is_told_with_its_raw_answer(site):
    done = dcctl(site, "facts", XE, "version", "bgp", "--raw", "--lab", "-o", "json")
    assert done.returncode == 0, done
    version, bgp = json.loads(done.stdout)
    assert (version["status"], version["value"]["hostname"]) == ("parsed", XE)
    assert version["value"]["release"] in version["raw"][0]
    assert (bgp["status"], bgp["value"]) == ("empty", None)
    table = dcctl(site, "facts", XE, "version", "--lab")
    assert XE in table.stdout
    assert "Cisco IOS" not in table.stdout  # raw only when asked for


def test_what_can_not_be_told_is_said_and_ends_with_4(site):
    done = dcctl(site, "facts", XE, "volumes", "version", "--lab", "-o", "json")
    assert done.returncode == 4
    volumes, version = json.loads(done.stdout)
    assert (volumes["status"], version["status"]) == ("no_template", "parsed")
    assert dcctl(site, "facts", XE, "nonsense", "--lab").returncode == 2
    assert dcctl(site, "facts", "nobody", "version", "--lab").returncode == 2


TOPICS = ("-t", "version", "-t", "interfaces", "-t", "optics", "-t", "bgp")


def test_snapshots_tell_what_became_worse(site):
    assert dcctl(site, "snapshot", "diff", "--lab").returncode == 2  # there is none yet
    take = dcctl(site, "snapshot", "take", "before", "--lab", "--limit", BOTH, *TOPICS)
    assert take.returncode == 0, take
    port = "interface=TenGigabitEthernet0/0/1"
    assert dcctl(site, "lab", "fault", XE, "link_down", port).returncode == 0
    alone = dcctl(site, "snapshot", "diff", "--lab")
    assert (alone.returncode, "no snapshot before" in alone.stderr) == (2, True), alone.stderr
    take = dcctl(site, "snapshot", "take", "after", "--lab", "--limit", BOTH, *TOPICS)
    assert take.returncode == 0, take
    same = dcctl(site, "snapshot", "diff", "after", "after", "--lab")
    assert (same.returncode, same.stdout) == (0, "")
    done = dcctl(site, "snapshot", "diff", "--lab", "-o", "json")
    assert done.returncode == 3
    told = {
        (one["target"], one["difference"]["topic"], one["difference"]["field"])
        for one in json.loads(done.stdout)["differences"]
        if one["difference"]["verdict"] == "worse"
    }
    assert (XE, "optics", "rx_dbm") in told
    assert {target for target, _, _ in told} == {XE}
    assert dcctl(site, "lab", "fault", XE, "service_stopped").returncode == 0
    take = dcctl(site, "snapshot", "take", "gone", "--lab", "--limit", XE, *TOPICS)
    assert take.returncode == 4
    done = dcctl(site, "snapshot", "diff", "before", "gone", "--lab", "-o", "json")
    assert done.returncode == 4
    verdicts = [one["difference"]["verdict"] for one in json.loads(done.stdout)["differences"]]
    assert set(verdicts) == {"unknown"}
    listed = json.loads(dcctl(site, "snapshot", "list", "--lab", "-o", "json").stdout)
    assert [run["request"]["name"] for run in listed] == ["gone", "after", "before"]


def test_an_answer_in_a_file_needs_no_site_and_no_device(tmp_path):
    kept = tmp_path / "kept"
    kept.write_text(NEIGHBORS)
    command = ("parse", "cisco_xe", "show ip ospf neighbor")
    done = dcctl(tmp_path, *command, str(kept), "-o", "json")
    assert done.returncode == 0
    assert "10.255.0.1" in done.stdout
    assert json.loads(done.stdout)["status"] == "parsed"
    assert dcctl(tmp_path, *command, "-", text=NEIGHBORS).returncode == 0
    assert dcctl(tmp_path, *command, text="nothing of the kind").returncode == 4
    assert dcctl(tmp_path, *command, str(tmp_path / "none")).returncode == 2
    assert dcctl(tmp_path, "parse", "nobodys_os", "show version", str(kept)).returncode == 2
    done = dcctl(tmp_path, "parse", "cisco_xe", "show nothing", str(kept), language="vi")
    assert done.returncode == 4
    assert "không có khuôn mẫu" in done.stdout
