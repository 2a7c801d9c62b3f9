# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rooms of the house and who may enter them, held by reading the code. ``directory/`` may use ``scim/``, never the other way."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
LIBRARY = PLUGINS / "module_utils"
COLLECTION = "ansible_collections.identity.scim."

# Who may import what; files and folders below module_utils.
MAY_IMPORT = {
    "ansible": ("edge.py",),
    "requests": ("scim/wire.py", "scim/failures.py", "scim/auth.py"),  # what transport.py is made of
    "voluptuous": ("directory/rules.py",),
    "plugins.module_utils.directory": ("directory/", "options/", "edge.py"),
    "plugins.module_utils.edge": (),
    "plugins.module_utils.options": ("options/", "edge.py"),
}
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
SAYS_NOTHING = re.compile(r"helper|util|common|manager|base")


def python_files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def imports(source: str, package: str) -> Iterator[tuple[int, str]]:
    """Line and full name of everything imported, wherever it stands; relative names are resolved in ``package``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name.removeprefix(COLLECTION)) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: 1 - node.level or None] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])]).removeprefix(COLLECTION)
            # `from ..directory import plan` and `from .. import directory` are the same visit.
            yield from ((node.lineno, f"{module}.{name.name}") for name in node.names)


def trespasses(source: str, place: str) -> list[str]:
    """What the file at ``place`` (below module_utils) imports and may not."""
    package = ".".join(["plugins", "module_utils", *Path(place).parent.parts])
    return [
        f"{place}:{line} imports {name}; only {', '.join(allowed) or 'modules'} may"
        for line, name in imports(source, package)
        for room, allowed in MAY_IMPORT.items()
        if f"{name}.".startswith(f"{room}.") and not place.startswith(allowed)
    ]


def functions_too_long(source: str) -> list[str]:
    return [
        f"{node.name}, line {node.lineno}: {size} lines"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (size := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    ]


def test_the_library_is_there() -> None:
    assert LIBRARY / "scim" / "schema.py" in python_files(LIBRARY)


def test_every_import_is_one_that_the_room_may_make() -> None:
    read = {file.relative_to(LIBRARY).as_posix(): file.read_text("utf-8") for file in python_files(LIBRARY)}
    assert [problem for place, source in read.items() for problem in trespasses(source, place)] == []


def test_no_file_of_the_library_is_too_long() -> None:
    sizes = {file.relative_to(LIBRARY).as_posix(): len(file.read_text("utf-8").splitlines()) for file in python_files(LIBRARY)}
    assert {name: size for name, size in sizes.items() if size > LONGEST_FILE} == {}


def test_no_function_is_too_long() -> None:
    found = {file.relative_to(PLUGINS).as_posix(): functions_too_long(file.read_text("utf-8")) for file in python_files(PLUGINS)}
    assert {name: functions for name, functions in found.items() if functions} == {}


def test_every_name_says_something() -> None:
    # Ansible itself calls the folder module_utils; what we name is below it.
    names = [path.relative_to(PLUGINS) for path in PLUGINS.rglob("*") if path.suffix == ".py" or path.is_dir()]
    assert [str(path) for path in names if path.name != "module_utils" and SAYS_NOTHING.search(path.stem)] == []


@pytest.mark.parametrize(
    ("place", "source"),
    [
        ("scim/client.py", "from ansible.module_utils.basic import AnsibleModule"),
        ("directory/plan.py", "import ansible"),
        ("scim/client.py", "def late():\n    import requests.adapters"),
        ("directory/apply.py", "from requests import Session"),
        ("scim/schema.py", "try:\n    import voluptuous as v\nexcept ImportError:\n    v = None"),
        ("scim/client.py", "from ..directory import plan"),
        ("scim/client.py", "from .. import directory"),
        ("scim/client.py", "from ..directory.plan import Plan"),
        ("scim/client.py", "from ansible_collections.identity.scim.plugins.module_utils.directory.plan import Plan"),
        ("directory/plan.py", "from ..edge import run"),
        ("directory/plan.py", "from ..options import argument_spec"),
        ("options/attributes.py", "from ..edge import run"),
        ("options/attributes.py", "from ansible.module_utils.basic import env_fallback"),
    ],
)
def test_a_forbidden_import_is_seen(place: str, source: str) -> None:
    assert len(trespasses(source, place)) == 1


@pytest.mark.parametrize(
    ("place", "source"),
    [
        ("edge.py", "from ansible.module_utils.basic import AnsibleModule\nfrom .directory.plan import Plan\nfrom .options import spec"),
        ("scim/wire.py", "import requests"),
        ("scim/auth.py", "from requests.auth import AuthBase"),
        ("directory/rules.py", "import voluptuous"),
        ("directory/plan.py", "from ..scim.schema import Attribute\nfrom . import match\nfrom .match import Pair"),
        ("scim/client.py", "import ansible_like\nfrom .transport import Transport"),
    ],
)
def test_an_allowed_import_is_left_alone(place: str, source: str) -> None:
    assert trespasses(source, place) == []


def test_a_long_function_is_seen_inside_a_class() -> None:
    fits = "class A:\n    async def long(self):\n" + "        pass\n" * (LONGEST_FUNCTION - 1)
    assert functions_too_long(fits) == []
    assert functions_too_long(f"{fits}        pass\n") == [f"long, line 2: {LONGEST_FUNCTION + 1} lines"]
