"""Secrets: one type that doesn't print, references to where they lie, and redaction by value.

Files and plans hold a `SecretRef`, never a value; `resolve` turns it into a `Secret` inside the
process that needs
it. Every secret that was ever made is known to `redact`, which takes it out of any text.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dcctl.errors import InvalidInput, MissingDependency, NotFound
from dcctl.text import N_

REDACTED = "«redacted»"
_SHORTEST = 4  # a shorter value would blank out innocent text
_values: set[str] = set()
_longest_first: tuple[str, ...] = ()
_in_json: frozenset[str] = frozenset()  # the same, as JSON in ASCII writes them
_lock = threading.Lock()


class Secret:
    """A value that shows itself only to `reveal`."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value
        remember(value)

    def reveal(self) -> str:
        """The value; call it only where it is handed over."""
        return self._value

    def __repr__(self) -> str:
        return "Secret()"

    __str__ = __repr__

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> tuple[Any, ...]:
        message = "a Secret is never pickled: pass its SecretRef"
        raise TypeError(message)


@dataclass(frozen=True, slots=True)
class SecretRef:
    """Where a secret lies: `source` is env, file, vault or prompt.

    `name` is the variable, path, or question.
    """

    source: str
    name: str

    @classmethod
    def parse(cls, text: str) -> SecretRef:
        """`env:NAME`, `file:PATH`, `vault:PATH#KEY`, `prompt:LABEL`.

        Raises:
            InvalidInput: anything else, such as a password written in clear.
        """
        source, separator, name = text.partition(":")
        if not separator or not name or source not in RESOLVERS:
            raise InvalidInput(
                N_(
                    "a secret is given as env:NAME, file:PATH, vault:PATH#KEY or prompt:LABEL, "
                    "never in clear"
                ),
                hint=N_("put the secret where one of these can find it"),
            )
        return cls(source, name)

    def __str__(self) -> str:
        return f"{self.source}:{self.name}"


MARK = re.compile("«secret:([^»\\s]+)»")  # where a secret belongs in a text that is no secret


def mark(reference: SecretRef) -> str:
    """What stands for a secret in a text until the text is used.

    Raises:
        InvalidInput: a name with spaces, which would not stay in one piece.
    """
    written = f"«secret:{reference}»"
    if not MARK.fullmatch(written):
        raise InvalidInput(
            N_("{reference}: the place of a key may have no spaces in it"), reference=str(reference)
        )
    return written


def resolve(reference: SecretRef, *, base: Path | None = None) -> Secret:
    """The secret that `reference` points at; relative files are under `base`.

    Raises:
        NotFound: it isn't there. InvalidInput: a secret file that others may read.
    """
    return RESOLVERS[reference.source](reference.name, base or Path.cwd())


def remember(value: str) -> None:
    """Make `redact` know a value that did not come through `Secret`."""
    if len(value) >= _SHORTEST:
        # Results of programs come as JSON, which writes quotes, line ends and accents otherwise.
        global _longest_first, _in_json  # noqa: PLW0603 - what this process knows, laid out for reading
        with _lock:
            _values.update(
                (value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1])
            )
            _longest_first = tuple(sorted(_values, key=len, reverse=True))
            _in_json = frozenset(json.dumps(value)[1:-1] for value in _values)


def redact(text: str) -> str:
    """`text` without any secret known to this process."""
    for value in _longest_first:
        if value in text:
            text = text.replace(value, REDACTED)
    return text


def is_in_json(text: str) -> bool:
    """Whether JSON in ASCII holds a secret known to this process in one of its strings."""
    for value in _in_json:  # noqa: SIM110 - of every event that is written, twice: as `is_clean`
        if value in text:
            return True
    return False


def _from_environment(name: str, _base: Path) -> Secret:
    value = os.environ.get(name)
    if value is None:
        raise NotFound(N_("the environment has no {name}"), hint=N_("export {name}=…"), name=name)
    return Secret(value)


def _from_file(name: str, base: Path) -> Secret:
    path = base / Path(name).expanduser()
    try:
        mode = path.stat().st_mode
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise InvalidInput(
                N_("{path} holds a secret and others may read it"),
                hint=N_("chmod 600 {path}"),
                path=str(path),
            )
        return Secret(path.read_text(encoding="utf-8").rstrip("\n"))
    except OSError as error:
        raise NotFound(N_("{path}: {error}"), path=str(path), error=error.strerror or "") from error


# Asking needs a terminal: the command line sets this.
ask: Callable[[str], str] | None = None
_answers: dict[str, Secret] = {}


def _from_prompt(label: str, _base: Path) -> Secret:
    if label not in _answers:
        if ask is None:
            raise NotFound(N_("{label} has to be asked for, and there is no terminal"), label=label)
        _answers[label] = Secret(ask(label))
    return _answers[label]


VAULT_PASSWORD = "DCCTL_VAULT_PASSWORD"  # noqa: S105 - the name of a variable
VAULT_PASSWORD_FILES = ("DCCTL_VAULT_PASSWORD_FILE", "ANSIBLE_VAULT_PASSWORD_FILE")
_VAULT_S = 60.0
# Prints the password out of the environment, so that it stands on no command line and in no file.
_PRINT_PASSWORD = f'#!/bin/sh\nprintf "%s" "${VAULT_PASSWORD}"\n'
_vaults: dict[tuple[str, int, int], dict[str, Any]] = {}


def _from_vault(name: str, base: Path) -> Secret:
    """`PATH#KEY` out of an Ansible Vault file of YAML; `KEY` may be dotted."""
    file, _, key = name.partition("#")
    path = base / Path(file).expanduser()
    try:
        stamp = path.stat()
    except OSError as error:
        raise NotFound(N_("{path}: {error}"), path=str(path), error=error.strerror or "") from error
    identity = (str(path), stamp.st_mtime_ns, stamp.st_size)
    if identity not in _vaults:
        _vaults[identity] = _opened(path)
    value: Any = _vaults[identity]
    for part in key.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise NotFound(N_("{path} holds no {key}"), path=str(path), key=key or "(no key given)")
    return Secret(str(value))


def _opened(path: Path) -> dict[str, Any]:
    """The decrypted file, by the `ansible-vault` program (`ansible` itself is never imported)."""
    beside = Path(sys.executable).with_name("ansible-vault")
    program = str(beside) if beside.exists() else shutil.which("ansible-vault")
    if not program:
        raise MissingDependency(
            N_("there is no ansible-vault program"), hint=N_("install ansible-core")
        )
    with tempfile.TemporaryDirectory(prefix="dcctl-vault-") as folder:
        password = _password_file(Path(folder))
        try:
            done = subprocess.run(
                [program, "view", "--vault-password-file", password, str(path)],
                capture_output=True,
                check=False,
                stdin=subprocess.DEVNULL,
                timeout=_VAULT_S,
                env={k: v for k, v in os.environ.items() if k in ("PATH", "HOME", VAULT_PASSWORD)},
            )
        except subprocess.TimeoutExpired:
            raise InvalidInput(
                N_("{path} could not be opened: ansible-vault gave no answer in {seconds:.0f} s"),
                hint=N_("a vault password file that is a program must not wait for anything"),
                path=str(path),
                seconds=_VAULT_S,
            ) from None  # its own message is the command
    if done.returncode != 0:
        raise InvalidInput(
            N_("{path} can't be opened with the vault password"),
            hint=N_("set DCCTL_VAULT_PASSWORD_FILE (or DCCTL_VAULT_PASSWORD) to the right one"),
            path=str(path),
        )
    return _mapping(path, done.stdout)


def _mapping(path: Path, content: bytes) -> dict[str, Any]:
    import yaml

    try:
        data = yaml.safe_load(content)
    except yaml.YAMLError:  # its message would show what the file holds
        data = None
    if not isinstance(data, dict):
        raise InvalidInput(N_("{path} holds no YAML mapping"), path=str(path))
    return data


def _password_file(folder: Path) -> str:
    for variable in VAULT_PASSWORD_FILES:
        if os.environ.get(variable):
            return str(Path(os.environ[variable]).expanduser().absolute())
    if VAULT_PASSWORD not in os.environ:
        raise NotFound(
            N_("no vault password"),
            hint=N_("set DCCTL_VAULT_PASSWORD_FILE to a file that only you can read"),
        )
    remember(os.environ[VAULT_PASSWORD])
    script = folder / "password"
    script.touch(mode=0o700)
    script.write_text(_PRINT_PASSWORD, encoding="ascii")
    return str(script)


RESOLVERS: dict[str, Callable[[str, Path], Secret]] = {
    "env": _from_environment,
    "file": _from_file,
    "prompt": _from_prompt,
    "vault": _from_vault,
}
