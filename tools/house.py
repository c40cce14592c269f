"""How many doors the package has: modules, lines, the longest modules, and files that share a name with another.

    python -m tools.house [FOLDER]

It exits with 1 where a limit is passed. Many short modules cost a reader more than a few long ones, a module that is
too long costs as much, and a file name should mean one thing in the whole package.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

MODULES_PER_1000_LINES = 7.0
LONGEST_MODULE = 350
SAME_NAMED_FILES = 25
SHOWN = 5
"""Longest modules that are named."""


@dataclass(frozen=True, slots=True)
class House:
    """The modules of a package, each path with its number of lines."""

    lines: dict[Path, int]

    @property
    def modules_per_1000_lines(self) -> float:
        """Modules for every 1,000 lines; 0 of an empty package."""
        total = sum(self.lines.values())
        return 1000 * len(self.lines) / total if total else 0.0

    @property
    def longest(self) -> list[tuple[Path, int]]:
        """Modules with their lines, the longest first."""
        return sorted(self.lines.items(), key=lambda module: (-module[1], module[0]))

    @property
    def same_named(self) -> list[Path]:
        """Files whose name another folder has too; every package has its `__init__.py`, which does not count."""
        names = Counter(path.name for path in self.lines)
        return sorted(path for path in self.lines if names[path.name] > 1 and path.name != "__init__.py")

    @property
    def faults(self) -> list[str]:
        """A sentence for each limit that is passed."""
        found = []
        if self.modules_per_1000_lines > MODULES_PER_1000_LINES:
            found.append(
                f"{self.modules_per_1000_lines:.2f} modules per 1,000 lines, at most {MODULES_PER_1000_LINES:g}"
            )
        found += [
            f"{path} has {count} lines, at most {LONGEST_MODULE}"
            for path, count in self.longest
            if count > LONGEST_MODULE
        ]
        if len(self.same_named) > SAME_NAMED_FILES:
            found.append(f"{len(self.same_named)} files share a name with another, at most {SAME_NAMED_FILES}")
        return found


def measure(folder: Path) -> House:
    """The modules below a folder, with paths relative to the folder it is in."""
    paths = sorted(folder.rglob("*.py"))
    return House(
        {path.relative_to(folder.parent): len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    )


def main(folder: Path = Path("ecosystem")) -> int:
    """Print the figures, and the limits that are passed; 1 where there is one."""
    house = measure(folder)
    longest = ", ".join(f"{path} {count}" for path, count in house.longest[:SHOWN])
    names = ", ".join(map(str, house.same_named)) or "none"
    print(f"{len(house.lines)} modules, {sum(house.lines.values()):,} lines")
    print(f"{house.modules_per_1000_lines:.2f} modules per 1,000 lines")
    print(f"longest: {longest}")
    print(f"files that share a name with another: {names}")
    for fault in house.faults:
        print(f"error: {fault}", file=sys.stderr)
    return 1 if house.faults else 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:2])))
