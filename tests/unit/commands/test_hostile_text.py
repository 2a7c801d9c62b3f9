# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every hostile name on every way out: what people see commands nothing, what programs read has the true value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._engine import module as bridge
from ansible_collections.identity.scim.plugins.module_utils._engine.commands import directory as several
from ansible_collections.identity.scim.plugins.module_utils._engine.commands import explain, export, resource, validate
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration import value_rules
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import Origin, Problem
from ansible_collections.identity.scim.plugins.module_utils._engine.escaping import excerpt
from ansible_collections.identity.scim.plugins.module_utils._engine.options import resources
from ansible_collections.identity.scim.plugins.module_utils._engine.options.explain import explain as explain_info
from ansible_collections.identity.scim.plugins.module_utils._engine.options.export import directory_info
from ansible_collections.identity.scim.plugins.module_utils._engine.options.validate import validate as validate_options
from ansible_collections.identity.scim.plugins.module_utils._engine.report.findings import findings
from ansible_collections.identity.scim.plugins.module_utils._engine.report.html import as_html
from ansible_collections.identity.scim.plugins.module_utils._engine.report.junit import junit_xml
from ansible_collections.identity.scim.plugins.module_utils._engine.report.markdown import as_markdown
from ansible_collections.identity.scim.plugins.module_utils._engine.report.model import NO_COUNTS, Report, as_json
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.pacing import Pacing
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import RESOURCE_TYPES
from ansible_collections.identity.scim.tests.hostile import NAMES, PLAIN_IDS, commands
from ansible_collections.identity.scim.tests.simulated import Faults, Simulated
from ansible_collections.identity.scim.tests.unit.test_module import Ansible

Body = dict[str, Any]
OWN = re.compile("<style>.*?</style>|\u200b", re.DOTALL)  # CSS has its own ::, and Markdown cuts references with a zero-width space
FOR_EYES = ("msg", "warnings", "diff", "explanation", "refusal", "exception")
KIM = {"user_name": "kim", "title": "Boss", "external_id": "E1"}
PRUNING = {"users": [KIM], "groups": [{"display_name": "Team", "members": ["kim"]}], "prune_users": "deactivate", "prune_groups": "delete"}


@pytest.fixture
def ansible(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Ansible:
    return Ansible(monkeypatch, capsys, tmp_path)


def provider(name: str) -> Simulated:
    """A user and a group are called by the name; it is the provider's message about the user, and the title of another one."""

    def refuses(method: str, path: str, body: Any) -> int | None:
        if path == "/Users/u1":
            raise simulated._refused(400, method, path, "invalidValue", name)
        return None

    users = [
        {"id": "u1", "userName": name, "externalId": "E1", "active": True, "title": "x"},
        {"id": "u2", "userName": "kim", "title": name, "active": True},
        *({"id": f"u{number}", "userName": f"p{number}", "active": True} for number in range(3, 6)),
    ]
    groups = [
        {"id": "g1", "displayName": name, "members": [{"value": "u1"}]},
        {"id": "g2", "displayName": "Team", "members": [{"value": "u1"}]},
    ]
    simulated = Simulated(users, groups, faults=Faults(refuses=refuses))
    return simulated


def play(ansible: Ansible, simulated: Simulated, work: Any, spec: Any = None, **options: Any) -> Body:
    """The result of a module for this provider, as Ansible gets it."""
    ansible._monkeypatch.setattr(bridge, "client_for", lambda parameters, **_more: (simulated.client(), Pacing()))
    return ansible.run(work, **({"spec": spec} if spec else {}), **options)


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner)


def for_eyes(result: Body) -> list[str]:
    errors = [failure["error"] for failure in result.get("failures", ())]
    return [*errors, *(text for name in FOR_EYES if name in result for text in texts(result[name]))]


def reports(paths: list[str]) -> Iterator[str]:
    yield from (OWN.sub("", Path(path).read_text("utf-8")) for path in paths)


def begun(text: str, name: str) -> list[str]:
    """The lines of a text that a part of the name begins, or is."""
    parts = tuple(part for part in name.splitlines()[1:] if len(part) > 1)
    return [line for line in text.splitlines() if parts and line.startswith(parts)]


def check(text: str, name: str) -> None:
    assert commands(text) == [], text
    assert begun(text, name) == [], text
    assert text.removesuffix("\n").split("\n") == text.splitlines() or not text, text


@pytest.mark.parametrize("name", NAMES, ids=PLAIN_IDS)
def test_a_plan(ansible: Ansible, tmp_path: Path, name: str) -> None:
    paths = [str(tmp_path / f"plan.{form}") for form in ("md", "html", "json")]
    result = play(ansible, provider(name), several.directory, max_removals="100%", report=paths, _ansible_check_mode=True, **PRUNING)
    assert sorted(change["name"] for change in result["changes"]).count(name) == 2
    assert NAMES[name] in str(result["warnings"]).replace("\\\\", "\\")  # the other user with the external id
    assert {f"User {NAMES[name]}", f"Group {NAMES[name]}"} <= {side["before_header"] for side in result["diff"]}
    for text in (*for_eyes(result), *reports(paths)):
        check(text, name)
    reported = json.loads(Path(paths[2]).read_text("utf-8"))
    assert [row["before"] for change in reported["changes"] for row in change["attributes"] if row["path"] == "title"] == [name]


@pytest.mark.parametrize("name", NAMES, ids=PLAIN_IDS)
def test_a_refusal(ansible: Ansible, name: str) -> None:
    result = play(ansible, provider(name), several.directory, max_removals="0", **PRUNING)
    line = next(line for line in result["msg"].split("\n") if "users would be deactivated" in line)
    assert NAMES[name] in line
    for text in for_eyes(result):
        check(text, name)


@pytest.mark.parametrize("name", NAMES, ids=PLAIN_IDS)
def test_a_run(ansible: Ansible, tmp_path: Path, name: str) -> None:
    paths = [str(tmp_path / f"run.{form}") for form in ("md", "html", "json")]
    log = tmp_path / "audit.jsonl"
    result = play(ansible, provider(name), several.directory, max_removals="100%", report=paths, audit_log=str(log), **PRUNING)
    assert result["failed"], result
    assert result["msg"].split("\n")[2].startswith(f"- {NAMES[name]}: active was not changed: PATCH /Users/u1 was refused with 400")
    for text in (*for_eyes(result), *reports(paths)):
        check(text, name)
    written = log.read_text("utf-8")
    check(written, name)
    lines = [json.loads(line) for line in written.splitlines()]
    deleted = [line for line in lines if line["type"] == "Group" and line["action"] == "deleted"]
    assert [line["before"]["displayName"] for line in deleted].count(name) == 2, "the second line confirms the first"
    assert [line["before"]["title"] for line in lines if line["name"] == "kim"] == [name]


@pytest.mark.parametrize("name", NAMES, ids=PLAIN_IDS)
def test_one_user(ansible: Ansible, name: str) -> None:
    given = {"id": "u1", "match_on": ["id"], "title": "Boss", "state": "present"}
    result = play(ansible, provider(name), resource.user, resources.user, **given)
    assert (result["failed"], result["user"]["userName"]) == (True, name)
    assert result["msg"].startswith(f"{NAMES[name]}: title was not changed: PATCH /Users/u1 was refused with 400")
    for text in for_eyes(result):
        check(text, name)


@pytest.mark.parametrize("name", NAMES, ids=PLAIN_IDS)
def test_an_explanation(ansible: Ansible, name: str) -> None:
    result = play(ansible, provider(name), explain.explain, explain_info, user="u1", **PRUNING)
    assert result["user"] == name
    assert result["explanation"][0] == f"{NAMES[name]} is not declared."
    for text in for_eyes(result):
        check(text, name)


@pytest.mark.parametrize("name", NAMES, ids=PLAIN_IDS)
@pytest.mark.parametrize("form", ["yml", "json"])
def test_an_export(ansible: Ansible, tmp_path: Path, name: str, form: str) -> None:
    path = tmp_path / f"export.{form}"
    result = play(ansible, provider(name), export.directory, directory_info, dest=str(path))
    for text in (*for_eyes(result), path.read_text("utf-8")):
        check(text, name)
    exported = yaml.safe_load(path.read_text("utf-8")) if form == "yml" else json.loads(path.read_text("utf-8"))
    # A declaration cannot have control characters, so an export leaves them out and says so.
    left_out = value_rules._UNPRINTABLE.search(name) is not None
    assert [user.get("title") for user in exported["users"] if user.get("user_name") == "kim"] == [None if left_out else name]


@pytest.mark.parametrize("name", NAMES, ids=PLAIN_IDS)
def test_mistakes_in_a_file(tmp_path: Path, name: str) -> None:
    source = tmp_path / "users.json"
    files = {form: tmp_path / form for form in validate.FORMS}
    entries = [{"user_name": "kim", "locale": name, name: name, "country": name}, {"user_name": "lee", "manager": name, "active": name}]
    source.write_text(json.dumps({"users": entries, name: []}))
    defaults = {option: given.get("default") for option, given in validate_options().items()}
    try:
        result = validate.validate({**defaults, "src": [str(source)], **{form: str(path) for form, path in files.items()}}, RESOURCE_TYPES)
    except bridge.ScimError as error:
        result = {"msg": str(error)}
    else:
        for path in files.values():
            check(path.read_text("utf-8"), name)
    assert excerpt(name) in result["msg"]
    check(result["msg"], name)


@pytest.mark.parametrize("name", NAMES, ids=PLAIN_IDS)
def test_junit_is_xml_and_shows_the_name(name: str) -> None:
    problem = Problem(Origin(f"{name}.yml", 3, f"users[0].{name}"), name, name)
    text = junit_xml([problem.origin.file, f"{name}.csv"], findings([problem], [problem], str))
    check(text, name)
    assert NAMES[name] in ElementTree.fromstring(text).findall(".//failure")[0].get("message", "")


@given(st.lists(st.sampled_from(list(NAMES)) | st.text(max_size=8), min_size=1, max_size=4).map("".join))
def test_every_form_of_a_report(name: str) -> None:
    change = {
        "type": "User", "name": name, "id": name, "action": "updated", "reason": name, "secrets": [], "joins": [name], "leaves": [name],
        "digest": "0", "reasons": {}, "status": "failed", "error": name,
        "attributes": [{"path": name, "before": name, "after": f"{name}."}],
    }  # fmt: skip
    summary = {"users": NO_COUNTS, "groups": NO_COUNTS, "memberships": {"added": 0, "removed": 0}}
    failures = [{"name": name, "type": "User", "error": name}]
    report = Report(
        name, "now", False, "0", summary, [change], failures, [name], ended=f"first line\n- {name.replace(chr(10), '')}", files=[name]
    )
    for form in (as_markdown, as_html, as_json):
        assert commands(OWN.sub("", "".join(form(report)))) == []
    assert json.loads("".join(as_json(report)))["changes"][0]["name"] == name
