# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes docs/performance.md and its plot: this collection beside what people would use in its place, in one run.

    make benchmark [USERS=1000] [LARGE="1000 10000 100000"] [ROUNDS=3] [DATABRICKS=FOLDER]

Each contender begins with an empty scim2-server, in a process of its own that counts the requests. Those that take minutes run in the
first round only. DATABRICKS is a folder with a ``terraform-provider-databricks``, whose resource ``databricks_user`` speaks SCIM; without
it, or without ``terraform`` or ``tofu``, that contender is left out, and the page says so.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import escape
from importlib.metadata import version
from pathlib import Path
from statistics import median

import large
import loop
import rates
from side_by_side import HERE, TOKEN, Measured, Playbooks, people, raw, served, timed

ROOT = HERE.parents[1]
PAGE, PLOT = ROOT / "docs" / "performance.md", ROOT / "docs" / "pictures" / "performance.svg"
TOOLS = ROOT / ".cache" / "benchmark" / "tools"
LOOPED = 10  # users of the loop, whose time is multiplied
ITEMS, FEW_ITEMS = 100, 20  # of the loop of one user each, and of its slow contenders
GROWN = 10_000  # users of the directories that have more groups, or more changes
GROUPS = (10, 100, 1000)
SHARES = (0, 100, 10, 1)  # of how many users one is changed; 0: none
OURS = "identity.scim.directory"
WITHOUT = "Terraform was left out, since no `terraform-provider-databricks` was given (`DATABRICKS=FOLDER`)."
IN_BULK = f"{OURS} in bulk"


@dataclass(frozen=True, slots=True)
class Row:
    """One contender: its fastest run, the seconds of its slowest, and how often it ran."""

    name: str
    measured: Measured
    slowest: float = 0.0
    runs: int = 1


def server() -> AbstractContextManager[str]:
    """The base URL of an empty server."""
    return served(str(HERE / "counting_server.py"), TOKEN)


def count(url: str) -> int:
    """How many requests a server has had."""
    with urllib.request.urlopen(f"{url.rpartition('/')[0]}/count") as answer:
        return int(answer.read())


def counted(url: str, run: Callable[[], Measured]) -> Measured:
    """A run with the requests that the server has had of it."""
    before = count(url)
    measured = run()
    return replace(measured, requests=count(url) - before)


def by_library(url: str, source: Path) -> Measured:
    command = [sys.executable, str(HERE / "scim2_one_by_one.py"), url, TOKEN, str(source)]
    seconds, memory, _text = timed(command, {**os.environ, "PYTHONPATH": str(TOOLS)})
    return Measured(seconds, 0, memory)


class Terraform:
    """``databricks_user`` for each user, as Terraform or OpenTofu apply it."""

    def __init__(self, program: str, provider: Path, folder: Path) -> None:
        self._program, self._folder = program, folder
        overrides = f'provider_installation {{\n  dev_overrides {{ "databricks/databricks" = "{provider}" }}\n  direct {{}}\n}}\n'
        (folder / "cli.tfrc").write_text(overrides)
        self._env = {**os.environ, "TF_CLI_CONFIG_FILE": str(folder / "cli.tfrc"), "HOME": str(folder), "CHECKPOINT_DISABLE": "1"}

    def declare(self, url: str, names: Sequence[str]) -> None:
        origin = url.rpartition("/")[0]
        (self._folder / "main.tf").write_text(
            'terraform {\n  required_providers {\n    databricks = { source = "databricks/databricks" }\n  }\n}\n'
            f'provider "databricks" {{\n  host = "{origin}"\n  token = "{TOKEN}"\n}}\n'
            f'resource "databricks_user" "all" {{\n  for_each = toset({json.dumps(list(names))})\n  user_name = each.value\n}}\n'
        )

    def run(self, *command: str) -> Measured:
        seconds, memory, _text = timed([self._program, f"-chdir={self._folder}", *command, "-input=false", "-no-color"], self._env)
        return Measured(seconds, 0, memory)


def compared(users: int, folder: Path, provider: Path | None, slow: bool) -> tuple[list[Row], list[Row]]:
    """The contenders as they create users, and as they find nothing to do; the slow ones only if that is asked for."""
    plays, declared = Playbooks(folder), people(users)
    source = folder / "people.json"
    source.write_text(json.dumps({"users": declared}), encoding="utf-8")
    plays.start()
    start = min((plays.start() for _round in range(3)), key=lambda measured: measured.seconds)
    creating, unchanged = [Row("Ansible's own start", start)], [Row("Ansible's own start", start)]

    def many(measured: Measured, begun: float) -> Measured:
        factor = users / LOOPED
        return replace(measured, seconds=(measured.seconds - begun) * factor + begun, requests=round(measured.requests * factor))

    with server() as url:
        creating.append(Row("`uri` loop: look-up, POST", many(counted(url, lambda: plays.loop(url, declared[:LOOPED])), start.seconds)))
        again = counted(url, lambda: plays.loop(url, declared[:LOOPED]))
        unchanged.append(Row("`uri` loop: look-up", many(again, start.seconds)))
    if slow:
        with server() as url:
            creating.append(Row("scim2-client, one by one", counted(url, lambda: by_library(url, source))))
            unchanged.append(Row("scim2-client, one by one", counted(url, lambda: by_library(url, source))))
        program = shutil.which("terraform") or shutil.which("tofu")
        if program and provider:
            terraform = Terraform(program, provider.resolve(), folder)
            with server() as url:
                terraform.declare(url, [person["userName"] for person in declared])
                name = f"{Path(program).name}, `databricks_user`"
                creating.append(Row(name, counted(url, lambda: terraform.run("apply", "-auto-approve"))))
                unchanged.append(Row(name, counted(url, lambda: terraform.run("plan"))))
    with server() as url:
        creating.append(Row("hand-written, 8 threads", counted(url, lambda: raw(url, source, "create"))))
        unchanged.append(Row("hand-written listing", counted(url, lambda: raw(url, source, "list"))))
    with server() as url:
        creating.append(Row("hand-written, bulk", counted(url, lambda: raw(url, source, "bulk"))))
    for bulk, name in (("never", OURS), ("auto", IN_BULK)):
        with server() as url:
            creating.append(Row(name, counted(url, lambda bulk=bulk: plays.directory(url, source, bulk=bulk))))
            if bulk == "never":
                unchanged.append(Row(name, counted(url, lambda: plays.directory(url, source))))
    return creating, unchanged


def fastest(rounds: Sequence[Sequence[Row]]) -> list[Row]:
    """The fastest run of each contender: what else the machine does only makes a run slower."""
    runs: dict[str, list[Measured]] = defaultdict(list)
    for row in (row for rows in rounds for row in rows):
        runs[row.name].append(row.measured)
    found = []
    for name, measured in runs.items():
        ordered = sorted(measured, key=lambda each: each.seconds)
        found.append(Row(name, ordered[0], ordered[-1].seconds, len(measured)))
    return found


def compared_table(rows: Sequence[Row]) -> list[str]:
    """The contenders as a Markdown table, with the ratio of each to this collection."""
    ours = next(row.measured for row in rows if row.name == OURS)
    lines = [
        "| | requests | runs | seconds | slowest | of ours | MiB | of ours |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in rows:
        found = row.measured
        lines.append(
            f"| {row.name} | {found.requests:,} | {row.runs} | {found.seconds:.1f} | {row.slowest:.1f} "
            f"| {found.seconds / ours.seconds:.2f} | {found.memory:.0f} | {found.memory / ours.memory:.2f} |"
        )
    return lines


def large_table(sizes: Sequence[int], rounds: int) -> list[str]:
    """What large directories cost, as a Markdown table."""
    lines = [
        "| users | memberships | format | run | CPU seconds | slowest | ms a user | MiB |",
        "| ---: | ---: | --- | --- | ---: | ---: | ---: | ---: |",
    ]
    for users in sizes:
        for suffix in ("json", "yml"):
            for changed, costs in large.measured(users, suffix, 1000, rounds):
                cpu = [cost.cpu for cost in costs]
                lines.append(
                    f"| {users:,} | {3 * users:,} | {'YAML' if suffix == 'yml' else 'JSON'} | {large.in_words(changed)} | {min(cpu):.1f} "
                    f"| {max(cpu):.1f} | {1000 * min(cpu) / users:.2f} | {max(cost.memory for cost in costs):.0f} |"
                )
                print(lines[-1], flush=True)
    return lines


def growth_table(users: int) -> list[str]:
    """What more groups, and more changes, cost: as a Markdown table."""
    lines = ["| groups | members of each | run | requests | CPU seconds | MiB |", "| ---: | ---: | --- | ---: | ---: | ---: |"]
    for groups in GROUPS:
        for changed, [cost] in large.measured(users, "json", 1000, groups=groups, shares=SHARES if groups == GROUPS[1] else (0,)):
            members = users * large.company.GROUPS_OF_A_USER // groups
            lines.append(
                f"| {groups:,} | {members:,} | {large.in_words(changed)} | {cost.requests:,} | {cost.cpu:.1f} | {cost.memory:.0f} |"
            )
            print(lines[-1], flush=True)
    return lines


def loop_table(seconds: Mapping[str, Sequence[float]]) -> list[str]:
    """What one user in a loop costs, as a Markdown table."""
    lines = ["| task in a loop | seconds an item | least | most | of uri |", "| --- | ---: | ---: | ---: | ---: |"]
    for name, found in seconds.items():
        share, _against = loop.ratio(name, seconds)
        lines.append(f"| {name} | {median(found):.3f} | {min(found):.3f} | {max(found):.3f} | {share:.2f} |")
    print(*lines, sep="\n", flush=True)
    return lines


BAR, WIDE, LEFT = 26, 420, 230


def plot(creating: Sequence[Row], unchanged: Sequence[Row], users: int) -> str:
    """Two bar charts of seconds, as SVG."""
    parts: list[str] = []
    top = 10
    for title, rows in ((f"Create {users:,} users", creating), (f"{users:,} users, nothing to do", unchanged)):
        measured = [(row.name.replace("`", ""), row.measured) for row in rows]
        longest = max(found.seconds for _name, found in measured)
        parts.append(f'<text x="8" y="{top + 16}" class="title">{escape(title)}: seconds</text>')
        top += 26
        for name, found in measured:
            css = "ours" if name.startswith("identity") else "other"
            width = max(2, WIDE * found.seconds / longest)
            parts.append(f'<text x="{LEFT - 8}" y="{top + 17}" text-anchor="end">{escape(name)}</text>')
            parts.append(f'<rect x="{LEFT}" y="{top + 4}" width="{width:.1f}" height="{BAR - 8}" rx="3" class="{css}"/>')
            parts.append(f'<text x="{LEFT + width + 6:.1f}" y="{top + 17}">{found.seconds:.1f}</text>')
            top += BAR
        top += 18
    style = (
        "text{font:13px system-ui,sans-serif;fill:#1c2430}.title{font-weight:600;font-size:15px}.ours{fill:#2563ad}.other{fill:#9aa4b1}"
        "@media (prefers-color-scheme:dark){text{fill:#e6e9ee}.ours{fill:#6cb2ff}.other{fill:#4a5563}}"
    )
    size = f'viewBox="0 0 {LEFT + WIDE + 60} {top}" width="{LEFT + WIDE + 60}" height="{top}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">\n<style>{style}</style>\n' + "\n".join(parts) + "\n</svg>\n"


def machine() -> str:
    """What it was measured on."""
    names = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    versions = ", ".join(f"{name} {version(name)}" for name in ("ansible-core", "scim2-server", "requests"))
    cores = f"{os.cpu_count()} cores ({names[0] if names else platform.machine()})"
    load = f"load {os.getloadavg()[0]:.1f} at the beginning"
    return f"{datetime.now(UTC):%Y-%m-%d}, {cores}, {load}, Python {platform.python_version()}, {versions}"


def lines(found: Sequence[str]) -> str:
    return "\n".join(found)


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of the page, as the lines of each; ``grown`` are the users of the directories in ``growth``."""

    creating: Sequence[str]
    unchanged: Sequence[str]
    loop: Sequence[str]
    sizes: Sequence[str]
    growth: Sequence[str]
    grown: int


def page(what: str, users: int, tables: Tables, without: str) -> str:
    """The whole page."""
    return f"""# Performance

After reading this page you know how long a run takes, and what decides it. `make benchmark` measures all of it again and writes this
page.

Measured: {what}. The ratios are from this one run, so they say more than the seconds, which depend on the machine.

![Seconds of each contender](pictures/performance.svg)

## {users:,} users, compared

Create {users:,} users on an empty server:

{lines(tables.creating)}

The same again, when nothing has to change:

{lines(tables.unchanged)}

`runs` is how often a contender ran; `seconds` are those of its fastest run, and memory is that of the largest process of that run. The
`uri` loop was measured on {LOOPED} users, and its time multiplied.{without}

## One user in a loop

The time of each item, without Ansible's own start: the median of the runs, the least and the most. The module `identity.scim.user` runs in
Ansible's own process, unless the variable `scim_direct` is false; then it runs as any other module does.

{lines(tables.loop)}

## Large directories

CPU time and memory of the controller, without Ansible's own start, in check mode. Each user is in three groups. The time for a user does
not grow with the directory.

{lines(tables.sizes)}

With {tables.grown:,} users, each in three groups, and more groups or more changes:

{lines(tables.growth)}

## At a provider's rate

On a provider with a rate limit, the number of requests decides how long a run takes. Computed, for one group for each 20 users, pages of
100 and bulk requests of 1,000 operations:

{lines(rates.table())}
"""


def main() -> None:
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # Python keeps what it compiled, as on a user's machine
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--users", type=int, default=1000)
    options.add_argument("--large", type=int, nargs="*", default=[1000, 10_000, 100_000])
    options.add_argument("--databricks", type=Path)
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    what = machine()
    rounds = []
    for number in range(chosen.rounds):
        with tempfile.TemporaryDirectory() as folder:
            rounds.append(compared(chosen.users, Path(folder), chosen.databricks, slow=number == 0))
    creating, unchanged = (fastest(found) for found in zip(*rounds, strict=True))
    print(*compared_table(creating), "", *compared_table(unchanged), sep="\n", flush=True)
    grown = min(GROWN, max(chosen.large))
    tables = Tables(
        compared_table(creating),
        compared_table(unchanged),
        loop_table(loop.measured(min(ITEMS, chosen.users), min(FEW_ITEMS, chosen.users), chosen.rounds)),
        large_table(chosen.large, chosen.rounds),
        growth_table(grown),
        grown,
    )
    PLOT.write_text(plot(creating, unchanged, chosen.users), encoding="utf-8")
    PAGE.write_text(page(what, chosen.users, tables, "" if chosen.databricks else f" {WITHOUT}"), encoding="utf-8")


if __name__ == "__main__":
    main()
