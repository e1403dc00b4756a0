"""Real SSH clients against the served elements: netmiko, strict host keys, the wire's faults."""

from __future__ import annotations

import contextlib
import socket
import time

import paramiko
import pytest
from netmiko import ConnectHandler
from netmiko.exceptions import (
    NetmikoAuthenticationException,
    NetmikoTimeoutException,
    ReadException,
    ReadTimeout,
)

from dcctl.errors import InvalidInput, NotFound, Refused
from dcctl.lab import elements
from tests.unit.lab.small_network import NAMES, PLATFORMS, configuration, ports_of, target

ACCELERATION = 60.0  # a minute passes in a second


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DCCTL_CLOCK", f"accelerated:{ACCELERATION}")
        entries = elements.up(
            [target(name) for name in NAMES],
            folder,
            f"wire-{folder}",
            configured={name: configuration(name) for name in NAMES},
        )
    try:
        yield folder, {entry.name: entry for entry in entries}
    finally:
        elements.down(folder)


@pytest.fixture
def folder(lab):
    yield lab[0]
    for name in NAMES:
        elements.fault(lab[0], name, "clear")


def known_hosts(lab, *, names=NAMES):
    folder, entries = lab
    path = folder / f"known_hosts-{len(names)}"
    lines = [
        f"[{entries[name].address}]:{entries[name].port} {entries[name].host_key}\n"
        for name in names
    ]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def connect(lab, name, *, hosts=None, password=None, **options):
    folder, entries = lab
    secret = (folder / "elements" / "password").read_text(encoding="utf-8")
    return ConnectHandler(
        device_type=PLATFORMS[name],
        host=entries[name].address,
        port=entries[name].port,
        username="netops",
        password=password or secret,
        ssh_strict=True,
        system_host_keys=False,
        alt_host_keys=True,
        alt_key_file=str(hosts or known_hosts(lab)),
        conn_timeout=10,
        **options,
    )


def eventually(condition, seconds=10.0):
    """Poll real processes, which take their own time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


# --- netmiko's own classes ---------------------------------------------------------------------


def test_netmiko_configures_and_saves_ios_xe(lab):
    with connect(lab, "r1") as device:
        assert device.find_prompt() == "r1#"
        assert "Cisco IOS XE Software, Version 17.09" in device.send_command("show version")
        device.send_config_set(["interface Loopback77", "description by netmiko"])
        assert "by netmiko" in device.send_command("show running-config interface Loopback77")
        assert "[OK]" in device.save_config()
        assert "by netmiko" in device.send_command("show startup-config")
        device.send_config_set(["no interface Loopback77"])
        assert "Loopback77" not in device.send_command("show running-config")
        with pytest.raises(Exception, match="Invalid input detected"):
            device.send_config_set(["interfaze foo"], error_pattern=r"% Invalid input detected")


def test_netmiko_commits_compares_and_rolls_back_junos(lab):
    with connect(lab, "r2") as device:
        assert device.find_prompt() == "netops@r2>"
        assert "Junos: 22.4" in device.send_command("show version")
        device.send_config_set(
            ["set interfaces lo0 unit 0 description by-netmiko"], exit_config_mode=False
        )
        assert "+   description by-netmiko;" in device.send_command("show | compare")
        device.commit(confirm=True, confirm_delay=5)
        device.commit(comment="kept", and_quit=True)
        assert "kept" in device.send_command("show system commit")
        device.send_config_set(["rollback 2"], exit_config_mode=False)
        device.commit(and_quit=True)
        shown = device.send_command("show configuration | display set")
        assert "by-netmiko" not in shown
        assert "set system host-name r2" in shown
        device.config_mode()
        device.send_command("set system host-name unsaved", expect_string=r"#")
        device.exit_config_mode()
        assert "host-name r2" in device.send_command("show configuration system host-name")
        device.send_config_set(["rollback 0"])


@pytest.mark.parametrize("name", ["r1", "r2"])
def test_long_output_comes_whole(lab, name):
    command = "show running-config" if name == "r1" else "show configuration"
    with connect(lab, name) as device:
        text = device.send_command(command)
    assert "ore--" not in text
    assert "(more)" not in text
    assert text.rstrip().endswith("end" if name == "r1" else "}")


def test_enable_asks_for_its_secret(lab):
    with connect(lab, "r3") as device:
        device.send_config_set(["enable secret Sesame1"])
        device.secret = "Sesame1"
        device.exit_enable_mode()
        assert device.find_prompt() == "r3>"
        device.enable()
        assert device.find_prompt() == "r3#"
        device.send_config_set(["no enable secret"])


# --- a bare terminal ---------------------------------------------------------------------------


class Terminal:
    def __init__(self, lab, name):
        folder, entries = lab
        self.client = paramiko.SSHClient()
        self.client.load_host_keys(str(known_hosts(lab)))
        self.client.connect(
            entries[name].address,
            entries[name].port,
            username="netops",
            password=(folder / "elements" / "password").read_text(encoding="utf-8"),
            look_for_keys=False,
            allow_agent=False,
        )
        self.channel = self.client.invoke_shell(width=80, height=24)
        self.channel.settimeout(5)

    def until(self, text):
        seen = b""
        while text.encode() not in seen:
            part = self.channel.recv(4096)
            assert part, f"closed after {seen!r}"
            seen += part
        return seen.decode()

    def close(self):
        self.client.close()


@pytest.fixture
def terminal(lab):
    with contextlib.ExitStack() as stack:

        def opened(name):
            made = Terminal(lab, name)
            stack.callback(made.close)
            return made

        yield opened


@pytest.mark.parametrize(("name", "more"), [("r1", " --More-- "), ("r2", "---(more)---")])
def test_a_terminal_pages_and_echoes(terminal, name, more):
    one = terminal(name)
    one.until("#" if name == "r1" else "> ")
    one.channel.send(b"show running-config\r" if name == "r1" else b"show configuration\r")
    page = one.until(more)
    assert page.startswith("show ")
    assert page.count("\r\n") == 24
    assert "\n" not in page.replace("\r\n", "")
    one.channel.send(b" ")
    assert one.until(more).count("\r\n") >= 20
    one.channel.send(b"q")
    one.until("#" if name == "r1" else "> ")


def test_a_terminal_edits_its_line(terminal):
    one = terminal("r1")
    one.until("#")
    one.channel.send(b"show clokk\x7f\x7fck\r")
    assert "UTC" in one.until("r1#")
    one.channel.send(b"rubbish\x15show clock\n")
    assert "UTC" in one.until("r1#")
    one.channel.send(b"show ip ?")
    shown = one.until("r1#show ip ")
    assert "  ssh" in shown
    assert "  interface" in shown


def test_one_command_without_a_terminal(lab):
    one = Terminal(lab, "r2")
    try:
        _, stdout, _ = one.client.exec_command("show version | match Model")
        assert stdout.read().decode().strip() == "Model: mx204"
        assert stdout.channel.recv_exit_status() == 0
    finally:
        one.close()


# --- what goes wrong ---------------------------------------------------------------------------


def test_a_wrong_password_is_refused(lab):
    with pytest.raises(NetmikoAuthenticationException):
        connect(lab, "r1", password="wrong")


def test_an_unknown_host_key_is_refused(lab):
    with pytest.raises(NetmikoTimeoutException, match="not found in known_hosts"):
        connect(lab, "r1", hosts=known_hosts(lab, names=("r2", "r3")))


def test_a_changed_host_key_is_refused(lab, folder):
    elements.fault(folder, "r1", "changed_host_key")
    with pytest.raises((NetmikoTimeoutException, paramiko.BadHostKeyException)):
        connect(lab, "r1")


def test_authentication_that_is_refused(lab, folder):
    elements.fault(folder, "r2", "refuse_auth")
    with pytest.raises(NetmikoAuthenticationException):
        connect(lab, "r2")


def test_a_stopped_service_refuses_and_starts_again(lab, folder):
    elements.fault(folder, "r2", "service_stopped")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((lab[1]["r2"].address, lab[1]["r2"].port), timeout=2)
    elements.fault(folder, "r2", "clear")
    connect(lab, "r2").disconnect()


def test_a_hanging_element_lets_in_and_never_answers(lab, folder):
    device = connect(lab, "r1")
    elements.fault(folder, "r1", "hang")
    with pytest.raises(ReadTimeout):
        device.send_command("show clock", expect_string="r1#", read_timeout=0.5)
    device.remote_conn_pre.close()  # netmiko's own farewell would wait for answers too


def test_a_session_that_is_cut_in_the_middle_of_an_answer(lab, folder):
    with connect(lab, "r1") as device:
        elements.fault(folder, "r1", "disconnect", after=0)
        with pytest.raises((OSError, ReadException, EOFError)):
            device.send_command("show version", read_timeout=5)


def test_a_slow_element_answers_late(lab, folder):
    with connect(lab, "r2") as device:
        elements.fault(folder, "r2", "slow", seconds=0.5 * ACCELERATION)
        start = time.monotonic()
        assert "Model" in device.send_command("show version", expect_string="r2>")
        assert time.monotonic() - start >= 0.5
        elements.fault(folder, "r2", "clear")


def test_garbage_stands_in_the_answer(lab, folder):
    with connect(lab, "r1") as device:
        clean = device.send_command("show version")
        elements.fault(folder, "r1", "garbage")
        dirty = device.send_command("show version", expect_string=r"r1#")
    assert not set(dirty.splitlines()) <= set(clean.splitlines())


def test_the_prompt_changes_its_name(lab, folder):
    with connect(lab, "r1") as device:
        elements.fault(folder, "r1", "wrong_prompt", hostname="somebody-else")
        assert device.find_prompt() == "somebody-else#"


def test_a_clock_that_is_off(lab, folder):
    with connect(lab, "r2") as device:
        assert "sync_ntp" in device.send_command("show ntp status")
        elements.fault(folder, "r2", "clock_off", offset=120)
        status = device.send_command("show ntp status")
    assert "leap_alarm" in status
    assert "offset=120000.000" in status


def test_errors_attenuation_and_alarms_show(lab, folder):
    elements.fault(folder, "r1", "errors", interface=ports_of("r1")[0], count=42)
    elements.fault(folder, "r1", "attenuation", interface=ports_of("r1")[0], db=14)
    elements.fault(folder, "r1", "alarm", text="Fan 2 failed")
    with connect(lab, "r1") as device:
        assert "42 input errors, 42 CRC" in device.send_command("show interfaces Te0/0/0")
        assert "Te0/0/0" in device.send_command(
            "show interfaces transceiver detail | include -1[5-9].* -  "
        )
        assert "Fan 2 failed" in device.send_command("show facility-alarm status")


def test_power_loss_drops_sessions_and_what_was_not_saved(lab, folder):
    device = connect(lab, "r4")
    with connect(lab, "r3") as neighbour:
        before = connect(lab, "r3")
        before.send_config_set(["hostname never-saved"])
        before.disconnect()
        elements.fault(folder, "r3", "power_loss", seconds=60)
        with pytest.raises((OSError, ReadException, EOFError)):
            neighbour.send_command("show clock", read_timeout=3)
    with pytest.raises(OSError):  # noqa: PT011 - refused, or reset while it closes
        socket.create_connection((lab[1]["r3"].address, lab[1]["r3"].port), timeout=2)
    assert "never-saved" not in device.send_command("show isis adjacency")

    def back():
        states = {one.name: one.alive for one in elements.status(folder)}
        return states["r3"]

    eventually(back)
    assert connect(lab, "r3").find_prompt() == "r3#"
    eventually(lambda: " r3 " in device.send_command("show isis adjacency"))
    device.disconnect()


def test_a_fault_that_makes_no_sense_is_refused(folder):
    with pytest.raises(InvalidInput, match="no fault nonsense"):
        elements.fault(folder, "r1", "nonsense")
    with pytest.raises(InvalidInput, match="needs interface"):
        elements.fault(folder, "r1", "link_down")
    with pytest.raises(NotFound, match="no interface eth9"):
        elements.fault(folder, "r1", "link_down", interface="eth9")
    with pytest.raises(NotFound, match="no simulated element r9"):
        elements.fault(folder, "r9", "hang")


def test_the_elements_are_not_served_twice(lab):
    with pytest.raises(Refused, match="up already"):
        elements.up([target("r1")], lab[0], "again")


def test_the_element_writes_down_what_it_was_told(lab, folder):
    with connect(lab, "r1") as device:
        device.send_config_set(["username guest secret TopSecret1", "no username guest"])
    texts = [row["text"] for row in elements.log(folder, "r1") if row["kind"] == "command"]
    assert "username guest secret *****" in texts
    assert not any("TopSecret1" in text for text in texts)
    assert "change" in {row["kind"] for row in elements.log(folder, "r1")}


@contextlib.contextmanager
def channel(lab, name):
    """A bare SSH channel, as `ssh` opens one."""
    folder, entries = lab
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    secret = (folder / "elements" / "password").read_text(encoding="utf-8")
    where = entries[name]
    client.connect(
        where.address, where.port, "netops", secret, look_for_keys=False, allow_agent=False
    )
    with contextlib.closing(client), contextlib.closing(client.get_transport()) as transport:
        opened = transport.open_session()
        opened.settimeout(10)
        yield opened


def all_of(opened):
    said = b"".join(iter(lambda: opened.recv(65536), b"")).decode()
    assert opened.status_event.wait(10)
    return said


@pytest.mark.parametrize(("name", "command"), [("r1", "show version"), ("r2", "show version")])
def test_a_command_is_answered_also_to_who_has_nothing_to_type(lab, name, command):
    """`ssh HOST -- COMMAND </dev/null`: the end of its input comes before the answer."""
    with channel(lab, name) as opened:
        opened.exec_command(command)
        opened.shutdown_write()
        assert "Version 17.09" in (said := all_of(opened)) or "Junos: 22.4" in said
        assert opened.recv_exit_status() == 0


@pytest.mark.parametrize("name", NAMES[:2])
@pytest.mark.parametrize("typed", ["", "show clock\nexit\n", "show clock\n"])
def test_a_shell_ends_with_what_was_typed_into_it(lab, name, typed):
    with channel(lab, name) as opened:
        opened.invoke_shell()
        opened.sendall(typed.encode())
        opened.shutdown_write()
        said = all_of(opened)
        assert opened.recv_exit_status() == 0
        assert said.count("show clock") == typed.count("show clock")
        assert name in said
