# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One directory written and read, side by side in one run: by an ``ansible.builtin.uri`` loop, a hand-written client, this collection.

    .venv/bin/python tests/benchmarks/side_by_side.py [--people 1000] [--loop 25] [--unchanged 10000] [--loaded 100000]

Each contender gets a fresh scim2-server in a process of its own. The loop is measured on a few people and its time multiplied, since it
would take the better part of an hour. Ansible's own start is measured with a play that does nothing, and taken off nobody's time;
"one person" is what building and importing our module costs besides.
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
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

TOKEN = "benchmark-token"
SERVER = f"""
import sys, time
sys.path.insert(0, {str(HERE.parent)!r})
from servers.rfc import RfcServer
server = RfcServer(token={TOKEN!r})
print(server.url, flush=True)
time.sleep(86400)
"""

LOAD = """
import gc, sys, time
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration import documents, loader
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import RESOURCE_TYPES
gc.disable()  # as the modules do
began = time.perf_counter()
found = documents.load_files(sys.argv[1:]).documents
print(f"{time.perf_counter() - began:.2f}")
loader.load_declaration(found, RESOURCE_TYPES, {"User": ["id", "userName"], "Group": ["id", "displayName"]})
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """Wall seconds, SCIM requests, and the peak memory of the largest process in MiB."""

    seconds: float
    requests: int
    memory: float


@contextmanager
def served(*arguments: str) -> Iterator[str]:
    """The base URL that a server prints first, which Python runs with these arguments in a process of its own."""
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


def server() -> AbstractContextManager[str]:
    """The base URL of a scim2-server with an empty store, in a process of its own."""
    return served("-c", SERVER)


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
    """Runs plays as people do, and measures them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.results = folder / "results.jsonl"

    def play(self, *tasks: dict[str, Any]) -> Measured:
        """The memory is that of the largest of all the processes that Ansible starts."""
        playbook = self.folder / "play.yml"
        playbook.write_text(json.dumps([{"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": list(tasks)}]))
        self.results.write_text("")
        seconds, memory, _text = timed(
            [sys.executable, "-m", "ansible", "playbook", str(playbook)],
            {
                **os.environ,
                "HOME": str(self.folder),
                "ANSIBLE_CONFIG": str(HERE.parent / "ansible.cfg"),
                "ANSIBLE_HOME": str(self.folder),
                "ANSIBLE_CALLBACK_PLUGINS": str(HERE.parent / "integration" / "callback_plugins"),
                "ANSIBLE_CALLBACKS_ENABLED": "kept_results",
                "KEPT_RESULTS": str(self.results),
            },
        )
        last = json.loads(self.results.read_text().splitlines()[-1])
        return Measured(seconds, int(last["result"].get("requests", 0)), memory)

    def directory(self, url: str, source: Path, **options: Any) -> Measured:
        return self.play({"identity.scim.directory": {"url": url, "token": TOKEN, "src": [str(source)], **options}})

    def start(self) -> Measured:
        return self.play({"ansible.builtin.ping": {}})

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
        measured = self.play(look_up, create)
        return replace(measured, requests=2 * len(declared))


def raw(url: str, source: Path, what: str) -> Measured:
    """The hand-written client beside this file."""
    seconds, memory, text = timed([sys.executable, str(HERE / "raw_client.py"), what, url, TOKEN, str(source)])
    return Measured(seconds, int(text.split()[-1]), memory)


def filled(url: str, source: Path) -> None:
    raw(url, source, "create")


def row(name: str, measured: Measured, note: str = "") -> None:
    print(f"{name:48} {measured.seconds:7.2f} s {measured.requests:6} requests {measured.memory:5.0f} MiB  {note}", flush=True)


def one_person(plays: Playbooks, folder: Path) -> Measured:
    source = folder / "one.json"
    source.write_text(json.dumps({"users": people(1)}), encoding="utf-8")
    with server() as url:
        plays.directory(url, source)
        return plays.directory(url, source)


def creating(plays: Playbooks, source: Path, declared: list[dict[str, Any]], loop: int, start: Measured) -> None:
    count = len(declared)
    with server() as url:
        few = plays.loop(url, declared[:loop])
    by_loop = Measured((few.seconds - start.seconds) / loop * count + start.seconds, 2 * count, few.memory)
    row(f"create {count}: uri loop (measured on {loop})", by_loop)
    limit = 0.0
    for how, name, bulk in (("create", "8 threads", "never"), ("bulk", "bulk", "auto")):
        with server() as url:
            by_hand = raw(url, source, how)
        limit = limit or by_hand.seconds + start.seconds
        note = f"{(by_hand.seconds + start.seconds) / limit:.2f} of threaded client plus start, with start"
        row(f"create {count}: hand-written client, {name}", by_hand, note)
        with server() as url:
            ours = plays.directory(url, source, bulk=bulk)
        note = f"{by_loop.seconds / ours.seconds:.0f} times the loop, {ours.seconds / limit:.2f} of threaded client plus start"
        row(f"create {count}: identity.scim.directory, bulk {bulk}", ours, note)


def unchanged(plays: Playbooks, source: Path, count: int, start: Measured) -> None:
    with server() as url:
        filled(url, source)
        listing = raw(url, source, "list")
        row(f"nothing to do for {count}: listing by hand", listing)
        ours = plays.directory(url, source)
    note = f"{ours.seconds / (listing.seconds + start.seconds):.2f} of listing plus start"
    row(f"nothing to do for {count}: identity.scim.directory", ours, note)


def loading(folder: Path, count: int) -> None:
    """Read and validated, without Ansible around it."""
    declared = people(count)
    files = {suffix: folder / f"people.{suffix}" for suffix in ("json", "yml")}
    files["json"].write_text(json.dumps({"users": declared}))
    files["yml"].write_text("users:\n" + "".join(f"  - {in_yaml(person)}" for person in declared))
    for suffix, source in files.items():
        seconds, memory, text = timed([sys.executable, "-c", LOAD, str(source)])
        row(f"load and validate {count} people: {suffix}", Measured(seconds, 0, memory), f"{text.strip()} s of it to read the file")


def in_yaml(person: dict[str, Any]) -> str:
    """A list item as people write it: a line an attribute."""
    texts = {name: json.dumps(value) if isinstance(value, (bool, list, dict)) else value for name, value in person.items()}
    return "    ".join(f"{name}: {text}\n" for name, text in texts.items())


def main() -> None:
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # Python keeps what it compiled, as on a user's machine
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=1000)
    options.add_argument("--loop", type=int, default=25)
    options.add_argument("--unchanged", type=int, default=10000)
    options.add_argument("--loaded", type=int, default=100000)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        plays = Playbooks(Path(folder))
        plays.start()
        start = plays.start()
        row("Ansible's own start", start)
        row("one person, nothing to do", one_person(plays, Path(folder)))
        for count, measure in ((chosen.people, "create"), (chosen.unchanged, "unchanged")):
            declared = people(count)
            source = Path(folder) / f"{measure}.json"
            source.write_text(json.dumps({"users": declared}), encoding="utf-8")
            if measure == "create":
                creating(plays, source, declared, chosen.loop, start)
            else:
                unchanged(plays, source, count, start)
        loading(Path(folder), chosen.loaded)


if __name__ == "__main__":
    main()
