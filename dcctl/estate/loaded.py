"""The estate as `load` gives it: names and groups at once, everything else when it is asked for."""

from __future__ import annotations

import dataclasses
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dcctl.errors import NotFound, Place, Refused
from dcctl.estate import patterns
from dcctl.estate.inventory import deep_merge
from dcctl.estate.overlay import JOURNAL, read_overlay
from dcctl.model import plain
from dcctl.model.calendar import Calendar
from dcctl.model.estate import (
    Complaint,
    ComplaintSeverity,
    Link,
    LinkEnd,
    Rack,
    RedundancyGroup,
    Ring,
    Site,
    SiteConfig,
)
from dcctl.model.target import Connection, Controller, Interface, Target
from dcctl.model.upgrade import Image, Mirror, StagingPolicy, Waiver
from dcctl.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from dcctl.estate.overlay import Overlay
    from dcctl.estate.store import Store

KNOWN_HOSTS = "inventory/known_hosts"
BMC_AUTHORITIES = "inventory/bmc_ca.pem"
VAULT_FILES = "dcctl_vault_files"  # variable: encrypted files that only Ansible can open


class LoadedEstate:
    """An `Estate` over a store; the same whether the store came from the cache or was just made."""

    def __init__(
        self, root: Path, store: Store, overlay: Overlay | None = None, *, lab: bool = False
    ) -> None:
        self.root = root
        self.lab = lab
        self._store = store
        self._twins = overlay  # None with `lab`: none is up
        self._targets: dict[str, Target] = {}
        self._bases: dict[int, dict[str, Any]] = {}

    @property
    def name(self) -> str:
        """The estate's name."""
        return self.site_config.estate

    @cached_property
    def site_config(self) -> SiteConfig:
        """What dcctl.yml says."""
        config = plain.from_plain(SiteConfig, self._store.section("site_config"))
        if not self.lab:
            return config
        credentials = self._twins.credentials if self._twins is not None else {}
        return dataclasses.replace(
            config, journal_url=JOURNAL, journal_id="", credentials=credentials
        )

    @property
    def _overlay(self) -> Overlay | None:
        """Where the lab's twins are; a report, which needs the journal alone, never asks."""
        return read_overlay(self.root) if self.lab and self._twins is None else self._twins

    @cached_property
    def _all_names(self) -> tuple[str, ...]:
        return tuple(self._store.section("names"))

    @cached_property
    def _first_named(self) -> tuple[str, ...]:
        names = self._all_names
        return tuple([names[index] for index in self._store.section("first_named")])

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every host that can be selected."""
        return self._with_twin(self._all_names)

    @cached_property
    def _all_groups(self) -> Mapping[str, tuple[str, ...]]:
        names = self._all_names
        return {
            group: tuple([names[index] for index in members])
            for group, members in self._store.section("groups").items()
        }

    @cached_property
    def groups(self) -> Mapping[str, tuple[str, ...]]:
        """Every group with its hosts."""
        return {group: self._with_twin(members) for group, members in self._all_groups.items()}

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Every link."""
        return tuple(
            Link(**{**row, **_ends(row), **_ways(row)}) for row in self._store.section("links")
        )

    @cached_property
    def redundancy(self) -> tuple[RedundancyGroup, ...]:
        """Every redundancy group."""
        rows = self._store.section("redundancy")
        return tuple(plain.from_plain(RedundancyGroup, row) for row in rows)

    @cached_property
    def rings(self) -> tuple[Ring, ...]:
        """Every ring."""
        return tuple(plain.from_plain(Ring, row) for row in self._store.section("rings"))

    @cached_property
    def waivers(self) -> tuple[Waiver, ...]:
        """Known differences that need not stop an upgrade."""
        return tuple(Waiver(**row) for row in self._store.section("waivers"))

    @cached_property
    def images(self) -> tuple[Image, ...]:
        """Every image."""
        return tuple(plain.from_plain(Image, row) for row in self._store.section("images"))

    @cached_property
    def mirrors(self) -> Mapping[str, Mirror]:
        """By site; in the lab every one is the lab's, where it has one."""
        rows = self._store.section("mirrors")
        if self._overlay is None:
            return {row["site"]: plain.from_plain(Mirror, row) for row in rows}
        if self._overlay.mirror is None:
            return {}
        host, port = self._overlay.mirror
        return {
            row["site"]: Mirror(site=row["site"], scheme="http", host=host, port=port)
            for row in rows
        }

    @cached_property
    def staging(self) -> StagingPolicy:
        """How much of the lines staging takes."""
        return plain.from_plain(StagingPolicy, self._store.section("staging"))

    @cached_property
    def racks(self) -> Mapping[str, Rack]:
        """Every rack by name."""
        rows = self._store.section("racks")
        return {row["name"]: plain.from_plain(Rack, row) for row in rows}

    @cached_property
    def sites(self) -> Mapping[str, Site]:
        """Every site by code."""
        rows = self._store.section("sites")
        return {row["code"]: plain.from_plain(Site, row) for row in rows}

    @cached_property
    def calendar(self) -> Calendar:
        """Windows and freezes."""
        found = self._store.section("calendar")
        for row in (*found["windows"], *found["freezes"]):
            row["scope"]["hosts"] = [self._all_names[index] for index in row["scope"]["hosts"]]
        return plain.from_plain(Calendar, found)

    @cached_property
    def warnings(self) -> tuple[Complaint, ...]:
        """What is odd."""
        return tuple(
            Complaint(
                place=Place(row["file"], row["line"]),
                text=Text(row["text"], row["params"]),
                hint=Text(row["hint"], row["params"]),
                severity=ComplaintSeverity.WARNING,
            )
            for row in self._store.section("warnings")
        )

    def select(self, limit: str | None = None) -> tuple[str, ...]:
        """The hosts that `limit` stands for."""
        if limit is None:
            return self.names
        chosen = patterns.select(limit, self._all_names, self._all_groups, self._first_named)
        if self._overlay is None:
            return chosen
        for part in patterns.split(limit):
            if part in self._index:
                self._refuse_without_twin(part)
        twins = self._with_twin(chosen)
        if not twins:
            raise Refused(
                N_("nothing in {limit} has a twin in the lab"),
                hint=N_("dcctl lab status shows the twins"),
                limit=limit,
            )
        return twins

    def target(self, name: str) -> Target:
        """The host `name`, merged; the same object each time."""
        target = self._targets.get(name)
        if target is None:
            if name not in self._index:
                raise self._unknown(name)
            self._refuse_without_twin(name)
            target = self._targets[name] = self._make(name)
        return target

    def _unknown(self, name: str) -> NotFound:
        if name in self._all_groups:
            said = N_("{name} is a group, not a host")
            return NotFound(said, hint=N_("dcctl inventory list --limit {name}"), name=name)
        close = patterns.near(name, self._all_names)
        hint = N_("did you mean {names}?") if close else N_("dcctl inventory list shows the hosts")
        return NotFound(
            N_("no host is called {name}"), hint=hint, name=name, names=", ".join(close)
        )

    @cached_property
    def _index(self) -> Mapping[str, int]:
        return {name: index for index, name in enumerate(self._all_names)}

    def _with_twin(self, names: tuple[str, ...]) -> tuple[str, ...]:
        if self._overlay is None:
            return names
        return tuple(name for name in names if name in self._overlay.connections)

    def _is_near(self, name: str) -> bool:
        """Whether a neighbour is there to be talked to: in the lab only what has a twin."""
        return self._overlay is None or name in self._overlay.connections

    def _refuse_without_twin(self, name: str) -> None:
        if self._overlay is not None and name not in self._overlay.connections:
            raise Refused(
                N_("{name} has no twin in the lab, and --lab touches nothing else"),
                hint=N_("dcctl lab up --limit {name}"),
                name=name,
            )

    def _base(self, index: int) -> dict[str, Any]:
        if index not in self._bases:
            self._bases[index] = self._store.item("bases", index)
        return self._bases[index]

    def _make(self, name: str) -> Target:
        record = self._store.item("hosts", self._index[name])
        base = self._base(record["base"])
        variables = {**base["variables"], **record.get("variables", {})}
        vaults = base.get("vaults", []) + record.get("vaults", [])
        if vaults:
            variables[VAULT_FILES] = [str(self.root / shown) for shown in vaults]
        intent = deep_merge(base["own"], record.get("own", {}))
        intent.setdefault("management_address", variables.get("ansible_host", name))
        if record.get("bgp"):
            near = [row for row in record["bgp"] if self._is_near(row["name"])]
            intent["routing"] = {**intent["routing"], "bgp_neighbors": near}
        return Target(
            name=name,
            platform=intent["platform"],
            kind=intent["kind"],
            site=intent["site"],
            rack=intent.get("rack") or "",
            groups=tuple(base["groups"]),
            connection=self._connection(name, intent, variables),
            console=self._console(name, intent),
            bmc=self._controller(intent),
            interfaces=tuple(
                _interface(row)
                for row in record.get("interfaces", ())
                if "peer" not in row or self._is_near(row["peer"])
            ),
            redundancy_groups=tuple(record.get("redundancy", ())),
            roles=tuple(intent.get("roles") or ()),
            intent=intent,
            variables=variables,
        )

    def _connection(
        self, name: str, intent: Mapping[str, Any], variables: Mapping[str, Any]
    ) -> Connection:
        if self._overlay is not None:
            return dataclasses.replace(
                self._overlay.connections[name], crypto=intent.get("crypto") or "modern"
            )
        return Connection(
            address=str(variables.get("ansible_host", name)),
            port=int(variables.get("ansible_port", 22)),
            credential=intent.get("credential") or "",
            host_key_alias=name,
            known_hosts=str(self.root / KNOWN_HOSTS),
            jump=self._hops(intent.get("jump") or ()),
            crypto=intent.get("crypto") or "modern",
        )

    def _hops(self, names: Sequence[str]) -> tuple[Connection, ...]:
        """The whole way: the nearest hop may itself be behind others."""
        hops = [self.target(name).connection for name in names]
        before = hops[0].jump if hops else ()
        return (*before, *(dataclasses.replace(hop, jump=()) for hop in hops))

    def _console(self, name: str, intent: Mapping[str, Any]) -> Connection | None:
        if self._overlay is not None:
            return self._overlay.consoles.get(name)
        line = intent.get("console")
        if not line:
            return None
        server = self.target(line["server"]).connection
        number, style = line["port"], line.get("style", "port")
        if style == "user":
            return dataclasses.replace(server, line=f":{line.get('prefix', 'port')}{number}")
        return dataclasses.replace(server, port=line.get("base", 3000) + number)

    def _controller(self, intent: Mapping[str, Any]) -> Controller | None:
        """Its management controller; the lab has none."""
        said = intent.get("bmc") or {}
        if self._overlay is not None or not said.get("address"):
            return None
        return Controller(
            address=said["address"],
            port=said.get("port") or 443,
            credential=said.get("credential") or "",
            certificate=(said.get("certificate") or "").replace(":", "").lower(),
            authorities=str(self.root / BMC_AUTHORITIES),
            server_name=said.get("server_name") or "",
            jump=self._hops(intent.get("jump") or ()),
        )


def _ends(row: Mapping[str, Any]) -> dict[str, LinkEnd]:
    return {"a": _end(row["a"]), "b": _end(row["b"])}


def _ways(row: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(row[key]) for key in ("ducts", "over", "protection") if key in row}


def _end(row: list[str]) -> LinkEnd:
    host, interface, address = row
    return LinkEnd(host=host, interface=interface, address=address)


def _interface(row: Mapping[str, Any]) -> Interface:
    return Interface(**{**row, "protocols": tuple(row.get("protocols", ()))})
