# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes and reads of one directory, side by side in one run: an ``ansible.builtin.uri`` loop, a hand-written client, this collection.

    .venv/bin/python tests/benchmarks/side_by_side.py [--people 1000] [--loop 25] [--unchanged 10000]

Each contender gets a fresh scim2-server in a process of its own. The loop is measured on a few people and its time multiplied, since it
would take the better part of an hour; Ansible's own start is measured with a play that does nothing, and taken off nobody's time.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from servers.playbooks import Run  # noqa: E402

TOKEN = "benchmark-token"
SERVER = f"""
import sys, time
sys.path.insert(0, {str(HERE.parent)!r})
from servers.rfc import RfcServer
server = RfcServer(token={TOKEN!r})
print(server.url, flush=True)
time.sleep(86400)
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """Wall seconds, SCIM requests, and the peak memory of the largest process in MiB."""

    seconds: float
    requests: int
    memory: float


@contextmanager
def server() -> Iterator[str]:
    """The base URL of a scim2-server with an empty store, in a process of its own."""
    process = subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


def people(count: int) -> list[dict[str, Any]]:
    return [
        {
            "userName": f"person{number}@example.com",
            "name": {"givenName": f"Given {number}", "familyName": f"Family {number}"},
            "emails": [{"value": f"person{number}@example.com", "type": "work", "primary": True}],
            "title": "Engineer",
            "active": True,
        }
        for number in range(count)
    ]


def timed(command: list[str], env: dict[str, str] | None = None) -> tuple[float, float, str]:
    """Wall seconds, peak memory in MiB, and what the command printed."""
    with tempfile.TemporaryFile("w+") as printed:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=printed, stderr=subprocess.STDOUT, env=env)
        _pid, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        printed.seek(0)
        text = printed.read()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{text}")
    return seconds, usage.ru_maxrss / 1024, text


class Playbooks:
    """Runs plays as the integration tests do, and measures them."""

    def __init__(self, folder: Path) -> None:
        self.run = Run(folder)
        self.folder = folder

    def play(self, *tasks: dict[str, Any]) -> tuple[Measured, dict[str, Any]]:
        began = time.perf_counter()
        played = self.run(self.run.play(*tasks))
        seconds = time.perf_counter() - began
        result = played.result()
        return Measured(seconds, int(result.get("requests", 0)), 0.0), result

    def directory(self, url: str, source: Path, **options: Any) -> Measured:
        """Memory is that of the module's own process, run by itself on a provider that has everything already or nothing."""
        measured, _result = self.play({"identity.scim.directory": {"url": url, "token": TOKEN, "src": [str(source)], **options}})
        return measured

    def start(self) -> Measured:
        return self.play({"ansible.builtin.ping": {}})[0]

    def loop(self, url: str, declared: list[dict[str, Any]]) -> Measured:
        """Look up, then create where nobody was found: what people write by hand."""
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/scim+json"}
        look_up = {
            "ansible.builtin.uri": {"url": f"{url}/Users?filter=userName%20eq%20%22{{{{ item.userName }}}}%22", "headers": headers},
            "loop": declared,
            "register": "found",
        }
        create = {
            "ansible.builtin.uri": {
                "url": f"{url}/Users",
                "method": "POST",
                "headers": headers,
                "body_format": "json",
                "body": "{{ {'schemas': ['urn:ietf:params:scim:schemas:core:2.0:User']} | combine(item.item) }}",
                "status_code": 201,
            },
            "loop": "{{ found.results }}",
            "when": "(item.json | default(item.content | default('{}') | from_json)).totalResults == 0",
        }
        measured, _result = self.play(look_up, create)
        return Measured(measured.seconds, 2 * len(declared), 0.0)


def raw(url: str, source: Path, what: str) -> Measured:
    """The hand-written client beside this file."""
    seconds, memory, text = timed([sys.executable, str(HERE / "raw_client.py"), what, url, TOKEN, str(source)])
    return Measured(seconds, int(text.split()[-1]), memory)


def filled(url: str, source: Path) -> None:
    raw(url, source, "create")


def row(name: str, measured: Measured, note: str = "") -> None:
    memory = f"{measured.memory:7.0f} MiB" if measured.memory else " " * 11
    print(f"{name:46} {measured.seconds:9.2f} s {measured.requests:8} requests {memory}  {note}", flush=True)


def creating(plays: Playbooks, source: Path, declared: list[dict[str, Any]], loop: int, start: Measured) -> None:
    count = len(declared)
    with server() as url:
        few = plays.loop(url, declared[:loop])
    by_loop = Measured((few.seconds - start.seconds) / loop * count + start.seconds, 2 * count, 0.0)
    row(f"create {count}: uri loop (measured on {loop})", by_loop)
    with server() as url:
        by_hand = raw(url, source, "create")
    row(f"create {count}: hand-written client, 8 threads", by_hand)
    for bulk in ("never", "auto"):
        with server() as url:
            ours = plays.directory(url, source, bulk=bulk)
        limit = by_hand.seconds + start.seconds
        note = f"{by_loop.seconds / ours.seconds:.0f} times the loop, {ours.seconds / limit:.2f} of client plus start"
        row(f"create {count}: identity.scim.directory, bulk {bulk}", ours, note)


def unchanged(plays: Playbooks, source: Path, count: int, start: Measured) -> None:
    with server() as url:
        filled(url, source)
        listing = raw(url, source, "list")
        row(f"nothing to do for {count}: listing by hand", listing)
        ours = plays.directory(url, source)
    note = f"{ours.seconds / (listing.seconds + start.seconds):.2f} of listing plus start"
    row(f"nothing to do for {count}: identity.scim.directory", ours, note)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=1000)
    options.add_argument("--loop", type=int, default=25)
    options.add_argument("--unchanged", type=int, default=10000)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        plays = Playbooks(Path(folder))
        plays.start()
        start = plays.start()
        row("Ansible's own start", start)
        for count, measure in ((chosen.people, "create"), (chosen.unchanged, "unchanged")):
            declared = people(count)
            source = Path(folder) / f"{measure}.json"
            source.write_text(json.dumps({"users": declared}), encoding="utf-8")
            if measure == "create":
                creating(plays, source, declared, chosen.loop, start)
            else:
                unchanged(plays, source, count, start)


if __name__ == "__main__":
    main()
