"""Editors' schemas are JSON Schemas, agree with the loader, and hold the sample estate."""

from __future__ import annotations

import jsonschema
import pytest
import yaml

from dcctl import discovery, estate
from dcctl.model import plain

ROOT = discovery.data_root()


@pytest.fixture(scope="module")
def schemas():
    return estate.schemas()


def test_they_are_json_schemas(schemas):
    assert set(schemas) == {
        *("dcctl", "topology", "racks", "waivers", "images", "windows"),
        *("audit_waiver", "attestation", "device_type", "host", "variables"),
    }
    for schema in schemas.values():
        jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("dcctl", "dcctl.yml"),
        ("topology", "inventory/topology.yml"),
        ("racks", "inventory/racks.yml"),
        ("images", "inventory/images.yml"),
        ("windows", "inventory/windows.yml"),
    ],
)
def test_the_samples_files_keep_them(schemas, name, shown):
    jsonschema.validate(yaml.load((ROOT / shown).read_text(), yaml.CSafeLoader), schemas[name])


def test_the_samples_hosts_and_variables_keep_them(schemas):
    loaded = estate.load(ROOT)
    host = jsonschema.Draft202012Validator(schemas["host"])
    for name in loaded.names:
        intent = plain.to_plain(loaded.target(name).intent)
        neighbours = intent.get("routing", {}).get("bgp_neighbors", [])
        neighbours[:] = [one["name"] for one in neighbours]  # joined with their addresses
        host.validate(intent)
    for path in (ROOT / "inventory/hosts/group_vars").glob("*.yml"):
        jsonschema.validate(yaml.load(path.read_text(), yaml.CSafeLoader), schemas["variables"])


@pytest.mark.parametrize(
    "intent",
    [
        {"kind": "server", "site": "HERE"},
        {"platform": "linux", "kind": "sever", "site": "HERE"},
        {"platform": "linux", "kind": "server", "site": "HERE", "postion": 3},
        {"platform": "linux", "kind": "server", "site": "HERE", "serial": 12},
    ],
)
def test_they_refuse_what_the_loader_refuses(schemas, intent):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(intent, schemas["host"])
