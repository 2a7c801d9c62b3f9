# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make simulate``: golden plans with every fault, and random days.

make simulate                        every fault at every request of every golden plan, and 2000 days
make simulate DAYS=100000 PLANS=no   days only; SEED=7 for others
make simulate SEED=7 DAY=1234        that day again, with all of its requests
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from ansible_collections.identity.scim.tests.simulation.day import DAYS, days
from ansible_collections.identity.scim.tests.simulation.golden import KINDS, goldens, odd_goldens
from ansible_collections.identity.scim.tests.simulation.invariants import Broken
from ansible_collections.identity.scim.tests.simulation.run import Ran

ROOT = Path(__file__).resolve().parents[2]
EVERY_SECONDS = 60.0  # a line of progress
MOST_BROKEN = 10  # after so many the run ends


def main() -> int:
    """Run what the options request. Return 1 if an invariant is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0, help=f"the first day, a multiple of {DAYS}")
    parser.add_argument("--day", type=int, help="only this day, with all of its requests")
    parser.add_argument("--plans", choices=("yes", "no"), default="yes")
    parser.add_argument("--mishap", type=int, default=0, help="the first mishap of the golden plans, to go on where a run has ended")
    options = parser.parse_args()
    print(f"seed {options.seed}, commit {commit()}", flush=True)
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        if options.day is not None:
            return replay(options.seed, options.day, Path(folder))
        broken = plans(Path(folder), options.mishap) if options.plans == "yes" else 0
        broken += random_days(options.seed, options.first, options.days, Path(folder))
    return 1 if broken else 0


def commit() -> str:
    """The commit that is simulated."""
    asked = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False)
    return asked.stdout.strip() or "unknown"


def plans(folder: Path, first: int) -> int:
    """Try every golden plan at odd providers, and with every fault at every request. Return how many break an invariant."""
    began = last = time.monotonic()
    tried = runs = broken = 0
    for number, (name, live) in enumerate(lives(folder)):
        if number < first:
            continue
        tried += 1
        try:
            runs += len(live())
        except Broken as error:
            broken += 1
            print(error, flush=True)
            if broken >= MOST_BROKEN:
                break
        if time.monotonic() - last > EVERY_SECONDS:
            last = time.monotonic()
            print(f"{first + tried} tried, {runs} runs, {broken} broken, {last - began:.0f} s, at {name}", flush=True)
    seconds = time.monotonic() - began
    print(f"golden plans: {tried} mishaps and odd providers, {runs} runs, {broken} broken, {seconds:.0f} s", flush=True)
    return broken


def lives(folder: Path) -> Iterator[tuple[str, Callable[[], list[Ran]]]]:
    """Each golden plan at each odd kind of provider, and with each mishap at each other kind: its name, and what runs it."""
    for odd, usual in odd_goldens(folder):
        yield odd.name, partial(odd.live, usual)
    for golden in goldens(folder, KINDS):
        yield from ((golden.name, partial(golden.suffer, mishap)) for mishap in golden.mishaps())


def random_days(seed: int, first: int, count: int, folder: Path) -> int:
    """Run ``count`` days. Return how many break an invariant."""
    began = last = time.monotonic()
    done = runs = broken = 0
    for day, ran in days(seed, first, first + count, folder):
        done += 1
        if isinstance(ran, Broken):
            broken += 1
            print(f"\nday {day}: {ran}\nTo see it again: make simulate SEED={seed} DAY={day}", flush=True)
            if broken >= MOST_BROKEN:
                break
        else:
            runs += len(ran)
        if time.monotonic() - last > EVERY_SECONDS:
            last = time.monotonic()
            print(rate(done, runs, broken, last - began), flush=True)
    print(rate(done, runs, broken, time.monotonic() - began), flush=True)
    return broken


def rate(done: int, runs: int, broken: int, seconds: float) -> str:
    """A line of progress. The processor's own seconds tell more where the machine has other work."""
    own = time.process_time()
    return f"{done} days, {runs} runs, {broken} broken, {done / seconds:.1f} days/s, {done / own:.1f} days per second of one core"


def replay(seed: int, day: int, folder: Path) -> int:
    """Run one day and print its requests. The earlier days of its tenant are run too, and not printed."""
    for number, ran in days(seed, day, day + 1, folder):
        if isinstance(ran, Broken):
            print(f"day {number}: {ran}")
            return 1
        print("\n".join(each.trace() for each in ran))
        print(f"day {number}: all invariants hold")
    return 0


if __name__ == "__main__":
    sys.exit(main())
