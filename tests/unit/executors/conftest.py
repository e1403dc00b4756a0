"""Real parts for the doors: an OpenSSH server, simulated elements, a context that keeps all."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from dcctl import discovery, estate
from dcctl.contracts import Context
from dcctl.executors import hostkeys
from dcctl.lab import elements, pki
from dcctl.model.target import Connection, Target

ROOT = discovery.data_root()
PASSWORD = "correct-horse-77"


@dataclass
class Kept:
    """What a context was given."""

    blobs: dict[str, bytes] = field(default_factory=dict)
    events: list[tuple] = field(default_factory=list)
    on_event: object = None

    def keep(self, content, *, target, media_type="text/plain", original=""):
        data = content if isinstance(content, bytes) else content.encode()
        digest = hashlib.sha256(data).hexdigest()
        self.blobs[digest] = data
        return digest

    def emit(self, kind, *, target="", step="", durable=False, **data):
        self.events.append((kind, target, step, durable, data))
        if self.on_event:
            self.on_event(kind, step, durable)


@dataclass
class Maker:
    """Makes contexts that share what is kept."""

    folder: Path
    kept: Kept = field(default_factory=Kept)

    def __call__(self, **options):
        return Context(
            run="run",
            shard="shard",
            folder=str(self.folder),
            site_root=str(self.folder),
            lab=True,
            options=options,
            emit=self.kept.emit,
            keep=self.kept.keep,
            cancelled=lambda: False,
        )


@pytest.fixture
def contexts(tmp_path):
    return Maker(tmp_path)


# --- OpenSSH -----------------------------------------------------------------------------------


@dataclass
class Sshd:
    """A running sshd; `credentials` fit it."""

    folder: Path
    port: int
    process: subprocess.Popen
    log: Path
    user: str
    host_key: str

    @property
    def credentials(self):
        return {
            "key": {"username": self.user, "key": str(self.folder / "client")},
            "password": {"username": "probe", "password": f"file:{self.folder / 'secret'}"},
            "wrong": {"username": "probe", "password": f"file:{self.folder / 'wrong'}"},
        }

    def target(self, credential="key", **more):
        return Target(
            name="server",
            platform="linux",
            kind="server",
            connection=Connection(
                **{
                    "address": "127.0.0.1",
                    "port": self.port,
                    "credential": credential,
                    "host_key_alias": "server",
                    "known_hosts": str(self.folder / "known_hosts"),
                }
                | more
            ),
        )

    def said(self, pattern, text=None):
        return re.findall(pattern, self.log.read_text() if text is None else text)

    def sessions(self):
        """Pids of the processes that serve connections."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]


CONFIG = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
PidFile none
AuthorizedKeysFile {folder}/authorized
PasswordAuthentication yes
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
PermitRootLogin yes
LogLevel VERBOSE
MaxStartups 100
AllowTcpForwarding yes
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def keygen(path):
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", str(path)], check=True
    )


@pytest.fixture
def sshd(tmp_path_factory):
    """An sshd on a port of its own; for root it also knows a user with a password."""
    program = shutil.which("sshd", path="/usr/sbin:/usr/bin:/sbin")
    if not program:
        pytest.skip("needs openssh-server")
    started = start_sshd(tmp_path_factory.mktemp("sshd"), program)
    yield started
    for pid in started.sessions():
        with suppress(ProcessLookupError):  # it ends while we look
            os.kill(pid, signal.SIGCONT)
    started.process.send_signal(signal.SIGCONT)
    started.process.terminate()
    started.process.wait(10)


def start_sshd(folder, program="/usr/sbin/sshd", more=""):
    keygen(folder / "host")
    keygen(folder / "client")
    (folder / "authorized").write_text((folder / "client.pub").read_text())
    for name, text in (("secret", PASSWORD), ("wrong", "wrong-horse-99")):
        (folder / name).touch(mode=0o600)
        (folder / name).write_text(text + "\n")
    port = free_port()
    config, log = folder / "config", folder / "log"
    config.write_text(CONFIG.format(port=port, folder=folder) + more)
    command = [program, "-D", "-e", "-f", str(config)]
    if os.geteuid() == 0:
        command = in_namespace(folder, command)
    with log.open("wb") as output:
        process = subprocess.Popen(command, stderr=output, stdin=subprocess.DEVNULL)
    wait_for(lambda: "Server listening" in log.read_text(), process)
    host_key = " ".join((folder / "host.pub").read_text().split()[:2])
    hostkeys.pin(folder / "known_hosts", "server", host_key)
    user = os.environ.get("USER") or "root"
    return Sshd(folder, port, process, log, "root" if os.geteuid() == 0 else user, host_key)


def in_namespace(folder, command):
    """`command` where /etc/passwd and /etc/shadow also know `probe`, and nobody else sees it."""
    hashed = subprocess.run(
        ["openssl", "passwd", "-6", "-stdin"],
        input=PASSWORD,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    (folder / "passwd").write_text(
        Path("/etc/passwd").read_text() + f"probe:x:64999:65534::{folder}:/bin/sh\n"
    )
    (folder / "shadow").write_text(
        Path("/etc/shadow").read_text() + f"probe:{hashed}:19000:0:99999:7:::\n"
    )
    (folder / "shadow").chmod(0o600)
    script = (
        'mkdir -p /run/sshd; mount --bind "$1/passwd" /etc/passwd; '
        'mount --bind "$1/shadow" /etc/shadow; shift; exec "$@"'
    )
    return ["unshare", "-m", "sh", "-c", script, "sh", str(folder), *command]


def wait_for(condition, process=None, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert process is None or process.poll() is None, "it ended"
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="a user with a password needs root")


# --- simulated elements ------------------------------------------------------------------------


@dataclass
class Elements:
    """Simulated elements of the sample estate, served over SSH."""

    folder: Path
    targets: dict[str, Target]

    def context(self, contexts, **options):
        credentials = {"lab": elements.credential(self.folder)}
        standard = {"credentials": credentials, "timeouts": {"command": 10, "connect": 5}}
        return contexts(**(standard | {"safety_net_s": 60, "approved": ["destructive"]} | options))

    def fault(self, name, fault, **arguments):
        elements.fault(self.folder, name, fault, **arguments)

    def log(self, name):
        return elements.log(self.folder, name)

    def commands(self, name):
        return [row.get("text", "") for row in self.log(name) if row["kind"] == "command"]

    def password(self):
        path = elements.credential(self.folder)["password"].removeprefix("file:")
        return Path(path).read_text().strip()


@pytest.fixture(scope="session")
def sample():
    return estate.load(ROOT)


@pytest.fixture
def raise_elements(sample, tmp_path):
    """Raise elements of the sample estate by name, or targets; they are gone after the test."""
    with raiser(sample, tmp_path) as raising:
        yield raising


@contextmanager
def raiser(sample, parent):
    """Raises elements in folders below `parent`, until the block ends."""
    folders = []

    def raising(*names):
        folder = parent / f"lab{len(folders)}"
        targets = [one if isinstance(one, Target) else sample.target(one) for one in names]
        pki.invent(parent / ".dcctl/lab", targets)
        entries = elements.up(targets, folder, hashlib.sha1(str(folder).encode()).hexdigest()[:8])
        folders.append(folder)
        known_hosts = folder / "known_hosts"
        for entry in entries:
            hostkeys.pin(known_hosts, entry.name, entry.host_key)
        at = {entry.name: entry for entry in entries}

        def connection(name):
            return Connection(
                address=at[name].address,
                port=at[name].port,
                host_key_alias=name,
                known_hosts=str(known_hosts),
                credential="lab",
            )

        return Elements(
            folder,
            {
                target.name: replace(
                    target,
                    connection=connection(target.name),
                    console=connection(f"{target.name}.console") if target.console else None,
                )
                for target in targets
            },
        )

    try:
        yield raising
    finally:
        for folder in folders:
            elements.down(folder)


@pytest.fixture
def processes():
    """Start programs that end with the test."""
    running = []

    def start(*command, **more):
        running.append(subprocess.Popen([sys.executable, *command], **more))
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.wait()


@contextmanager
def silent_port():
    """(port, whether somebody's SYN to it waits): a port whose dials are never answered.

    Its queue of one is full; once the block has ended dials are refused.
    """
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        first.connect(("127.0.0.1", port))
        second.settimeout(0)
        second.connect_ex(("127.0.0.1", port))

        def waits():
            wanted = f"0100007F:{port:04X} 02"  # SYN_SENT
            lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()
            others = f"0100007F:{second.getsockname()[1]:04X} "
            return any(wanted in line and others not in line for line in lines)

        yield port, waits
