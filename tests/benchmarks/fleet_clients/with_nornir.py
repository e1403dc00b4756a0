"""nornir with nornir-netmiko, as their documentation uses them."""

from __future__ import annotations

import sys
from pathlib import Path

from nornir.core import Nornir
from nornir.core.inventory import Defaults, Groups, Host, Hosts, Inventory
from nornir.core.plugins.connections import ConnectionPluginRegister
from nornir.core.task import Result, Task
from nornir.plugins.runners import ThreadedRunner
from nornir_netmiko.connections import CONNECTION_NAME, Netmiko
from nornir_netmiko.tasks import netmiko_send_command

from tests.benchmarks.fleet_devices import ANSWERS, PASSWORD, PORT, USER, address


def _ask(task: Task) -> Result:
    whole = True
    for command, answer in ANSWERS.items():
        got = task.run(netmiko_send_command, command_string=command).result
        whole = whole and got.splitlines() == answer.strip("\r\n").splitlines()
    task.host.close_connections()
    return Result(host=task.host, result=whole)


def main(folder: Path, count: int, workers: int) -> None:
    """Ask everybody, with so many threads."""
    ConnectionPluginRegister.register(CONNECTION_NAME, Netmiko)
    hosts = Hosts(
        {
            str(n): Host(
                name=str(n),
                hostname=address(n),
                port=PORT,
                username=USER,
                password=PASSWORD,
                platform="cisco_xe",
                connection_options={},
            )
            for n in range(count)
        }
    )
    del folder
    fleet = Nornir(
        inventory=Inventory(hosts=hosts, groups=Groups(), defaults=Defaults()),
        runner=ThreadedRunner(num_workers=workers),
    )
    asked = fleet.run(_ask)
    print(sum(1 for one in asked.values() if not one.failed and one[0].result))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
