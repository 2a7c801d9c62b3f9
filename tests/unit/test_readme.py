# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files, make targets, modules, options, playbooks and versions that the README and the other pages refer to exist."""

from __future__ import annotations

import ast
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from ansible_collections.identity.scim.plugins.module_utils._engine.commands.validate import FORMS
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.columns import STEPS
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.mapping_file import KEYS as MAPPING_KEYS
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.presets import NAMES as PRESETS
from ansible_collections.identity.scim.plugins.module_utils._engine.options import connection, directory, resources
from ansible_collections.identity.scim.plugins.module_utils._engine.report.model import Report
from ansible_collections.identity.scim.tests.generate import INIT
from ansible_collections.identity.scim.tests.unit.report.test_audit_log import FIELDS as AUDITED

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "SECURITY.md",
    ROOT / "CODE_OF_CONDUCT.md",
    ROOT / "examples" / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
]
TEXTS = {page: page.read_text("utf-8") for page in PAGES}
README = TEXTS[ROOT / "README.md"]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
MODULES = {path.stem for path in (ROOT / "plugins" / "modules").glob("*.py")}
FILTERS = {path.stem for path in (ROOT / "plugins" / "filter").glob("*.py")}
PLAYBOOKS = {path.stem for path in (ROOT / "playbooks").glob("*.yml")}
ROLE = "".join(path.read_text("utf-8") for path in sorted((ROOT / "roles" / "directory" / "tasks").glob("*.yml")))
STATS = set(re.findall(r"(?:directory_stat: |')(scim_\w+)", ROLE))
# These pages have a table of every field that the collection writes to a file or to set_stats, or reads from a file.
FIELDS = {
    "hr_export": {*MAPPING_KEYS, *STEPS, *PRESETS},
    "gitops": STATS | {f"scim_{name}" for name in (*INIT, *FORMS)},
    "audit_log": set(AUDITED),
    "reports": {field.name for field in fields(Report)} - {"files"},
}
OPTIONS = {**connection.CONNECTION, **resources.user(), **resources.group(), **directory.directory(), **directory.ENTRY}

by_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


@by_page
def test_links_point_to_existing_files(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", TEXTS[page])
    assert links or page.parent != ROOT
    assert not [link for link in links if not link.startswith("https://") and not (page.parent / link).exists()]


@by_page
def test_make_targets_exist(page: Path) -> None:
    targets = set(re.findall(r"(?:^|`)make ([\w-]+)", TEXTS[page], re.MULTILINE))
    assert not {target for target in targets if not re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)}


@by_page
def test_modules_and_playbooks_exist(page: Path) -> None:
    named = set(re.findall(r"identity\.scim\.(\w+)", TEXTS[page])) - {"git"}  # the repository ends with ".git"
    assert named <= MODULES | FILTERS | PLAYBOOKS | {"scim"}  # the action group


@by_page
def test_options_in_tables_exist(page: Path) -> None:
    cells = re.findall(r"^\| (`[^|]+`) \|", TEXTS[page], re.MULTILINE)
    named = {word for cell in cells for word in re.findall(r"`(\w+)`", cell)}
    assert not named - set(OPTIONS) - FIELDS.get(page.stem, set())
    assert not FIELDS.get(page.stem, set()) - named


def test_messages_to_look_up_are_messages_of_the_code() -> None:
    known = {visited for path in (ROOT / "plugins").rglob("*.py") for visited in texts(ast.parse(path.read_text("utf-8")))}
    named = re.findall(r"^\| `([^`]+)` \|", TEXTS[ROOT / "docs" / "troubleshooting.md"], re.MULTILINE)
    assert len(named) > 15
    assert not [message for message in named if not any(message in text for text in known)]


def texts(tree: ast.AST) -> Iterator[str]:
    """The texts in some code, with an ellipsis for each value in them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_terraform_forgets_resources_of_modules_and_with_keys(tmp_path: Path) -> None:
    """The documented command, with a Terraform that lists addresses and writes down what it is to forget."""
    forgotten = ['databricks_user.all["o\'neil@example.com"]', "module.users.databricks_group.all[0]", "databricks_group_member.boss"]
    (tmp_path / "state").write_text("".join(f"{line}\n" for line in (*forgotten, "databricks_cluster.own", "aws_iam_user.ci")), "utf-8")
    terraform = tmp_path / "terraform"
    terraform.write_text('#!/bin/sh\nif [ "$2" = list ]; then cat state; else echo "$3" >> forgotten; fi\n', "utf-8")
    terraform.chmod(0o755)
    [command] = re.findall(r"^terraform state list .*$", TEXTS[ROOT / "docs" / "from_terraform.md"], re.MULTILINE)
    subprocess.run(["sh", "-c", command], cwd=tmp_path, env={"PATH": f"{tmp_path}:{os.environ['PATH']}"}, check=True)
    assert (tmp_path / "forgotten").read_text("utf-8").splitlines() == forgotten


def test_every_page_is_in_the_site() -> None:
    index = (ROOT / "docs" / "docsite" / "index.md").read_text("utf-8")
    listed = set(re.findall(r"^(?:.* <)?([\w/]+\.md)>?$", index, re.MULTILINE))
    assert "\nCHANGELOG*\n" in index  # the first release makes it
    assert listed == {str(page.relative_to(ROOT)) for page in TEXTS}


def test_every_module_is_in_the_readme_and_in_the_action_group() -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text("utf-8"))
    assert set(runtime["action_groups"]["scim"]) == MODULES
    assert not {module for module in MODULES if f"`identity.scim.{module}`" not in README}


def test_versions_and_repository_match_the_collection() -> None:
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text("utf-8"))
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text("utf-8"))
    needed = re.search(r"ansible-core ([\d.]+) or newer", README)
    assert needed
    assert runtime["requires_ansible"].startswith(f">={needed[1]}")
    assert f"git+{galaxy['repository']}.git" in README
    libraries = {re.split(r"[<>=]", line)[0] for line in (ROOT / "requirements.txt").read_text("utf-8").split()}
    assert not {library for library in libraries if f"`{library}`" not in README}
