"""Secrets out of a real Ansible Vault file; the vault's password is on no command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dcctl import secrets
from dcctl.errors import InvalidInput, NotFound
from dcctl.secrets import SecretRef, resolve

CONTENT = "network:\n  password: blue-giraffe-5\nport: 8443\n"
PASSWORD = "vault-master-31"


@pytest.fixture(scope="module")
def vault(tmp_path_factory):
    folder = tmp_path_factory.mktemp("vault")
    (folder / "password").touch(mode=0o600)
    (folder / "password").write_text(PASSWORD + "\n")
    (folder / "secrets.yml").write_text(CONTENT)
    subprocess.run(
        [
            *(Path(sys.executable).with_name("ansible-vault"), "encrypt", folder / "secrets.yml"),
            *("--vault-password-file", folder / "password"),
        ],
        check=True,
        capture_output=True,
    )
    assert "blue-giraffe" not in (folder / "secrets.yml").read_text()
    return folder


@pytest.fixture(autouse=True)
def no_password(monkeypatch):
    for name in (secrets.VAULT_PASSWORD, *secrets.VAULT_PASSWORD_FILES):
        monkeypatch.delenv(name, raising=False)
    secrets._vaults.clear()


def read(vault, key="network.password"):
    return resolve(SecretRef.parse(f"vault:secrets.yml#{key}"), base=vault).reveal()


def test_with_the_password_in_a_file(vault, monkeypatch):
    monkeypatch.setenv("DCCTL_VAULT_PASSWORD_FILE", str(vault / "password"))
    assert read(vault) == "blue-giraffe-5"
    assert read(vault, "port") == "8443"
    assert "blue-giraffe-5" not in secrets.redact("it is blue-giraffe-5")


def test_with_the_password_in_the_environment(vault, monkeypatch):
    monkeypatch.setenv(secrets.VAULT_PASSWORD, PASSWORD)
    seen = []
    run = subprocess.run

    def watching(command, **more):
        seen.append(command)
        script = Path(command[command.index("--vault-password-file") + 1])
        seen.append(script.read_text())
        return run(command, **more)

    monkeypatch.setattr(subprocess, "run", watching)
    assert read(vault) == "blue-giraffe-5"
    assert len(seen) == 2
    assert PASSWORD not in str(seen)
    assert PASSWORD not in secrets.redact(f"it is {PASSWORD}")


def test_a_file_is_opened_once(vault, monkeypatch):
    monkeypatch.setenv("DCCTL_VAULT_PASSWORD_FILE", str(vault / "password"))
    read(vault)
    monkeypatch.setenv("DCCTL_VAULT_PASSWORD_FILE", "/nowhere")
    assert read(vault) == "blue-giraffe-5"


@pytest.mark.parametrize(
    ("variable", "value", "key", "error", "said"),
    [
        ("X", "", "port", NotFound, "no vault password"),
        (secrets.VAULT_PASSWORD, "wrong", "port", InvalidInput, "can't be opened"),
        (secrets.VAULT_PASSWORD, PASSWORD, "nothing", NotFound, "holds no nothing"),
        (secrets.VAULT_PASSWORD, PASSWORD, "network", NotFound, "holds no network"),
    ],
)
def test_what_goes_wrong_is_told(vault, monkeypatch, variable, value, key, error, said):
    monkeypatch.setenv(variable, value)
    with pytest.raises(error, match=said) as caught:
        read(vault, key)
    assert "giraffe" not in str(caught.value) + str(caught.value.hint)


def test_a_missing_file(tmp_path):
    with pytest.raises(NotFound, match=r"none\.yml"):
        resolve(SecretRef.parse("vault:none.yml#key"), base=tmp_path)


def test_no_file_is_left_behind(vault, monkeypatch, tmp_path):
    monkeypatch.setenv(secrets.VAULT_PASSWORD, PASSWORD)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", None)
    assert read(vault) == "blue-giraffe-5"
    assert list(tmp_path.iterdir()) == []


def test_a_password_program_that_waits_is_told(vault, monkeypatch, tmp_path):
    waiting = tmp_path / "password"
    waiting.write_text("#!/bin/sh\nexec sleep 5\n")
    waiting.chmod(0o700)
    monkeypatch.setenv("DCCTL_VAULT_PASSWORD_FILE", str(waiting))
    monkeypatch.setattr(secrets, "_VAULT_S", 0.5)
    with pytest.raises(InvalidInput, match="gave no answer"):
        read(vault)
