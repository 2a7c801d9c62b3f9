# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs mutmut on rooms of the engine: changes the code in small ways and counts the changes that no unit test notices.

make mutation                            a sample of 1000 mutants of each room, in less than 20 minutes on two idle cores
make mutation ROOMS=plan                 all mutants of one room
make mutation ROOMS="plan apply" SAMPLE=400

Each room is copied to ``.cache/mutation/ROOM``, since mutmut needs the path of a file to be its import name. mutmut changes the bodies of
functions, but not of decorated ones such as properties, nor tables and expressions at the top of a module. A mutant is tested by those
tests of ``ROOMS`` that call the changed function, the quickest first, until one fails.
"""

from __future__ import annotations

import ast
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.utils.format_utils import get_mutant_name, orig_function_and_class_names_from_key

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "mutation"
COLLECTION = Path("ansible_collections/identity/scim")
ENGINE = COLLECTION / "plugins/module_utils/_engine"
# The tests that may kill a mutant of each room: its own, and of other rooms those that use it most.
ROOMS = {
    "plan": ("plan", "commands"),
    "scim/schema": ("scim/schema", "scim/test_names.py", "properties/test_overlay.py"),
    "apply": ("apply", "commands"),
}
SAMPLE = 1000
SPINNER = tuple("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")
DATA_ONLY = "table.py"  # test_table.py compares it with another implementation
CONFIGURATION = """\
[tool.pytest.ini_options]
pythonpath = ["{collection}/tests"]
addopts = ["--import-mode=importlib", "--strict-markers"]

[tool.mutmut]
source_paths = ["{collection}/plugins"]
only_mutate = ["{engine}/{room}/*.py"]
do_not_mutate = ["*/{data_only}"]
also_copy = ["ansible_collections"]
pytest_add_cli_args = ["-c", "pyproject.toml", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-seed=0"]
pytest_add_cli_args_test_selection = {tests}
use_git_change_detection = false
track_dependencies = false
timeout_constant = 2.0
timeout_multiplier = 5.0
"""
# Exit codes of a test run: pytest found a failure or broke, or mutmut ended an endless loop.
FAILED, BROKE, OUT_OF_TIME, NO_TEST = 1, 3, (24, -24, 36, 152, 255, -9), (5, 33)
KILLED = (FAILED, BROKE, *OUT_OF_TIME)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change. ``exit_code`` is that of its tests; None where it was not in the sample."""

    name: str
    path: Path
    exit_code: int | None


def copy_collection(home: Path) -> None:
    """Copy the work tree as git sees it."""
    shutil.rmtree(home, ignore_errors=True)
    listed = subprocess.check_output(["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, text=True)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            target = home / COLLECTION / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)


def mutant_names(room: str) -> list[str]:
    """Return the names of all mutants of a room."""
    paths = [path for path in sorted((ENGINE / room).glob("*.py")) if path.name != DATA_ONLY]
    mutated = [(path, mutate_file_contents(str(path), path.read_text("utf-8")).mutant_names) for path in paths]
    return [get_mutant_name(path, name) for path, names in mutated for name in names]


def run_mutmut(room: str, names: list[str]) -> None:
    """Test the mutants, all or those of these names; mutmut's output goes to a log."""
    log = CACHE / f"{room.replace('/', '-')}.log"
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", "2", *names]
    with log.open("w") as output:
        code = subprocess.call(command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    if code:
        lines = [line for line in log.read_text("utf-8").splitlines() if line[:1] not in SPINNER]
        sys.exit(f"mutation: mutmut failed with exit code {code}; {log.relative_to(ROOT)} ends with:\n" + "\n".join(lines[-20:]))


def tested(room: str) -> list[Mutant]:
    """Return the mutants that mutmut tested, from the notes that it keeps beside its copy of each file."""
    mutants = []
    for path in sorted((ENGINE / room).glob("*.py")):
        notes = Path("mutants", f"{path}.meta")
        if notes.exists():
            codes = json.loads(notes.read_text("utf-8"))["exit_code_by_key"]
            mutants += [Mutant(name, path, code) for name, code in codes.items() if code is not None]
    return mutants


def described(mutant: Mutant) -> Iterator[str]:
    """Yield the lines that describe a survivor: the place, and the changed lines."""
    changes = get_diff_for_mutant(mutant.name, path=mutant.path).splitlines()[2:]
    place = mutant.path.relative_to(COLLECTION)
    why = "no test reaches it" if mutant.exit_code in NO_TEST else "survived"
    yield f"{place}:{line_of_change(mutant, changes)}: {why}"
    yield from (f"    {line[0]} {line[1:].strip()}" for line in changes if line.startswith(("-", "+")))


def line_of_change(mutant: Mutant, changes: list[str]) -> int:
    """Return the line in the file. A diff counts from the function's ``def``, or a comment above it."""
    name, class_name = orig_function_and_class_names_from_key(mutant.name)
    source = mutant.path.read_text("utf-8")
    scope = ast.parse(source).body
    if class_name:
        scope = next(node.body for node in scope if isinstance(node, ast.ClassDef) and node.name == class_name)
    line = next(node.lineno for node in scope if isinstance(node, ast.FunctionDef) and node.name == name)
    lines = source.splitlines()
    while lines[line - 2].lstrip().startswith(("#", "@")):
        line -= 1
    hunk = next(index for index, change in enumerate(changes) if change.startswith("@@"))
    first = int(changes[hunk].split()[1].lstrip("-").split(",")[0])
    unchanged = next(index for index, change in enumerate(changes[hunk + 1 :]) if change.startswith(("-", "+")))
    return line + first - 1 + unchanged


def report(room: str, mutants: list[Mutant], seconds: float) -> str:
    """Print the survivors of a room, and return the line with its score."""
    survivors = [mutant for mutant in mutants if mutant.exit_code not in KILLED]
    for survivor in survivors:
        print("\n".join(described(survivor)), flush=True)
    killed = len(mutants) - len(survivors)
    unreached = sum(mutant.exit_code in NO_TEST for mutant in survivors)
    return (
        f"{room}: {killed} of {len(mutants)} mutants killed ({100 * killed / len(mutants):.1f} %), {len(survivors) - unreached} survived, "
        f"{unreached} not reached by a test; {seconds:.0f} s"
    )


def mutate(room: str, size: int) -> str:
    """Test a sample of as many mutants of a room, all with 0, and return the line with the score."""
    home = CACHE / room.replace("/", "-")
    copy_collection(home)
    tests = [str(COLLECTION / "tests/unit" / place) for place in ROOMS[room]]
    text = CONFIGURATION.format(collection=COLLECTION, engine=ENGINE, room=room, data_only=DATA_ONLY, tests=json.dumps(tests))
    (home / "pyproject.toml").write_text(text, "utf-8")
    os.chdir(home)
    names = mutant_names(room)
    size = min(size or len(names), len(names))
    print(f"mutation: {room}: testing {size} of {len(names)} mutants" + ("" if size == len(names) else " (SAMPLE=0 tests all)"), flush=True)
    start = time.monotonic()
    run_mutmut(room, [] if size == len(names) else random.Random(0).sample(names, size))  # the same ones in each run of the same code
    mutants = tested(room)
    if len(mutants) < size:
        sys.exit(f"mutation: mutmut ended after {len(mutants)} of {size} mutants of {room}, so there is no score")
    return report(room, mutants, time.monotonic() - start)


def main() -> None:
    rooms = sys.argv[1:] or list(ROOMS)
    unknown = [room for room in rooms if room not in ROOMS]
    if unknown:
        sys.exit(f'mutation: unknown room "{unknown[0]}"; ROOMS can be: {", ".join(ROOMS)}')
    size = int(os.environ.get("SAMPLE") or (0 if len(rooms) == 1 else SAMPLE))
    os.environ["PYTHONPATH"] = os.pathsep.join(str(Path(place).resolve()) for place in os.environ["PYTHONPATH"].split(os.pathsep))
    scores = [mutate(room, size) for room in rooms]
    print("\n" + "\n".join(scores))


if __name__ == "__main__":
    main()
