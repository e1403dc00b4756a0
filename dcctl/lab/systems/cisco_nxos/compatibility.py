"""What NX-OS checks of an image before it installs it, and what it says of it."""

from __future__ import annotations

from dcctl.lab.elements.model import Element
from dcctl.lab.systems.cisco_nxos.scene import Scene
from dcctl.lab.systems.cisco_nxos.software import flaw, found, installed, shown

BAR = "[####################] 100% -- SUCCESS\n"
FAIL = "[#                   ]   0% -- FAIL.\n"
_IMAGES = (
    "Module       Image                  Running-Version(pri:alt)           "
    "New-Version  Upg-Required\n"
    "------  ----------  ----------------------------------------  "
    "--------------------  ------------"
)
_BIOS = "v05.45(07/05/2021)"


def _hitless(element: Element, path: str) -> bool:
    """An upgrade within one train keeps forwarding, where it is asked for."""
    file = found(element, path)
    release = file.label.release if file and file.label else ""
    return release.partition("(")[0] == element.software.release.partition("(")[0]


def reason(element: Element, path: str, *, asked: bool) -> str:
    """Why an installation can't go on without a reload; empty where it can."""
    if not asked:
        return "default upgrade is not hitless"
    return "" if _hitless(element, path) else "Incompatible image for ISSU"


def _modules(element: Element, *, standby: bool) -> list[int]:
    if element.chassis.supervisors == 1:
        return [1]
    return [1, 27, 28] if standby else [1, 27]


def checks(
    element: Element, path: str, troubles: frozenset[str], *, asked: bool
) -> tuple[str, bool]:
    """What the compatibility checks say of an image, and whether it may be installed."""
    image, file = shown(path), found(element, path)
    rows = [f'\nVerifying image {image} for boot variable "nxos".\n']
    if why := flaw(file):
        return f"{rows[0]}{FAIL}{why}\n", False
    release = file.label.release if file and file.label else ""
    titles = (
        "Verifying image type.",
        f'Preparing "nxos" version info using image {image}.',
        f'Preparing "bios" version info using image {image}.',
        "Performing module support checks.",
        "Notifying services about system upgrade.",
    )
    rows += [f"{BAR}\n{title}\n" for title in titles]
    standby = "standby_missing" not in troubles
    return "".join(
        [*rows, BAR, *_tables(element, path, release, standby=standby, asked=asked)]
    ), True


def _tables(element: Element, path: str, release: str, *, standby: bool, asked: bool) -> list[str]:
    why = reason(element, path, asked=asked)
    impact, how = ("disruptive", "reset") if why else ("non-disruptive", "none")
    modules = _modules(element, standby=standby)
    rows = [
        "\n\n\nCompatibility check is done:\n",
        "Module  bootable          Impact  Install-type  Reason\n",
        "------  --------  --------------  ------------  ------\n",
    ]
    rows += [f"{one:>6}       yes  {impact:>14}  {how:>12}  {why}\n" for one in modules]
    rows += [
        "\n\n\nImages will be upgraded according to following table:\n",
        f"{_IMAGES}\n",
    ]
    now = element.software.release
    needed = "yes" if release != now else "no"
    for one in modules:
        rows.append(f"{one:>6}  {'nxos':>10}  {now:>40}  {release:>20}  {needed:>12}\n")
        rows.append(f"{one:>6}  {'bios':>10}  {_BIOS:>40}  {_BIOS:>20}  {'no':>12}\n")
    return [*rows, "\n\n"]


def impact(scene: Scene) -> str:
    """`show install all impact nxos PATH [non-disruptive]`."""
    asked = scene.line.endswith(" non-disruptive")
    text, _ = checks(scene.element, scene.arguments[0], scene.around.troubles, asked=asked)
    return f"Installer will perform impact only check. Please wait.\n{text}"


def incompatibility(scene: Scene) -> str:
    """`show incompatibility[-all] nxos PATH`."""
    if why := flaw(found(scene.element, scene.arguments[0])):
        return f"Unable to check {shown(scene.arguments[0])}: {why}\n"
    vdc = scene.element.chassis.name
    line = "-" * 60
    return (
        f"Checking incompatible configuration(s) for vdc '{vdc}':\n{line}\n"
        "No incompatible configurations\n\n"
        f"Checking dynamic incompatibilities for vdc '{vdc}':\n{line}\n"
        "No incompatible configurations\n"
    )


def status(scene: Scene) -> str:
    """`show install all status`."""
    head = (
        "There is an on-going installation...\nEnter Ctrl-C to go back to the prompt."
        if scene.element.software.operation
        else "This is the log of last installation."
    )
    return f"{head}\n\n{installed(scene.element).log}"
