"""Invents inventories: groups in groups, many files, ranges, priorities, variables everywhere."""

from __future__ import annotations

from pathlib import Path
from random import Random

SCALARS = (
    "1", "-7", "0", "1.5", ".5", "1.0e+3", "true", "False", "~", '""', "'yes'",
    '"22:00"', "plain words",
    "2026-01-01", "2026-01-01 10:00:00", "'a: b'", '"{{ ansible_host }}"', '"\\u1eafn"', "Hòa Lạc",
    "0.0.0.0/0",
    "[1, two, [3]]", "{a: {b: 1, c: [x]}, d: e}", "[]", "{}", "!unsafe '{{ raw }}'",
    "|\n{i}  two\n{i}  lines",
    ">-\n{i}  folded\n{i}  text", "1e3", "v1.2.3", "'010'", "a#b", "a-b", "!!str 12", "!!int '3'",
)  # fmt: skip
NAMES = (*(f"v{number}" for number in range(9)), "ansible_port", "ansible_user", "dcctl_like")
BASE = "dcctl: {platform: unmanaged, kind: server, site: HERE, rack: R}\n"
SITE = "estate: invented\n"
TOPOLOGY = "sites: {HERE: {name: Here}}\n"
RACKS = "racks: {R: {site: HERE}}\n"


class Invention:
    """One random estate; the same seed gives the same."""

    def __init__(self, seed: int, groups: int = 24, hosts: int = 40) -> None:
        self.random = Random(seed)
        self.groups = [f"g{number:02d}" for number in range(groups)]
        self.hosts = [f"h{number:02d}" for number in range(hosts)]
        self.ranges = [
            "web[01:12]",
            "db[a:e]-x",
            "n[8:11]-[0:1]",
            "s[01:09:4]",
            "old:2222",
            "10.9.[0:2].7",
        ]

    def write(self, root: Path) -> Path:
        """Write the estate's files and give its root back."""
        hosts = root / "inventory" / "hosts"
        texts = {root / "dcctl.yml": SITE, root / "inventory/topology.yml": TOPOLOGY,
                 root / "inventory/racks.yml": RACKS}  # fmt: skip
        for number in range(self.random.randint(1, 4)):
            folder = hosts / "more" if number == 3 else hosts
            texts[folder / f"{self.random.choice('abcxyz')}{number}.yml"] = self._source()
        texts[hosts / "group_vars" / "all.yml"] = BASE + self._variables("", 4)
        for name in self.random.sample([*self.groups, "ungrouped"], len(self.groups) // 2):
            texts |= self._file(hosts / "group_vars", name)
        for name in self.random.sample(self.hosts, len(self.hosts) // 4):
            if self._used(name, texts):
                texts |= self._file(hosts / "host_vars", name)
        self._drop_unused(texts)
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return root

    def _used(self, name: str, texts: dict[Path, str]) -> bool:
        return any(f" {name}:" in text for path, text in texts.items() if _is_source(path))

    def _drop_unused(self, texts: dict[Path, str]) -> None:
        """Files of variables for a group that no source names would be complained of."""
        sources = "\n".join(text for path, text in texts.items() if _is_source(path))
        for path in [path for path in texts if "group_vars" in path.parts]:
            name = path.relative_to(
                path.parents[len(path.parts) - path.parts.index("group_vars") - 2]
            ).parts[0]
            name = name.partition(".")[0]
            if name not in ("all", "ungrouped") and f"{name}:" not in sources:
                del texts[path]

    def _file(self, folder: Path, name: str) -> dict[Path, str]:
        shape = self.random.randint(0, 4)
        if shape == 0:
            parts = {
                f"{part}.yml": self._variables("", 3) for part in self.random.sample("abcde", 2)
            }
            return {folder / name / part: text or "{}\n" for part, text in parts.items()}
        suffix = ("", ".yml", ".yaml", ".json")[shape - 1]
        if suffix == ".json":
            return {
                folder / f"{name}.json": '{"v1": 1e3, "v2": {"k": [true, null, "x"]}, "v3": 2.50}\n'
            }
        return {folder / f"{name}{suffix}": self._variables("", 5) or "{}\n"}

    def _source(self) -> str:
        count = self.random.randint(3, len(self.groups) // 2)
        lines = [self._group(name, "", 0) for name in self.random.sample(self.groups, count)]
        if self.random.random() < 0.5:
            lines.append(self._all())
        return "".join(lines)

    def _all(self) -> str:
        lines = ["all:\n"]
        if self.random.random() < 0.7:
            lines.append("  hosts:\n" + self._hosts("    ", 4))
        if self.random.random() < 0.7:
            lines.append("  vars:\n" + (self._variables("    ", 3) or "    v0: 0\n"))
        lines.append("  children:\n    ungrouped:\n      hosts:\n" + self._hosts("        ", 2))
        return "".join(lines)

    def _group(self, name: str, indent: str, depth: int) -> str:
        lines = [f"{indent}{name}:\n"]
        inner = indent + "  "
        if self.random.random() < 0.75:
            lines.append(f"{inner}hosts:\n" + self._hosts(inner + "  ", 6))
        if self.random.random() < 0.6:
            variables = self._variables(inner + "  ", 4)
            if self.random.random() < 0.4:
                variables += f"{inner}  ansible_group_priority: {self.random.randint(0, 12)}\n"
            if variables:
                lines.append(f"{inner}vars:\n{variables}")
        # Only later groups can be children, so that there is no loop.
        later = self.groups[self.groups.index(name) + 1 :]
        if later and depth < 3 and self.random.random() < 0.7:
            lines.append(f"{inner}children:\n")
            for child in self.random.sample(later, min(len(later), self.random.randint(1, 3))):
                if self.random.random() < 0.3:
                    lines.append(self._group(child, inner + "  ", depth + 1))
                else:
                    lines.append(f"{inner}  {child}:\n")
        return "".join(lines)

    def _hosts(self, indent: str, most: int) -> str:
        lines = []
        for name in self.random.sample([*self.hosts, *self.ranges], self.random.randint(1, most)):
            key = f'"{name}"' if "[" in name or ":" in name else name
            variables = self._variables(indent + "  ", 3) if self.random.random() < 0.5 else ""
            lines.append(f"{indent}{key}:\n{variables}")
        return "".join(lines)

    def _variables(self, indent: str, most: int) -> str:
        lines = []
        for name in self.random.sample(NAMES, self.random.randint(0, most)):
            value = self.random.choice(SCALARS).replace("{i}", indent)
            if name == "ansible_port":
                value = str(self.random.randint(1, 65535))
            lines.append(f"{indent}{name}: {value}\n")
        return "".join(lines)

    def patterns(self, count: int = 60) -> list[str]:
        """Random limits: names, groups, wildcards, expressions, subscripts; with : , & and !."""
        return [self._pattern() for _ in range(count)]

    def _pattern(self) -> str:
        more = range(self.random.randint(0, 3))
        parts = [self._part()]
        parts += [self.random.choice(("", "&", "!")) + self._part() for _ in more]
        self.random.shuffle(parts)
        return self.random.choice((":", ",", " , ")).join(parts)

    def _part(self) -> str:
        group, host = self.random.choice(self.groups), self.random.choice(self.hosts)
        return self.random.choice((
            group, group, host, "all", "ungrouped", "g0*", "h?1", "*", "web*", "h[0-2]*",
            "~h[12]\\d", "~^(g0|web)", "~g.*9$", "web03", "web0[2:4]", "db?-x", f"{group}[0]",
            "web*[1:3]", "web*[2:]", "web*[-1]", "web*[2:0]", "nothing_at_all", "10.9.1.7",
            "10.9.*", "~10[.]9", "all[3]", "h*[1-3]",
        ))  # fmt: skip


def _is_source(path: Path) -> bool:
    return "hosts" in path.parts and not {"group_vars", "host_vars"} & set(path.parts)
