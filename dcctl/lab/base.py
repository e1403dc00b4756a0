"""The trees that the lab's real hosts stand on.

A Debian base, layers above it, and a package mirror.

All three lie in the lab's store (`store.folder()`), are made from this machine's own apt
configuration, and are shared by every lab of the machine, read-only. A host stacks them with
overlayfs and writes into a folder of its own.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from dcctl.lab import apt_sources, commands, kernel, store
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dcctl.lab.store import Progress

RECIPE = "1"  # part of every key: raise it when what is done below changes
INCLUDE = [
    "systemd",
    "systemd-sysv",
    "dbus",
    "openssh-server",
    "python3",
    "python3-apt",
    "iproute2",
    "iputils-ping",
    "ca-certificates",
    "sudo",
    "procps",
    "kmod",
    "udev",
    "locales",
    "less",
    "ethtool",
]
LAYERS = {"frr": ("frr", "frr-pythontools", "lldpd")}
# What has no meaning in a host that shares the machine's kernel, or would wait for hardware; and,
# since all hosts share the kernel's small number of inotify instances (128 as a rule), what watches
# files that nobody writes.
MASKED = [
    "systemd-udevd.service",
    "systemd-udevd-control.socket",
    "systemd-udevd-kernel.socket",
    "systemd-udev-trigger.service",
    "systemd-udev-settle.service",
    "systemd-timesyncd.service",
    "getty@tty1.service",
    "console-getty.service",
    "systemd-logind.service",
    "systemd-ask-password-console.path",
    "systemd-ask-password-wall.path",
    "dev-hugepages.mount",
    "sys-kernel-debug.mount",
    "sys-kernel-tracing.mount",
    "sys-kernel-config.mount",
    "sys-fs-fuse-connections.mount",
    "systemd-modules-load.service",
    "e2scrub_reap.service",
    "e2scrub_all.timer",
    "apt-daily.timer",
    "apt-daily-upgrade.timer",
    "dpkg-db-backup.timer",
]
_FILES = {
    "etc/apt/apt.conf.d/90lab": (
        'APT::Install-Recommends "false";\nAcquire::Languages "none";\nDPkg::Use-Pty "false";\n'
    ),
    "etc/dpkg/dpkg.cfg.d/lab": "force-unsafe-io\n",
    "etc/machine-id": "",
    "etc/hosts": "127.0.0.1 localhost\n",
    "etc/resolv.conf": "",
    # /proc/sys is read-only but for net, so that no host changes the machine's kernel: what net
    # allows is still set.
    "etc/systemd/system/systemd-sysctl.service.d/lab.conf": ("[Unit]\nConditionPathIsReadWrite=\n"),
    # The clock is the machine's: chronyd measures and reports, and is not able to set it.
    "etc/systemd/system/chrony.service.d/lab.conf": (
        "[Unit]\nConditionCapability=\n[Service]\nExecStart=\n"
        "ExecStart=!/usr/sbin/chronyd -x $DAEMON_OPTS\n"
    ),
    # No device manager runs here, and without one systemd skips the devices of fstab.
    "etc/systemd/system/lab-fstab.service": (
        "[Unit]\nDescription=Mount the file systems of fstab\nDefaultDependencies=no\n"
        "After=systemd-remount-fs.service\nBefore=local-fs.target\n"
        "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=-/usr/bin/mount -a\n"
        "[Install]\nWantedBy=local-fs.target\n"
    ),
}


def tree(progress: Progress) -> Path:
    """The base tree: minimal Debian with systemd, sshd and Python, without keys or identity."""
    commands.need("debootstrap", "chroot")
    release = apt_sources.codename()
    sources = apt_sources.debian(apt_sources.configured(), release)
    return store.built(
        "base",
        _base_key(release),
        lambda place: kernel.with_own_mounts(lambda: _bootstrap(place, sources[0])),
        title=N_("building the tree of the lab's hosts, once for this machine (about a minute)"),
        progress=progress,
    )


def _base_key(release: str) -> str:
    return store.key(RECIPE, release, *INCLUDE, *MASKED, *_FILES, *_FILES.values())


def _bootstrap(place: Path, source: apt_sources.Source) -> None:
    options = [
        "--variant=minbase",
        f"--include={','.join(INCLUDE)}",
        *([f"--keyring={source.signed_by}"] if source.signed_by else []),
        *(["--no-check-gpg"] if source.trusted else []),
    ]
    commands.run(
        ["debootstrap", *options, source.suite, str(place), source.uri],
        environment=_download_environment(),
        timeout=1800,
    )
    # What debootstrap mounted ends with this thread's mounts, but must not be in the way of the
    # rename.
    for mounted in ("proc/sys/fs/binfmt_misc", "proc", "sys", "dev/pts", "dev/shm"):
        _unmount_quietly(place / mounted)
    for unit in MASKED:
        _link(place / "etc/systemd/system" / unit, "/dev/null")
    for name, content in _FILES.items():
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        file.write_text(content)
    wants = place / "etc/systemd/system"
    _link(
        wants / "local-fs.target.wants/lab-fstab.service", "/etc/systemd/system/lab-fstab.service"
    )
    _link(wants / "multi-user.target.wants/ssh.service", "/lib/systemd/system/ssh.service")
    for archive in (place / "var/cache/apt/archives").glob("*.deb"):
        archive.unlink()
    for pattern in ("etc/ssh/ssh_host_*", "var/lib/apt/lists/*_*", "etc/apt/sources.list"):
        for file in place.glob(pattern):
            file.unlink()
    (place / "var/cache/apt/pkgcache.bin").unlink(missing_ok=True)


def _unmount_quietly(place: Path) -> None:
    try:
        kernel.unmount(place, kernel.MNT_DETACH)
    except OSError:
        return  # it was not mounted


def _link(place: Path, target: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    place.symlink_to(target)


def _download_environment() -> dict[str, str]:
    """This process's environment, with apt's own proxy settings for programs that are not apt."""
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive", LC_ALL="C.UTF-8")
    for scheme in ("http", "https"):
        proxy = _apt_setting(f"Acquire::{scheme}::Proxy")
        if proxy and proxy != "DIRECT":
            environment.setdefault(f"{scheme}_proxy", proxy)
    return environment


def _apt_setting(name: str) -> str:
    line = commands.run(["apt-config", "shell", "value", name]).strip()
    return line.removeprefix("value=").strip("'")


def mirror(packages: Iterable[str], progress: Progress) -> Path:
    """A flat repository of `packages`, the layers' packages, and all they need beyond the base."""
    commands.need("apt-get", "dpkg-scanpackages")
    base = tree(progress)
    wanted = sorted({*packages, *(name for names in LAYERS.values() for name in names)})
    release = apt_sources.codename()
    sources = apt_sources.debian(apt_sources.configured(), release)
    return store.built(
        "mirror",
        store.key(base.name, RECIPE, *wanted),
        lambda place: _download(place, base, sources, wanted),
        title=N_("downloading the packages that the roles install, for the lab's mirror"),
        progress=progress,
    )


def _download(
    place: Path, base: Path, sources: Sequence[apt_sources.Source], packages: Sequence[str]
) -> None:
    """Fetch with an apt state of our own, so that the machine's is neither needed nor touched."""
    state = place / ".apt"
    for name in ("lists/partial", "cache/archives/partial", "etc"):
        (state / name).mkdir(parents=True)
    (state / "etc/sources.list").write_text("".join(f"{s.line()}\n" for s in sources))
    settings = {
        "Dir::Etc::sourcelist": state / "etc/sources.list",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State::lists": state / "lists",
        "Dir::State::status": base / "var/lib/dpkg/status",
        "Dir::State::extended_states": state / "extended_states",
        "Dir::Cache": state / "cache",
        "Dir::Cache::archives": place,
        "APT::Sandbox::User": "root",
        "APT::Install-Recommends": "false",
        "APT::Keep-Downloaded-Packages": "true",
        "Acquire::Languages": "none",
        "Debug::NoLocking": "true",
    }
    options = [item for name, value in settings.items() for item in ("-o", f"{name}={value}")]
    (place / "partial").mkdir()
    commands.run(["apt-get", "-q", *options, "update"], timeout=600)
    commands.run(
        ["apt-get", "-q", "-y", *options, "install", "--download-only", *packages], timeout=1800
    )
    shutil.rmtree(state)
    shutil.rmtree(place / "partial", ignore_errors=True)
    (place / "lock").unlink(missing_ok=True)
    index = commands.run(["dpkg-scanpackages", "--multiversion", str(place)], timeout=300)
    # Names relative to the mirror: it is renamed after this, and served from elsewhere.
    content = index.replace(f"Filename: {place}/", "Filename: ./").encode()
    (place / "Packages").write_bytes(content)
    # With it apt knows that there are no compressed indexes, and does not ask for them.
    (place / "Release").write_text(
        f"Origin: dcctl\nLabel: lab\nArchitectures: all\nDate: Thu, 01 Jan 2026 00:00:00 UTC\n"
        f"SHA256:\n {hashlib.sha256(content).hexdigest()} {len(content)} Packages\n"
    )


def layer(name: str, packages: Iterable[str], progress: Progress) -> Path:
    """What `LAYERS[name]` adds to the base tree, as a lower folder for overlayfs."""
    base = tree(progress)
    repository = mirror(packages, progress)
    return store.built(
        f"layer-{name}",
        store.key(base.name, *LAYERS[name]),
        lambda place: kernel.with_own_mounts(
            lambda: _install(place, base, repository, LAYERS[name])
        ),
        title=N_("building the tree of the lab's routers, once for this machine"),
        progress=progress,
    )


def _install(place: Path, base: Path, repository: Path, packages: Sequence[str]) -> None:
    """Install into an overlay whose upper folder becomes the layer, without starting a service."""
    scratch = place.with_name(f"{place.name}.scratch")
    shutil.rmtree(scratch, ignore_errors=True)
    root, work = scratch / "root", scratch / "work"
    root.mkdir(parents=True)
    work.mkdir()
    try:
        stack(root, [base], place, work)
        policy = root / "usr/sbin/policy-rc.d"
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
        (root / "mnt/mirror").mkdir(parents=True)
        kernel.mount(str(repository), root / "mnt/mirror", "", kernel.MS_BIND)
        kernel.mount("proc", root / "proc", "proc")
        kernel.mount("/dev", root / "dev", "", kernel.MS_BIND)
        source = root / "etc/apt/sources.list.d/layer.list"
        source.write_text("deb [trusted=yes] file:/mnt/mirror ./\n")
        environment = _download_environment() | {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
        for action in (["update"], ["install", "-y", *packages], ["clean"]):
            commands.run(
                ["chroot", str(root), "apt-get", "-q", "-o", "APT::Sandbox::User=root", *action],
                environment=environment,
                timeout=900,
            )
        for mounted in ("mnt/mirror", "proc", "dev"):
            kernel.unmount(root / mounted, kernel.MNT_DETACH)
        source.unlink()
        policy.unlink()
        (root / "mnt/mirror").rmdir()
        for listing in (root / "var/lib/apt/lists").glob("*Packages*"):
            listing.unlink()
        kernel.unmount(root)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def stack(root: Path, lower: Sequence[Path], upper: Path, work: Path) -> None:
    """Mount `lower` (topmost first) under the writable folder `upper` at `root`."""
    options = f"lowerdir={':'.join(map(str, lower))},upperdir={upper},workdir={work}"
    kernel.mount("overlay", root, "overlay", 0, options)
