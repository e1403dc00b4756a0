"""The sample estate on simulated elements behind real SSH, all commands by one fast clock."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcctl.lab.elements.site import Folder

if TYPE_CHECKING:
    from collections.abc import Sequence

Note = dict[str, Any]  # time, session, kind, text, subject
ROOT = Path(__file__).parents[2]
FACTOR = 10  # with more of it a busy machine's own time outweighs that of the twins
SIGNER = "an@dc.vn"
_PATIENCE_S = 1800  # of real time, for one command


@dataclass(frozen=True, slots=True)
class FastSite:
    """A site folder of its own; its lab is taken down by `down`."""

    root: Path
    environment: dict[str, str]

    def dcctl(self, *argv: str, ends: Sequence[int] = (0,)) -> subprocess.CompletedProcess[str]:
        """The command line, to its end."""
        done = subprocess.run(
            [sys.executable, "-m", "dcctl", *argv],
            cwd=self.root,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            check=False,
        )
        assert done.returncode in ends, f"{argv}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done

    def begun(self, *argv: str) -> subprocess.Popen[bytes]:
        """The command line, at work; what it says is added to `said.log`."""
        with (self.root / "said.log").open("ab") as said:
            return subprocess.Popen(
                [sys.executable, "-m", "dcctl", *argv],
                cwd=self.root,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    def furnished(self, limit: str) -> None:
        """Twins that are up, built, with their images staged and their backups kept."""
        self.dcctl("lab", "up", "--limit", limit)
        self.dcctl("build", "--lab", "--yes", ends=(0, 3, 4))  # findings are not tried here
        self.dcctl("images", "stage", "--lab", "--yes")
        self.dcctl("backup", "run", "--lab")

    def planned(self, limit: str, *more: str) -> str:
        """The hash of a campaign that a second person has signed."""
        argv = ("upgrade", "plan", "--lab", "--limit", limit, "-o", "json", *more)
        made = str(json.loads(self.dcctl(*argv, ends=(5,)).stdout)["hash"])
        for role in ("approver", "no_safety_net"):
            sign = ("--key", str(self.root / "an"), "--as", SIGNER, "--role", role, "--yes")
            self.dcctl("approve", made, "--lab", *sign, ends=(0, 6))
        return made

    def notes(self, name: str) -> list[Note]:
        """What a twin wrote down itself; under no name: what the network did."""
        log = Folder(self.root / ".dcctl/lab/elements").log(name)
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        return [json.loads(line) for line in lines]

    def down(self) -> None:
        """Take the lab away."""
        self.dcctl("lab", "down")


def fast_site(
    folder: Path, upgrade: dict[str, int] | None = None, factor: float = FACTOR
) -> FastSite:
    """Signed for by a second person, patient where time runs fast; `upgrade` is its policy."""
    shutil.copytree(ROOT / "inventory", folder / "inventory")
    told = (ROOT / "dcctl.yml").read_text()
    assert "safety_net_s: 120 " in told
    policy = f"upgrade: {json.dumps(upgrade or {})}"
    told = told.replace("safety_net_s: 120 ", f"{policy}\n  safety_net_s: {120 * factor:g} ")
    (folder / "dcctl.yml").write_text(told)
    key = folder / "an"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    public = key.with_suffix(".pub").read_text()
    (folder / "inventory/allowed_signers").write_text(f"{SIGNER} {public}")
    origin = datetime.now(UTC).isoformat()
    fast = {"DCCTL_CLOCK": f"accelerated:{factor:g}@{origin}", "PYTHONPATH": str(ROOT)}
    return FastSite(folder, {**os.environ, **fast})


# --- what twins wrote down themselves ---


def boots(notes: Sequence[Note]) -> list[str]:
    """The releases that an element went down for, in order; nothing for that which it runs."""
    downs = [one for one in notes if one["kind"] == "boot" and one["text"] == "down"]
    return [one.get("subject", "") for one in downs]


def came_up_with(notes: Sequence[Note]) -> str:
    """The release that an element came up with last; nothing where it was never down."""
    ups = [one["subject"] for one in notes if one["kind"] == "boot" and one["text"] == "up"]
    return ups[-1] if ups else ""


def settled(notes: Sequence[Note]) -> bool:
    """Whether it is up in the end, and no traffic is led round it."""
    last = {one["kind"]: one["text"] for one in notes}
    return last.get("boot", "up") == "up" and last.get("drain", "cleared") == "cleared"


def never_both(one: Sequence[Note], other: Sequence[Note]) -> None:
    """Assert that two fellows were never down, or had traffic led round them, at once."""
    for begun, ended in _away(one):
        for since, until in _away(other):
            assert ended <= since or until <= begun, ((begun, ended), (since, until))


def _away(notes: Sequence[Note]) -> list[tuple[str, str]]:
    """When an element was down, or had traffic led round it: times that sort as text."""
    found, since = [], dict.fromkeys(("boot", "drain"), "")
    for note in notes:
        kind, text = note["kind"], note["text"]
        if kind in since and text in {"down", "set"}:
            since[kind] = since[kind] or note["time"]
        elif since.get(kind):
            found.append((since[kind], note["time"]))
            since[kind] = ""
    return found + [(begun, "9") for begun in since.values() if begun]
