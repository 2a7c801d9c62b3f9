# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every task in the documentation is run: in check mode, as a run, and once more, which changes nothing.

In the README and in docs/, a YAML block that begins with a comment such as ``# users/sales.yml`` is that file, and so is a CSV block. The
blocks of a page belong together, and so do the examples of a module. In the examples of a module such files are comments. The commands of
sh blocks are run as they are, but for those of NOT_RUN.
"""

from __future__ import annotations

import ast
import re
import shlex
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from servers.playbooks import Body, Run

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "plugins" / "modules").glob("*.py"))
ALL_PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
PAGES = [page for page in ALL_PAGES if "```yaml" in page.read_text("utf-8")]
FILE = re.compile(r"^# (\S+\.yml)", re.MULTILINE)

# Existing users; "left@example.com" is not declared anywhere.
PEOPLE = ("kkim@example.com", "left@example.com", "admin@example.com")
MEMBERS = ("bjensen@example.com", "mmeyer@example.com")

# Commands of pages that are not run here, by how they begin.
NOT_RUN = {
    "ansible-galaxy ": "installs from the internet, or a release that is signed",
    "pip ": "installs from the internet",
    "make": "runs these tests, among others",
    "mkdir databricks ": "installs from the internet, as the next ones do",
    "go ": "installs from the internet",
    "cd .. && make ": "is a benchmark",
    "git ": "is of a release",
    "gh ": "is of a release",
    "jq ": "is not on every machine",
    "terraform ": "is not on every machine",
    "python policies/": "is run by tests/unit/report/test_report_schema.py",
    "ansible-playbook identity.scim.init": "takes long, and is run by test_init.py in all its forms",
    "ansible-playbook identity.scim.offboard -i inventory.yml ": "has two tenants of example.com; test_playbooks.py runs it on one",
    "ansible-playbook -i inventory identity.scim.drift -e scim_metrics=": "writes into a folder of node_exporter; see test_metrics.py",
}
# What a page takes for granted, and what begins before the page.
PRESUMED = {
    "gitops": {
        "users/data.yml": "users: [{user_name: bjensen@example.com, title: Lead, groups: [Data]}]\n",
        "groups.yml": "groups: [{display_name: Data}]\n",
        "inventory/hosts.yml": "all: {hosts: {production: {scim_src: [users/, groups.yml]}}}\n",
    },
}
# Commands that fail, as their page says.
FAILING = {("hr_export", "ansible-playbook identity.scim.validate -e scim_src=people/")}


def examples(path: Path) -> str:
    """The EXAMPLES of a module."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "EXAMPLES":
            return str(ast.literal_eval(node.value))
    raise LookupError(f"{path.name} has no EXAMPLES")


def commented_files(text: str) -> Iterator[tuple[str, str]]:
    """Files in comments: ``# groups.yml:`` and the indented lines below it."""
    for found in re.finditer(r"^# (\S+\.yml).*:\n((?:#   .*\n)+)", text, re.MULTILINE):
        yield found[1], textwrap.dedent(found[2].replace("#", " "))


def blocks(page: Path) -> list[str]:
    """The YAML blocks of a page."""
    return re.findall(r"^```yaml\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def is_plan(task: Body) -> bool:
    return bool(task.get("check_mode"))


def thrice(tasks: list[Body]) -> Iterator[Body]:
    """Each task in check mode, as a run, and once more."""
    for number, task in enumerate(tasks):
        yield marked(task, f"{number} check", check_mode=True)
        yield marked(task, f"{number} run")
        yield marked(task, f"{number} again")


def marked(task: Body, name: str, **keywords: Any) -> Body:
    """A task whose requests have its name as their User-Agent."""
    module = next(key for key in task if "." in key)
    return {**task, **keywords, "name": name, module: {**(task[module] or {}), "http_agent": name}}


def played(run: Run, provider: Any, play: Body) -> None:
    """Run a play with each task three times, and check what each returned and wrote."""
    original = play["tasks"]
    variables = {"scim_url": provider.url, "scim_token": provider.token}
    environment = {"SCIM_URL": provider.url, "SCIM_TOKEN": provider.token} if "url" not in str(play) else {}
    provider.proxy.clear()
    results = dict(run({**play, "tasks": list(thrice(original))}, extra_vars=variables, env=environment).results)
    wrote = {exchange.headers.get("User-Agent") for exchange in provider.proxy.writes}
    for number, task in enumerate(original):
        check, real, again = (results[f"{number} {part}"] for part in ("check", "run", "again"))
        name = task.get("name", task)
        assert f"{number} check" not in wrote, f"{name}: check mode wrote something"
        assert check["changed"] == real["changed"], f"{name}: check mode reported another result"
        assert is_plan(task) or not again["changed"], f"{name}: changed again: {again}"
        assert f"{number} again" not in wrote, f"{name}: wrote again"
        assert not real.get("warnings"), f"{name}: {real['warnings']}"


def seed(provider: Any, *people: str) -> None:
    for name in people:
        provider.direct.add_user(name, active=True, title="Guest")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_examples_of_modules(path: Path, run: Run, rfc: Any) -> None:
    text = examples(path)
    seed(rfc, *PEOPLE, *(MEMBERS if path.stem.startswith("group") else ()))
    if path.stem != "directory":
        members = [user["id"] for user in rfc.direct.list_all("/Users")] if path.stem == "directory_info" else []
        rfc.direct.add_group("Data engineers", *members)
    for name, content in commented_files(text):
        write(run.folder, name, content)
    tasks = yaml.safe_load(text)
    played(run, rfc, run.play(*tasks))
    assert rfc.proxy.writes or path.stem == "validate" or path.stem.endswith("_info"), "the examples do nothing"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_examples_of_pages(page: Path, run: Run, rfc: Any) -> None:
    seed(rfc, *PEOPLE, "mmeyer@example.com")
    exports = "directory_info" in page.read_text("utf-8")  # which warns if no group has members
    rfc.direct.add_group("Data engineers", *([user["id"] for user in rfc.direct.list_all("/Users")] if exports else []))
    for name, table in re.findall(r"^```csv\n# (\S+\.csv)\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE):
        write(run.folder, name, table)
    for block in blocks(page):
        content = yaml.safe_load(block)
        if not isinstance(content, list):
            named = FILE.match(block)
            assert named, f"{page.name}: a block that is neither a play nor a file with its name in the first line:\n{block}"
            write(run.folder, named[1], block)
            continue
        for play in content if "hosts" in content[0] else [run.play(*content)]:
            played(run, rfc, {**play, "connection": "local", "vars": {**run.play()["vars"], **play.get("vars", {})}})


def parts(page: Path) -> Iterator[tuple[str, str]]:
    """The files of a page, each with its name, and the commands of its sh blocks as ``("", command)``, in the order of the page.

    A play is a file if the next sentence says so, as in "Save it as `play.yml`".
    """
    for kind, block, saved in re.findall(
        r"^```(yaml|csv|sh)\n(.*?)^```(?:\s+Save it as `(\S+)`)?", page.read_text("utf-8"), re.DOTALL | re.MULTILINE
    ):
        if kind == "sh":
            yield from (("", line) for line in block.splitlines() if line and not line.startswith("export "))
        elif found := re.match(r"# (\S+\.(?:yml|csv)).*\n", block):
            yield found[1], block.removeprefix(found[0])
        elif saved:
            yield saved, block


COMMANDS = [page for page in ALL_PAGES if any(not name for name, _text in parts(page))]


def is_run(command: str) -> bool:
    return not command.startswith(tuple(NOT_RUN))


def test_the_list_of_commands_that_are_not_run_is_true() -> None:
    commands = [text for page in COMMANDS for name, text in parts(page) if not name]
    assert [start for start in NOT_RUN if not any(command.startswith(start) for command in commands)] == []
    assert [command for command in commands if is_run(command) and not command.startswith("ansible-playbook ")] == []


@pytest.mark.parametrize(
    "page", [page for page in COMMANDS if any(not name and is_run(text) for name, text in parts(page))], ids=lambda page: page.stem
)
def test_commands_of_pages(page: Path, run: Run, rfc: Any) -> None:
    """In the order of the page, with its files: those after a command do not exist yet."""
    seed(rfc, *PEOPLE, "mmeyer@example.com")
    for name, text in (*PRESUMED.get(page.stem, {}).items(), *parts(page)):
        if name:
            write(run.folder, name, text)
        elif is_run(text):
            _program, *arguments = shlex.split(text, comments=True)
            playbook = next(each for each in arguments if each.startswith("identity.scim.") or each == "play.yml")
            arguments.remove(playbook)
            failing = (page.stem, text) in FAILING
            environment = {"SCIM_URL": rfc.url, "SCIM_TOKEN": rfc.token}
            run(playbook, arguments=tuple(arguments), env=environment, expect_rc=2 if failing else 0)
