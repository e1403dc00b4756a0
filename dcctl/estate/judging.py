"""What a cold load does before it builds: read, hold to the schemas, then to the rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from dcctl import discovery, platforms
from dcctl.errors import Place
from dcctl.estate.desk import Desk
from dcctl.estate.draft import IMAGES, RACKS, TOPOLOGY, WAIVERS, WINDOWS, Draft, Rule
from dcctl.estate.explaining import explain
from dcctl.estate.inventory import deep_merge
from dcctl.estate.places import Places
from dcctl.estate.reading import read_yaml
from dcctl.estate.schema.host import HostIntent
from dcctl.estate.schema.images import Images
from dcctl.estate.schema.racks import DeviceType, Racks
from dcctl.estate.schema.site import SiteFile
from dcctl.estate.schema.topology import Topology
from dcctl.estate.schema.waivers import Waivers
from dcctl.estate.schema.windows import Windows
from dcctl.estate.sources import read_inventory
from dcctl.estate.tree import HOSTS, INVENTORY, MARKER, YAML_SUFFIXES, role_names
from dcctl.model.target import UNMANAGED
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dcctl.estate.complaints import Complaints
    from dcctl.estate.inventory import Inventory
    from dcctl.estate.tree import Entry

M = TypeVar("M", bound=BaseModel)
DEVICE_TYPES = f"{INVENTORY}/device_types"
# What stands for a host's unsound required values: of these no rule complains.
_NOTHING_SAID = {"platform": UNMANAGED, "kind": "", "site": ""}


def judge(root: Path, files: Mapping[str, Entry], complaints: Complaints) -> Draft | None:
    """The draft; what is wrong is added to `complaints`. None when too little is sound."""
    desk = Desk(root, files, complaints, Places(root))
    inventory = read_inventory(desk)
    others = {shown: _other(desk, shown) for shown in _others(files)}
    if complaints.fatal:  # what stands in a broken file would be missed everywhere else
        return None
    site = _model(desk, MARKER, SiteFile, others.get(MARKER))
    topology = _model(desk, TOPOLOGY, Topology, others.get(TOPOLOGY, {"sites": {}}))
    racks = _model(desk, RACKS, Racks, others.get(RACKS, {}))
    waivers = _model(desk, WAIVERS, Waivers, others.get(WAIVERS, {}))
    images = _model(desk, IMAGES, Images, others.get(IMAGES, {}))
    windows = _model(desk, WINDOWS, Windows, others.get(WINDOWS, {}))
    draft = Draft(
        desk=desk,
        inventory=inventory,
        site=site or SiteFile(estate="unknown"),
        topology=topology or Topology(sites={}),
        racks=racks or Racks(),
        waivers=waivers or Waivers(),
        images=images or Images(),
        windows=windows or Windows(),
        roles=frozenset(role_names(root)),
        platforms=platform_names(),
    )
    _hold_to_schema(draft, _intents(desk, inventory))
    if None in (site, topology, racks, waivers, windows, images):
        return None
    draft.device_types = _device_types(desk, draft.intents.values())
    _hold_to_rules(draft)
    return draft


def _hold_to_rules(draft: Draft) -> None:
    rules = sorted(all_rules().items(), key=lambda item: (not item[1].first, item[0]))
    broken = False
    for _, rule in rules:
        if broken and not rule.first:
            return
        for found in rule.judge(draft):
            draft.desk.complaints.note(found)
            broken = broken or rule.first


def all_rules() -> dict[str, Rule]:
    """Every rule by its file's name."""
    return discovery.scan("dcctl.estate.rules", "RULE", Rule)


def platform_names() -> frozenset[str]:
    """The platforms there are, found without importing any."""
    from importlib import metadata

    own = {Path(entry).stem for folder in platforms.__path__ for entry in Path(folder).iterdir()}
    added = {point.name for point in metadata.entry_points(group="dcctl.platforms")}
    return frozenset({name for name in own if not name.startswith("_")} | added | {UNMANAGED})


def _others(files: Mapping[str, Entry]) -> list[str]:
    """The YAML files beside the hosts; device types are read when something refers to them."""
    return [
        shown
        for shown, entry in files.items()
        if entry.path.suffix in YAML_SUFFIXES
        and not shown.startswith((f"{HOSTS}/", f"{HOSTS}.", f"{DEVICE_TYPES}/"))
    ]


def _other(desk: Desk, shown: str) -> Any:
    return read_yaml(desk.files[shown].path, shown, desk.complaints)


def _model(desk: Desk, shown: str, model: type[M], data: Any) -> M | None:
    try:
        return model.model_validate({} if data is None else data)
    except ValidationError as error:
        _complain(desk, error, model, lambda keys: desk.places.at(shown, keys))
        return None


def _complain(desk: Desk, error: ValidationError, model: type[BaseModel], place: Any) -> None:
    for one in error.errors(include_url=False):
        keys = tuple(key for key in one["loc"])
        msgid, hint, params = explain(one, _known(model, keys))
        desk.complaints.add(place(keys), msgid, hint=hint, **params)


def _known(model: type[BaseModel], keys: tuple[Any, ...]) -> Iterable[str]:
    """The keys that could stand beside the last of `keys`, as far as the models lead there."""
    here: Any = model
    for key in keys[:-1]:
        if isinstance(here, type) and issubclass(here, BaseModel) and key in here.model_fields:
            here = _inner(here.model_fields[key].annotation)
    return here.model_fields if isinstance(here, type) and issubclass(here, BaseModel) else ()


def _inner(annotation: Any) -> Any:
    """The model in `Model | None`, `list[Model]`, `dict[str, Model]`."""
    arguments = getattr(annotation, "__args__", ())
    models = [_inner(argument) for argument in arguments if argument is not type(None)]
    found = [one for one in models if isinstance(one, type) and issubclass(one, BaseModel)]
    return found[0] if found else annotation


def _intents(desk: Desk, inventory: Inventory) -> dict[str, dict[str, Any]]:
    """The merged `dcctl` variable of every host."""
    found = {}
    for host in inventory.hosts.values():
        base, own = inventory.base(host).own, host.inline.own
        if host.files.own:
            own = deep_merge(own, host.files.own)
        found[host.name] = deep_merge(base, own) if own else base
    if not found:
        desk.complaints.add(
            Place(HOSTS),
            N_("the inventory names no host"),
            hint=N_("write the hosts into YAML files in inventory/hosts/"),
        )
    return found


def _hold_to_schema(draft: Draft, intents: Mapping[str, dict[str, Any]]) -> None:
    """Complain of what is unsound, and take it out, so that it hides nothing else of its host."""
    validate = HostIntent.__pydantic_validator__.validate_python
    sound = {}
    for name, intent in intents.items():
        try:
            validate(intent)
        except ValidationError as error:
            _complain_of_host(draft, name, error)
            wrong = {str(one["loc"][0]) for one in error.errors() if one["loc"]}
            if wrong:
                draft.unsound[name] = frozenset(wrong)
                kept = {key: value for key, value in intent.items() if key not in wrong}
                sound[name] = {**_NOTHING_SAID, **kept}
        else:
            sound[name] = intent
    draft.intents = sound


def _complain_of_host(draft: Draft, name: str, error: ValidationError) -> None:
    for one in error.errors(include_url=False):
        keys = one["loc"]
        msgid, hint, params = explain(one, _known(HostIntent, keys))
        if one["type"] == "missing":
            place = draft.place_of(name, keys[:-1]) if len(keys) > 1 else draft.place_of_host(name)
            draft.desk.complaints.add(
                place,
                N_("{host} has no {key}"),
                hint=N_("set it for the host or a group of it, below `dcctl`"),
                host=name,
                **params,
            )
            continue
        draft.desk.complaints.add(draft.place_of(name, keys), msgid, hint=hint, **params)


def _device_types(desk: Desk, intents: Iterable[Mapping[str, Any]]) -> dict[str, DeviceType]:
    wanted = {intent.get("device_type") for intent in intents}
    wanted |= {(intent.get("bmc") or {}).get("device_type") for intent in intents}
    found = {}
    for name in sorted(one for one in wanted if one):
        for suffix in YAML_SUFFIXES:
            shown = f"{DEVICE_TYPES}/{name}{suffix}"
            if shown in desk.files:
                data = _other(desk, shown)
                model = _model(desk, shown, DeviceType, data) if data is not None else None
                if model is not None:
                    found[name] = model
                break
    return found
