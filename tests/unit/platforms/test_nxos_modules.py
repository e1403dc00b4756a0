"""A module of NX-OS that is not well is told, whatever its state is called; none is left out."""

from __future__ import annotations

import pytest

from dcctl.contracts import Output
from dcctl.errors import Unparsed
from dcctl.platforms.cisco_nxos import _hardware

MODULES = """\
Mod Ports             Module-Type                      Model           Status
--- ----- ------------------------------------- --------------------- ---------
1    32   32x100G Ethernet Module               N9K-X9732C-EX         {first}
2    0    Ethernet Module                                             powered-dn
27   0    Supervisor Module                     N9K-SUP-A             active *
28   0    Supervisor Module                     N9K-SUP-A             ha-standby

Mod  Sw                       Hw    Slot
---  ----------------------- ------ ----
1    9.3(7a)                  1.4    LC1
27   9.3(7a)                  1.3    SUP1

* this terminal session
"""
ENVIRONMENT = """\
Power Supply:
Voltage: 12 Volts
Power                              Actual             Actual        Total
Supply    Model                    Output             Input      Capacity    Status
                                 (Watts )           (Watts )     (Watts )
-------  -------------------  ----------  --------------------  ----------  --------------
1        NXA-PAC-650W-PI           181 W              204 W       648 W      Ok
"""
INVENTORY = """\
NAME: "Chassis",  DESCR: "Nexus9000 C9504 (4 Slot) Chassis"
PID: N9K-C9504           ,  VID: V02 ,  SN: FOX2104P0AB

NAME: "Slot 1",  DESCR: "32x100G Ethernet Module"
PID: N9K-X9732C-EX       ,  VID: V01 ,  SN: FOC21221PEM
"""


def said(first: str) -> tuple[Output, Output]:
    module = Output(command="show module", text=MODULES.format(first=first))
    return Output(command="show environment", text=ENVIRONMENT), module


@pytest.mark.parametrize("state", ["failure", "err-pwd-dn", "pwr-denied", "testing", "upgrading"])
def test_what_is_not_well_is_told(state: str) -> None:
    environment, module = said(state)
    found = [one.text for one in _hardware.alarms((environment, module)).items]
    assert found == [f"module 1: {state}", "module 2: powered-dn"]
    inventory = Output(command="show inventory", text=INVENTORY)
    items = {one.name: one for one in _hardware.hardware((inventory, module, environment)).items}
    assert (items["Slot 1"].state, items["Slot 1"].ok) == (state, False)


def test_what_is_well_is_no_alarm() -> None:
    environment, module = said("ok")
    assert [one.text for one in _hardware.alarms((environment, module)).items] == [
        "module 2: powered-dn"
    ]


@pytest.mark.parametrize("state", ["", "OK?", "N9K"])
def test_a_row_that_is_not_understood_is_not_left_out(state: str) -> None:
    with pytest.raises(Unparsed, match="show module"):
        _hardware.alarms(said(state))
