"""Adding one thing is adding one file: a site brings its own platform, check, report and role.

Nothing of dcctl is edited: the Python contributions come through entry points of an installed
distribution, the role lies in the site's own folder. All are then really used, in one site, from
the command line.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

FILES = {
    "plugin/acme_platform.py": '''
        """ACME OS, read from transcripts."""
        from dcctl.contracts import Collector, Platform
        from dcctl.errors import Unparsed
        from dcctl.facts.version import Version

        def parse(outputs):
            words = outputs[0].text.split()
            if words[:2] != ["ACME", "OS"]:
                raise Unparsed("no version in {text}", text=outputs[0].text)
            return Version(os="acme", release=words[2], hostname=words[3])

        PLATFORM = Platform(
            name="acme_os", title="ACME OS", executor="replay",
            read_only=(r"show version",),
            collectors=(Collector(topic="version", commands=("show version",), parse=parse),),
        )
    ''',
    "plugin/acme_check.py": '''
        """ACME's own rule."""
        from dcctl.contracts import Check, Judgement
        from dcctl.model.status import FindingStatus, Severity
        from dcctl.text import Text

        def judge(target, facts, parameters):
            release = facts["version"].release
            good = release >= parameters["oldest"]
            return Judgement(
                status=FindingStatus.PASS if good else FindingStatus.FAIL,
                message=Text("release {release}", {"release": release}),
                observed=release, expected=parameters["oldest"],
            )

        CHECKS = (
            Check(
                id="acme.release", title="ACME OS is recent", pack="acme", severity=Severity.HIGH,
                topics=("version",), judge=judge, rationale="why", remediation="upgrade",
                parameters={"oldest": "7.0"},
                applies=lambda target: "" if target.platform == "acme_os" else "not ACME OS",
            ),
        )
    ''',
    "plugin/acme_report.py": '''
        """One word a finding."""
        from dcctl.contracts import Report

        def render(record, language):
            rows = [f"{f.target} {f.check} {f.status.value}" for f in record.findings]
            return ("\\n".join(rows) + "\\n").encode()

        REPORT = Report(
            format="words", title="Words", media_type="text/plain", suffix="txt", render=render
        )
    ''',
    "plugin/acme-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n",
    "plugin/acme-1.0.dist-info/entry_points.txt": """
        [dcctl.platforms]
        acme_os = acme_platform
        [dcctl.checks]
        acme = acme_check
        [dcctl.reports]
        words = acme_report
    """,
    "site/dcctl.yml": """
        estate: acme
        checks:
          acme.release: {oldest: "8.0"}
    """,
    "site/inventory/hosts/all.yml": """
        all:
          hosts:
            box-new:
              ansible_host: 192.0.2.1
              dcctl: {platform: acme_os, kind: router, site: LAB, rack: R1, position: 1}
            box-old:
              ansible_host: 192.0.2.2
              dcctl: {platform: acme_os, kind: router, site: LAB, rack: R1, position: 2}
            srv:
              ansible_host: 192.0.2.3
              dcctl:
                platform: linux
                kind: server
                site: LAB
                rack: R1
                position: 3
                roles: [motd]
    """,
    "site/inventory/topology.yml": """
        sites:
          LAB: {name: Laboratory}
    """,
    "site/inventory/racks.yml": """
        halls:
          L: {site: LAB}
        racks:
          R1: {hall: L, height_u: 42}
    """,
    "site/transcripts/box-new/show_version.txt": "ACME OS 8.1 box-new\n",
    "site/transcripts/box-old/show_version.txt": "ACME OS 7.4 box-old\n",
    "site/roles/motd/tasks/main.yml": """
        ---
        - name: Write the message of the day
          ansible.builtin.copy:
            content: "Hello\\n"
            dest: /etc/motd
            mode: "0644"
    """,
    "site/roles/motd/dcctl.yml": """
        ---
        title: A message of the day
        applies_to: [linux]
        after: [base]
        risk: low
        verify: [system.hostname]
    """,
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(content).lstrip("\n"))
    return tmp_path / "site"


def dcctl(site: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dcctl", *arguments],
        cwd=site,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(site.parent / "plugin"), "DCCTL_LANG": "en"},
    )


def test_a_site_uses_its_own_platform_check_and_report(site: Path):
    checked = dcctl(site, "inventory", "check")
    assert checked.returncode == 0, checked.stdout + checked.stderr

    listed = dcctl(site, "check", "list")
    assert "acme.release" in listed.stdout, listed.stderr

    ran = dcctl(site, "check", "--limit", "box-*", "--pack", "acme", "--output", "json")
    assert ran.returncode == 3, ran.stderr
    record = json.loads(ran.stdout)
    found = {finding["target"]: finding["status"] for finding in record["findings"]}
    assert found == {"box-new": "pass", "box-old": "fail"}  # 7.4 would pass the untailored check

    report = dcctl(site, "report", "latest", "--format", "words")
    assert report.stdout.splitlines() == ["box-new acme.release pass", "box-old acme.release fail"]

    asked = dcctl(site, "exec", "--limit", "box-old", "--", "show", "version")
    assert "ACME OS 7.4" in asked.stdout, asked.stderr
    refused = dcctl(site, "exec", "--limit", "box-old", "--", "reload")
    assert refused.returncode == 6


def test_a_site_uses_its_own_role(site: Path):
    planned = dcctl(site, "plan", "--offline", "--limit", "srv", "--output", "json")
    assert planned.returncode == 5, planned.stderr
    plan = json.loads(planned.stdout)
    assert "srv/role:motd" in [step["id"] for step in plan["steps"]]
    assert list(plan["digests"]) == ["role:motd"]


def test_a_wrong_contribution_fails_at_start_and_names_its_file(site: Path):
    wrong = site.parent / "plugin" / "acme_check.py"
    wrong.write_text("CHECKS = 3\n")
    listed = dcctl(site, "check", "list")
    assert listed.returncode == 2
    assert "acme_check.py" in listed.stderr
    assert len(listed.stderr.strip().splitlines()) == 1


def test_shadowing_a_packaged_role_must_be_declared(site: Path):
    (site / "roles" / "motd").rename(site / "roles" / "base")
    (site / "roles" / "base" / "dcctl.yml").write_text(
        "---\ntitle: Mine\napplies_to: [linux]\nrisk: low\nverify: [system.hostname]\n"
    )
    hosts = site / "inventory" / "hosts" / "all.yml"
    hosts.write_text(hosts.read_text().replace("[motd]", "[base]"))
    refused = dcctl(site, "plan", "--offline", "--limit", "srv")
    assert refused.returncode == 2, refused.stderr
    assert "roles/base" in refused.stderr
    marker = site / "dcctl.yml"
    marker.write_text(marker.read_text() + "overrides: [roles/base]\n")
    allowed = dcctl(site, "plan", "--offline", "--limit", "srv")
    assert allowed.returncode == 5, allowed.stderr
