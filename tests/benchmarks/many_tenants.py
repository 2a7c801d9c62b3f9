# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long one control node takes for many tenants, and how much memory: simulated, since nobody has a thousand providers to try it with.

    .venv/bin/python tests/benchmarks/many_tenants.py

Each tenant is a host of one inventory, with 1,000 users and nothing to do. As ``forks`` allows, tenants run at the same time. Each of
their requests needs a part of the tenant's processor time on one of the cores, and the next one is not sent before the rate allows it.
"""

from __future__ import annotations

import heapq
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.rates import in_words, requests

TENANTS, USERS = 1000, 1000
CORES = 4
CPU = 1.0  # seconds for one tenant: Ansible's part of a task, and a run of 1,000 users (docs/performance.md), rounded up
CONTROLLER, WORKER = 150, 60  # MiB of ansible-playbook with 1,000 hosts, and of the process of one task
FORKS = (5, 20, 50, 100)
RATES = (60, 600)  # requests a minute of each tenant


@dataclass(frozen=True, slots=True)
class Node:
    """A control node, and the rate that each of its tenants has, in requests a minute."""

    cores: int
    forks: int
    rate: float


def seconds(node: Node, tenants: int, sent: int, cpu: float) -> float:
    """How long all tenants take, if each sends so many requests and needs so many seconds of a core.

    Events are in order of time, so a core is given to whoever has waited for it longest.
    """
    part, gap = cpu / sent, 60 / node.rate
    cores = [0.0] * node.cores  # when each is free
    events = [(0.0, tenant, sent) for tenant in range(min(node.forks, tenants))]  # when, who, and how many requests are left
    waiting, last = iter(range(len(events), tenants)), 0.0
    while events:
        now, tenant, left = heapq.heappop(events)
        begun = max(now, heapq.heappop(cores))
        done = begun + part
        heapq.heappush(cores, done)
        last = max(last, done)
        if left > 1:
            heapq.heappush(events, (max(done, begun + gap), tenant, left - 1))
        elif (following := next(waiting, None)) is not None:
            heapq.heappush(events, (done, following, sent))
    return last


def memory(forks: int) -> float:
    """The most memory in GiB."""
    return (CONTROLLER + forks * WORKER) / 1024


def table() -> list[str]:
    """The lines of a Markdown table."""
    sent = requests(USERS, USERS // 20)["nothing to do"]
    lines = [
        f"| forks | memory | {' | '.join(f'at {rate} a minute' for rate in RATES)} |",
        f"| ---: | ---: |{' ---: |' * len(RATES)}",
    ]
    for forks in FORKS:
        times = " | ".join(in_words(seconds(Node(CORES, forks, rate), TENANTS, sent, CPU)) for rate in RATES)
        lines.append(f"| {forks} | {memory(forks):.1f} GiB | {times} |")
    return lines


def main() -> None:
    print(*table(), sep="\n")


if __name__ == "__main__":
    main()
