# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one user in a loop costs, side by side in one run: ``ansible.builtin.uri``, and ``identity.scim.user`` both ways.

    .venv/bin/python tests/benchmarks/loop.py [--items 100] [--few 20] [--rounds 3]

The start of Ansible, measured with a play that does nothing, is taken off each time. Each round plays every contender, so that what else
the machine does is spread over all of them. Printed is the median of the rounds, and the least and the most. ``--few`` are the items of
the contenders that take half a second for each.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from side_by_side import TOKEN, Playbooks, people, server

HEADERS = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/scim+json"}
QUICK = ("user, created", "user, unchanged")
YARDSTICK = {"created": "uri: look-up and POST", "POST": "uri: look-up and POST", "unchanged": "uri: GET", "GET": "uri: GET"}
FOUND = "{{ url }}/Users?filter=userName%20eq%20%22{{ item.userName }}%22"


def tasks(url: str, declared: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The contenders: the tasks of each. Those that find users unchanged come after those that create them."""
    loop = {"loop": declared, "loop_control": {"label": "{{ item.userName }}"}, "vars": {"url": url}}
    look_up = {"ansible.builtin.uri": {"url": FOUND, "headers": HEADERS}, "register": "found", **loop}
    create = {
        "ansible.builtin.uri": {
            "url": f"{url}/Users",
            "method": "POST",
            "headers": HEADERS,
            "body_format": "json",
            "body": "{{ {'schemas': ['urn:ietf:params:scim:schemas:core:2.0:User']} | combine(item.item) }}",
            "status_code": 201,
        },
        "loop": "{{ found.results }}",
        "loop_control": {"label": "{{ item.item.userName }}"},
        "when": "(item.json | default(item.content | from_json)).totalResults == 0",
    }
    named = {name: f"{{{{ item.{name} }}}}" for name in declared[0]}
    user = {"identity.scim.user": {"url": url, "token": TOKEN, **named}, **loop}
    as_module = {**user, "vars": {**loop["vars"], "scim_direct": False}}
    return {
        "uri: look-up and POST": [look_up, create],
        "uri: GET": [look_up],
        "user, created": [user],
        "user, unchanged": [user],
        "user as a module, created": [as_module],
        "user as a module, unchanged": [as_module],
    }


def a_round(plays: Playbooks, items: int, few: int, names: Sequence[str]) -> Mapping[str, float]:
    """Each contender once: seconds an item. Whoever creates begins with an empty server."""
    found: dict[str, float] = {}
    start = plays.start().seconds
    for group in (names[:2], names[2:4], names[4:]):
        with server() as url:
            for name in group:
                count = items if name in QUICK else few
                found[name] = (plays.play(*tasks(url, people(count))[name]).seconds - start) / count
    return found


def measured(items: int, few: int, rounds: int, as_module: bool = True) -> Mapping[str, Sequence[float]]:
    """The seconds an item of each contender, for each round."""
    names = list(tasks("", people(1)))[: None if as_module else 4]
    seconds: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        plays = Playbooks(Path(folder))
        plays.start()
        for _round in range(rounds):
            for name, found in a_round(plays, items, few, names).items():
                seconds[name].append(found)
    return seconds


def ratio(name: str, seconds: Mapping[str, Sequence[float]]) -> tuple[float, str]:
    """The share of the time of the contender with ``uri`` that does the same, and its name."""
    against = next(other for word, other in YARDSTICK.items() if word in name)
    return median(seconds[name]) / median(seconds[against]), against


def main() -> None:
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # Python keeps what it compiled, as on a user's machine
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--items", type=int, default=100)
    options.add_argument("--few", type=int, default=20)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--without-modules", action="store_true", help="leave out the slow way, which is no goal")
    chosen = options.parse_args()
    seconds = measured(chosen.items, chosen.few, chosen.rounds, not chosen.without_modules)
    for name, found in seconds.items():
        share, against = ratio(name, seconds)
        print(f"{name:30} {median(found):8.4f} s  ({min(found):.4f} to {max(found):.4f})  {share:.2f} of {against}", flush=True)


if __name__ == "__main__":
    main()
