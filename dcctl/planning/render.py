"""From a target to its whole intended configuration: a pure function over Jinja2 templates.

A platform's configuration starts at `devices/PLATFORM/config.j2` under one of the template folders.
Site folders come before the packaged one; `template_paths` refuses a site file that hides a
packaged one unless the site says so.
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcctl import discovery, secrets
from dcctl.errors import InvalidInput, Place
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import TracebackType

    from jinja2 import Environment, Template

    from dcctl.model.target import Target

TEMPLATES = "templates"


def entry_template(platform: str) -> str:
    """The template, below a template folder, that a platform's configuration starts at."""
    return f"devices/{platform}/config.j2"


def template_paths(site_root: Path, overrides: Iterable[str] = ()) -> tuple[Path, ...]:
    """The template folders in order of precedence: the site's own, then the packaged ones.

    Args:
        site_root: the folder that holds dcctl.yml.
        overrides: packaged files that the site replaces on purpose, as dcctl.yml lists them
            (`templates/devices/frr/config.j2`).

    Raises:
        InvalidInput: a site file hides a packaged one and is not declared.
    """
    own, packaged = site_root / TEMPLATES, discovery.data_root() / TEMPLATES
    if not own.is_dir():
        return (packaged,)
    if not packaged.is_dir() or own.resolve() == packaged.resolve():
        return (own,)
    hidden = _files_below(own) & _files_below(packaged)
    undeclared = sorted(hidden - {path.removeprefix(f"{TEMPLATES}/") for path in overrides})
    if undeclared:
        raise InvalidInput(
            N_("{template} hides the packaged template of the same name"),
            hint=N_(
                "give it another name, or declare `{template}` under `overrides:` in dcctl.yml"
            ),
            place=Place(str(own / undeclared[0])),
            template=f"{TEMPLATES}/{undeclared[0]}",
        )
    return own, packaged


def render(target: Target, template_paths: Sequence[Path]) -> str:
    """The whole intended configuration of `target`, ending in one newline.

    Raises:
        InvalidInput: no template for the platform, a broken template, or a variable that the
            target does not have; names the template's file and line.
    """
    folders = tuple(str(folder) for folder in template_paths)
    template = _template(folders, target.platform)
    try:
        text = template.render(target=target)
    except InvalidInput:
        raise
    except Exception as error:
        raise _at_template(error, folders, target.name) from error
    return text.strip("\n") + "\n"


def _template(folders: tuple[str, ...], platform: str) -> Template:
    from jinja2 import TemplateNotFound, TemplateSyntaxError

    name = entry_template(platform)
    try:
        return environment(folders).get_template(name)
    except TemplateNotFound as error:
        raise InvalidInput(
            N_("no template {template} for platform {platform}"),
            hint=N_("write it in one of: {folders}"),
            template=name,
            platform=platform,
            folders=", ".join(folders),
        ) from error
    except TemplateSyntaxError as error:
        raise _at_template(error, folders, platform) from error


@lru_cache(maxsize=16)
def environment(folders: tuple[str, ...]) -> Environment:
    """The one environment of an order of folders, with its compiled templates."""
    from jinja2 import FileSystemLoader, StrictUndefined

    from dcctl.planning._admitting import admitting
    from dcctl.planning._sandbox import Sandbox

    environment = Sandbox(
        loader=FileSystemLoader(folders),
        undefined=StrictUndefined,
        autoescape=False,  # router configuration, not HTML
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters.update(
        ip=_ip,
        netmask=_netmask,
        wildcard=_wildcard,
        network_address=_network_address,
        secret=_secret,
        admitting=admitting,
    )
    return environment


def _at_template(error: Exception, folders: tuple[str, ...], subject: str) -> InvalidInput:
    """`error`, with the template's file and line that raised it."""
    return InvalidInput(
        N_("template for {subject}: {error}"),
        hint=N_("define the variable in the inventory, or mend the template"),
        place=_place(error, folders),
        subject=subject,
        error=str(error),
    )


def _place(error: Exception, folders: tuple[str, ...]) -> Place | None:
    from jinja2 import TemplateSyntaxError

    if isinstance(error, TemplateSyntaxError) and error.filename:
        return Place(error.filename, error.lineno)
    frames = [
        Place(frame.tb_frame.f_code.co_filename, frame.tb_lineno)
        for frame in _frames(error.__traceback__)
        if frame.tb_frame.f_code.co_filename.startswith(folders)
    ]
    return frames[-1] if frames else None


def _frames(traceback: TracebackType | None) -> Iterator[TracebackType]:
    while traceback is not None:
        yield traceback
        traceback = traceback.tb_next


def _files_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def _secret(reference: Any) -> str:
    """`vault:keys.yml#tacacs` -> what stands for that key until a device is given it."""
    return secrets.mark(secrets.SecretRef.parse(str(reference)))


# --- filters: what templates need of an address with its prefix length --------------------------


def _interface(address: Any) -> ipaddress.IPv4Interface | ipaddress.IPv6Interface:
    return ipaddress.ip_interface(str(address))


def _ip(address: Any) -> str:
    """`10.0.0.1/31` -> `10.0.0.1`."""
    return str(_interface(address).ip)


def _netmask(address: Any) -> str:
    """`10.0.0.1/31` -> `255.255.255.254`."""
    return str(_interface(address).netmask)


def _wildcard(address: Any) -> str:
    """`10.0.0.0/24` -> `0.0.0.255`."""
    return str(_interface(address).hostmask)


def _network_address(address: Any) -> str:
    """`10.0.0.1/31` -> `10.0.0.0`."""
    return str(_interface(address).network.network_address)
