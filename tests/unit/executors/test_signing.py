"""Signing as a person does it: by file, by agent, with a passphrase, and without a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from dcctl.errors import InvalidInput, MissingDependency
from dcctl.executors import signing
from tests.unit.workflows.keys import agent, make_key, public

NAMESPACE = "dcctl-plan@v1"


def good(statement: str, signature: str, key: Path) -> bool:
    """What stock ssh-keygen says, in a process that has nothing of ours."""
    folder = key.parent
    (folder / "signers").write_text(f"an {public(key)}\n")
    (folder / "made.sig").write_text(signature)
    argv = ["ssh-keygen", "-Y", "verify", "-f", folder / "signers", "-I", "an"]
    argv += ["-n", NAMESPACE, "-s", folder / "made.sig"]
    done = subprocess.run(argv, input=statement.encode(), capture_output=True, check=False)
    return done.returncode == 0


def test_a_key_in_a_file_signs(tmp_path: Path) -> None:
    key = make_key(tmp_path, "an")
    made = signing.sign("yes\n", key=key, namespace=NAMESPACE, interactive=False)
    assert good("yes\n", made, key)
    assert not good("no\n", made, key)
    seal = signing.read(made)
    assert (seal.key, seal.namespace) == (signing.key_of(key), NAMESPACE)


def test_a_key_in_the_agent_signs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = make_key(tmp_path, "an")
    with agent(key) as told:
        monkeypatch.setenv("SSH_AUTH_SOCK", told["SSH_AUTH_SOCK"])
        key.rename(tmp_path / "elsewhere")
        ((found, line),) = signing.agent_keys().items()
        assert found == signing.key_of(key.with_suffix(".pub"))
        for named in (line, key.with_suffix(".pub")):
            made = signing.sign("yes\n", key=named, namespace=NAMESPACE, interactive=False)
            assert good("yes\n", made, key)


@pytest.mark.parametrize("socket", [None, "/nowhere/socket"])
def test_no_agent_is_told(monkeypatch: pytest.MonkeyPatch, socket: str | None) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    if socket:
        monkeypatch.setenv("SSH_AUTH_SOCK", socket)
    with pytest.raises(InvalidInput, match="no SSH agent"):
        signing.agent_keys()


def test_keys_that_can_t_be_used(tmp_path: Path) -> None:
    def refused(key: Path, match: str) -> str:
        with pytest.raises(InvalidInput, match=match) as caught:
            signing.sign("yes\n", key=key, namespace=NAMESPACE, interactive=False)
        return str(caught.value)

    refused(tmp_path / "absent", "there is no such key")
    garbage = tmp_path / "garbage"
    garbage.write_text("not a key\n")
    garbage.chmod(0o600)
    refused(garbage, "ssh-keygen did not sign")
    with pytest.raises(InvalidInput, match="no key that ssh-keygen can read"):
        signing.key_of(garbage)
    open_to_all = make_key(tmp_path, "an")
    open_to_all.chmod(0o644)
    assert "UNPROTECTED" in refused(open_to_all, "ssh-keygen did not sign")
    lonely = make_key(tmp_path, "binh")
    lonely.unlink()
    refused(lonely.with_suffix(".pub"), "ssh-keygen did not sign")


def test_a_passphrase_is_asked_on_a_terminal_or_not_at_all(tmp_path: Path) -> None:
    key = make_key(tmp_path, "an", passphrase="hoa-lac")
    assert signing.key_of(key).startswith("SHA256:")
    with pytest.raises(InvalidInput, match="ssh-keygen did not sign") as caught:
        signing.sign("hoa-lac\n", key=key, namespace=NAMESPACE, interactive=False)
    assert "a passphrase is asked for on a terminal only" in str(caught.value.hint)
    child, terminal = pty.fork()
    if child == 0:
        code = (
            "import sys; from pathlib import Path; from dcctl.executors import signing; "
            "made = signing.sign('yes\\n', key=Path(sys.argv[1]), namespace=sys.argv[2], "
            "interactive=True); Path(sys.argv[3]).write_text(made)"
        )
        os.execv(sys.executable, [sys.executable, "-c", code, key, NAMESPACE, tmp_path / "out"])
    said = b""
    while b"Enter passphrase" not in said:
        said += os.read(terminal, 1000)
    os.write(terminal, b"hoa-lac\n")
    try:
        while part := os.read(terminal, 1000):
            said += part
    except OSError:  # the terminal's other side is closed
        pass
    assert os.waitpid(child, 0)[1] == 0, said
    assert b"hoa-lac" not in said
    assert good("yes\n", (tmp_path / "out").read_text(), key)


def test_no_openssh_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = make_key(tmp_path, "an")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingDependency, match="ssh-keygen is not installed"):
        signing.key_of(key)
