# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one user in a loop costs, side by side in one run: ``ansible.builtin.uri``, and ``identity.scim.user`` both ways.

    .venv/bin/python tests/benchmarks/loop.py [--items 100] [--rounds 3]

The start of Ansible, measured with a play that does nothing, is taken off each time. Each round plays every contender, so that what else
the machine does is spread over all of them. Printed is the median of the rounds, and the least and the most.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

from side_by_side import TOKEN, Playbooks, people, server

HEADERS = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/scim+json"}
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


def a_round(plays: Playbooks, items: int, names: list[str]) -> Mapping[str, float]:
    """Each contender once. Whoever creates begins with an empty server."""
    found: dict[str, float] = {}
    start = plays.start().seconds
    for group in (names[:2], names[2:4], names[4:]):
        with server() as url:
            for name in group:
                found[name] = (plays.play(*tasks(url, people(items))[name]).seconds - start) / items
    return {"start": start, **found}


def main() -> None:
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # Python keeps what it compiled, as on a user's machine
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--items", type=int, default=100)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--without-modules", action="store_true", help="leave out the slow way, which is no goal")
    chosen = options.parse_args()
    names = list(tasks("", people(1)))
    names = names[:4] if chosen.without_modules else names
    seconds: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        plays = Playbooks(Path(folder))
        plays.start()
        for _round in range(chosen.rounds):
            for name, found in a_round(plays, chosen.items, names).items():
                seconds[name].append(found)
    yardstick = {"created": "uri: look-up and POST", "unchanged": "uri: GET"}
    for name, found in seconds.items():
        against = next((other for word, other in yardstick.items() if name.endswith(word)), "")
        share = f"{median(found) / median(seconds[against]):.2f} of {against}" if against else ""
        print(f"{name:30} {median(found):8.4f} s  ({min(found):.4f} to {max(found):.4f})  {share}", flush=True)


if __name__ == "__main__":
    main()
