# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rooms of the house and who may import whom, checked by reading the code. See docs/development.md for the drawing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
ENGINE = PLUGINS / "module_utils" / "_engine"
ROOT = "ansible_collections.identity.scim.plugins.module_utils._engine."

# From the edge to the protocol. A room imports itself and the rooms below it.
ROOMS = (
    "module.py", "sessions.py", "forked_memory.py", "signals.py", "tenant_lock.py", "options/", "commands/", "report/", "apply/",
    "state/", "plan/", "declaration/", "scim/client/", "scim/http/", "scim/providers/", "scim/schema/", "redact.py", "decoding.py",
    "files.py", "scim/names.py", "scim/errors.py", "wording.py", "escaping.py", "python.py",
)  # fmt: skip
# What is below a room and is not for it all the same: no command knows Ansible's options, no plan sends a request.
CLOSED = {
    "options/": ("commands/", "report/", "apply/", "state/", "plan/", "scim/client/"),
    "plan/": ("scim/client/", "scim/http/"),
    "declaration/": ("scim/client/", "scim/http/"),
    "scim/http/": ("scim/providers/", "scim/schema/"),
}
# Libraries, and the only files that may import them.
LIBRARIES = {
    "ansible": ("module.py",),
    "requests": ("scim/http/",),
    "urllib3": ("scim/http/",),
    "voluptuous": ("declaration/value_rules.py",),
}
SAYS_NOTHING = re.compile(r"helper|util|common|manager|base")

Sources = Mapping[str, str]


def sources() -> dict[str, str]:
    """The text of each file of the engine, by its path below it."""
    return {path.relative_to(ENGINE).as_posix(): path.read_text("utf-8") for path in sorted(ENGINE.rglob("*.py"))}


def room(place: str) -> str:
    """The room of a file: its folder, or the file itself."""
    return next(name for name in ROOMS if place == name or (name.endswith("/") and place.startswith(name)))


def imported(place: str, text: str) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of everything that a file imports, wherever in the file; relative names are resolved."""
    package = ["", *Path(place).parent.parts]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            above = package[: len(package) - node.level + 1] if node.level <= len(package) else ["outside"]
            yield from ((node.lineno, ".".join([*above, *([node.module] if node.module else []), name.name])) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{name.name}".replace(ROOT, ".")) for name in node.names)


def file_of(name: str, known: Sources) -> str | None:
    """The file of the engine behind a dotted name such as ``.plan.plan.Change``; None for a library."""
    parts = name.split(".")[1:] if name.startswith(".") else []
    return next((path for size in range(len(parts), 0, -1) if (path := "/".join(parts[:size]) + ".py") in known), None)


def trespasses(place: str, text: str, known: Sources) -> Iterator[str]:
    """What the file at ``place`` imports and must not."""
    here = room(place)
    for line, name in imported(place, text):
        target = file_of(name, known)
        if target is None:
            library = name.split(".")[0]
            if name.startswith((".", "outside")) or (library in LIBRARIES and not place.startswith(LIBRARIES[library])):
                yield f"{place}:{line} imports {name}"
        elif ROOMS.index(room(target)) < ROOMS.index(here) or room(target) in CLOSED.get(here, ()):
            yield f"{place}:{line} imports {target}, which is no room for {here}"


def test_every_import_leads_down_the_house() -> None:
    known = sources()
    files = {place: text for place, text in known.items() if not place.endswith("__init__.py")}
    assert [found for place, text in files.items() for found in trespasses(place, text, known)] == []


def test_no_files_import_each_other_in_a_circle() -> None:
    known = sources()
    graph = {place: {target for _line, name in imported(place, text) if (target := file_of(name, known))} for place, text in known.items()}
    assert set(TopologicalSorter(graph).static_order()) == set(graph), "a circle raises CycleError"


def test_every_name_says_something() -> None:
    # Ansible itself calls the folder module_utils; what we name is below it.
    names = [path.relative_to(PLUGINS) for path in PLUGINS.rglob("*") if path.suffix == ".py" or path.is_dir()]
    assert [str(path) for path in names if path.name != "module_utils" and SAYS_NOTHING.search(path.stem)] == []


def test_the_unit_tests_are_where_the_code_is() -> None:
    tests = Path(__file__).parent
    rooms = {name.rstrip("/") for name in ROOMS if name.endswith("/")}
    homeless = [path.relative_to(tests) for path in tests.rglob("test_*.py") if path.parent != tests]
    assert [str(path) for path in homeless if path.parent.as_posix() not in {*rooms, "scim", "properties", "servers", "interop"}] == []


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("scim/client/client.py", "from ansible.module_utils.basic import AnsibleModule"),
        ("plan/plan.py", "import ansible"),
        ("scim/client/client.py", "def late():\n    import requests.adapters"),
        ("apply/executor.py", "from requests import Session"),
        ("scim/schema/types.py", "try:\n    import voluptuous as v\nexcept ImportError:\n    v = None"),
        ("scim/client/client.py", "from ...plan import plan"),
        ("scim/client/client.py", "from ...plan.plan import Plan"),
        ("scim/client/client.py", f"from {ROOT}plan.plan import Plan"),
        ("plan/plan.py", "from ..scim.client.client import Client"),
        ("plan/plan.py", "from ..state.fetch import read"),
        ("declaration/parser.py", "from ..plan.policy import desired"),
        ("options/directory.py", "from ..commands.directory import directory"),
        ("report/html.py", "from ..module import run"),
        ("plan/plan.py", "from ..nowhere import nothing"),
        ("plan/plan.py", "from ....elsewhere import nothing"),
    ],
)
def test_a_forbidden_import_is_seen(place: str, text: str) -> None:
    assert len(list(trespasses(place, text, sources()))) == 1


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("module.py", "from ansible.module_utils.basic import AnsibleModule\nfrom .options.connection import CONNECTION"),
        ("scim/http/wire.py", "import requests"),
        ("declaration/value_rules.py", "import voluptuous"),
        ("plan/plan.py", "from ..scim.schema.types import Attribute\nfrom . import matching\nfrom .matching import Pair"),
        ("scim/client/client.py", "import ansible_like\nfrom ..http.transport import Transport"),
    ],
)
def test_an_allowed_import_is_left_alone(place: str, text: str) -> None:
    assert list(trespasses(place, text, sources())) == []


def test_a_circle_is_seen() -> None:
    with pytest.raises(CycleError):
        TopologicalSorter({"a.py": {"b.py"}, "b.py": {"a.py"}}).prepare()
