"""Checks the certificate of upgrade waves, read from standard input; see docs/waves.md."""

import json
import sys
from typing import Any


def _dead_links(links: Any, out: set[str], told: set[str]) -> set[str]:
    dead = told | {name for name, link in links.items() if out & {*link["hosts"]}}
    waves = {name: link["over"] for name, link in links.items() if link["over"]}
    while more := {n for n, ways in waves.items() if all(dead & {*w} for w in ways)} - dead:
        dead |= more
    return dead


def _step(topo: Any, host: str, link: str, dead: set[str]) -> str:
    ends = topo["links"][link]["hosts"] if link in topo["links"] and link not in dead else []
    far = ends[ends[0] == host] if host in ends else ""
    return far if far and topo["hosts"][far]["forwards"] else ""


def _arriving(topo: Any, first: dict[str, str], ends: set[str], dead: set[str]) -> set[str]:
    next_hosts = {host: _step(topo, host, link, dead) for host, link in first.items()}
    found = ends  # and all hosts whose first links lead there over what is up
    while more := {host for host, far in next_hosts.items() if far in found} - found:
        found = found | more
    return found


def objections(topology: Any, certificate: Any) -> list[str]:
    """What is wrong with a certificate; nothing, if the waves keep every promise."""
    topo, cert, links = topology, certificate, topology["links"]
    already, told = {*cert["already_down"]["hosts"]}, {*cert["already_down"]["links"]}
    ducts = {d for n in told if not already & {*links[n]["hosts"]} for d in links[n]["ducts"]}
    told |= {name for name, link in links.items() if ducts & {*link["ducts"]}}
    dead, anchors = _dead_links(links, already, told), {*topo["anchors"]}
    island = {*cert["island"]} | already  # what had no path before the first wave either
    beside = {_step(topo, h, n, dead) for n, x in links.items() for h in island & {*x["hosts"]}}
    bad = ["the island has a bridge"] * bool(beside - island - {""} or island & anchors - already)
    taken = [one for wave in cert["waves"] for one in wave["down"]]
    bad += ["an element is not in one wave"] * (sorted(taken) != sorted(cert["elements"]))
    for at, wave in enumerate(cert["waves"], 1):
        down, lost, cuts = {*wave["down"]}, {*wave["lost"]} | already, cert["cuts"]
        out, may = down | already, {name for one in down for name in cuts.get(one, [])}
        bad += [f"{at}: kinds mixed"] * ({wave["kind"] == "cutting"} != {x in cuts for x in down})
        dead, centre = _dead_links(links, out, told), {*wave["centre"]}
        whole = _arriving(topo, wave["trunk"], {*wave["centre"][:1]}, dead) >= centre
        bad += [f"{at}: the centre is not whole"] * (not whole or not centre <= anchors - out)
        arriving = _arriving(topo, {**cert["tree"], **wave["moved"]}, centre, dead)
        for name, kept in topo["kept"].items():
            gates = {*kept["gateways"]}
            few = name not in may and len(gates & lost) > max(
                kept["tolerance"], len(gates & island)
            )
            bad += [f"{at}: {name} is cut"] * (few or not gates - lost <= arriving)
        for name, bound in [*topo["bounds"].items(), *cert["bounds"].items()]:
            group = out if name.startswith("group ") and name not in may else down
            many = down & {*bound["members"]} and len(group & {*bound["members"]}) > bound["most"]
            bad += [f"{at}: too many of {name}"] * bool(many)
    return bad


if __name__ == "__main__":
    sys.exit("\n".join(objections(**json.load(sys.stdin))) or 0)
