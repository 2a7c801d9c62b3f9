# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""identity.scim.validate with real playbooks: no provider, no secret, and what is valid there is what directory takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from servers.directories import converged, file, members_of, users_of
from servers.playbooks import Run
from servers.tables import Table

VALIDATE = "identity.scim.validate"
CSV = """\
\ufeffuserName;name.givenName;emails[0].value;enterprise.employeeNumber;addresses[0].country;active;groups
one@example.com;Øne;one@example.com;00123;NO;yes;Team;
two@example.com;;;;;no;"Team;Crew"
"""


def test_mistakes_are_found_without_url_or_token(run: Run, tmp_path: Path) -> None:
    """Everything at once, with file and line, as data and for the pipeline; nothing is changed, in check mode neither."""
    file(tmp_path / "people" / "a.yml", "users:\n- user_name: one@example.com\n  emails:\n  - value: one\n  titel: Lead\n")
    file(tmp_path / "people" / "b.yml", "users: [\n")
    file(tmp_path / "people" / "c.csv", "userName,active\ntwo@example.com,perhaps\n")
    options = {"src": ["people/"], "junit": "out.xml", "groups": [{"display_name": "Team", "members": ["three@example.com"]}]}
    played = run.task(VALIDATE, options, check=True, expect_rc=2)
    result = played.result()
    assert [(problem["file"], problem["line"], problem["path"]) for problem in result["problems"]] == [
        ("people/b.yml", 2, ""),
        ("people/a.yml", 5, "users[0].titel"),
        ("people/a.yml", 4, "users[0].emails[0].value"),
        ("people/c.csv", 2, "users[0].active"),
    ]
    assert result["msg"].startswith("4 mistakes in the declaration; nothing was sent.")
    assert (result["changed"], result["users"], result["groups"]) == (False, 2, 1)
    assert "Traceback" not in str(played)
    written = tmp_path / "out.xml"
    assert written.stat().st_mode & 0o777 == 0o600
    failures = list(ElementTree.parse(written).getroot().iter("failure"))
    assert len(failures) == 4


def test_the_connection_is_accepted_and_ignored(run: Run, tmp_path: Path) -> None:
    """A group's module_defaults hold for it; url and provider pick the profile; doubts are warnings that fail nothing."""
    file(tmp_path / "all.yml", users=[{"user_name": "one@example.com", "addresses": [{"display": "Home", "country": "DE"}]}],
         groups=[{"display_name": "Team", "members": ["two@example.com"]}])  # fmt: skip
    connection = {"url": "https://eu1.api.matillion.com/dpc/v1/directory-integration/scim/v2", "token": "not-sent-anywhere"}
    play = {"module_defaults": {"group/identity.scim.scim": connection}}
    result = run.task(VALIDATE, {"src": ["all.yml"]}, play=play).result()
    assert (result["changed"], result["users"], result["groups"], result["problems"]) == (False, 1, 1, [])
    (warning,) = result["warnings"]
    assert warning.startswith('all.yml:9: groups[0].members[0]: "two@example.com" is not declared.')
    by_environment = run.task(VALIDATE, {"src": ["all.yml"]}, env={"SCIM_URL": connection["url"], "SCIM_TOKEN": "t"}).result()
    assert by_environment["problems"] == []
    other = run.task(VALIDATE, {"src": ["all.yml"]}, expect_rc=2).result()
    assert other["problems"][0]["path"] == "users[0].addresses[0].display"


def test_what_is_valid_is_what_directory_takes(run: Run, rfc: Any, tmp_path: Path) -> None:
    """People from a CSV as a spreadsheet saves it, groups from YAML."""
    sources = [
        file(tmp_path / "people.csv", CSV),
        file(tmp_path / "groups.yml", groups=[{"display_name": "Team"}, {"display_name": "Crew"}]),
    ]
    checked = run.task(VALIDATE, {"src": sources}).result()
    assert (checked["users"], checked["groups"], checked["problems"]) == (2, 2, [])
    assert not checked.get("warnings")
    converged(Table(run, rfc), src=sources)
    stored = users_of(rfc.direct)
    one, two = stored["one@example.com"], stored["two@example.com"]
    enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    assert (one["name"], one["active"], two["active"]) == ({"givenName": "Øne"}, True, False)
    assert (one["addresses"], one[enterprise]) == ([{"country": "NO"}], {"employeeNumber": "00123"})
    assert members_of(rfc.direct) == {"Crew": ["two@example.com"], "Team": ["one@example.com", "two@example.com"]}


def test_mistakes_on_their_lines_in_a_pull_request(tmp_path: Path) -> None:
    """From a sub-folder of the repository, for two tenants with the same files: annotations once, and files with paths from its root."""
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "identities"
    run = Run(folder)
    users = folder / "users.yml"
    file(users, "users:\n- user_name: one@example.com\n  titel: Lead\n  groups: [Gone]\n")
    file(folder / "inventory.yml", "all: {hosts: {staging: {}, production: {}}}\n")
    given = {
        "scim_src": ["users.yml"],
        "scim_sarif": "{{ inventory_hostname }}.sarif",
        "scim_code_climate": "{{ inventory_hostname }}.json",
    }
    mistake = 'users[0].titel: unknown attribute "titel". Did you mean "title"?'
    annotation = f"::error file=identities/users.yml,line=3,title=identity.scim%3A unknown-name::{mistake}"
    for direct in (True, False):
        played = run(
            "identity.scim.validate",
            env={"GITHUB_ACTIONS": "true"},
            extra_vars={**given, "scim_direct": direct},
            arguments=("-i", "inventory.yml"),
            expect_rc=2,
        )
        lines = [line for line in played.stdout.splitlines() if line.startswith("::")]
        assert [line for line in lines if line.startswith("::error")] == [annotation]
        assert [line.partition("::")[2].partition(",title")[0] for line in lines[1:]] == ["warning file=identities/users.yml,line=4"]
        assert "annotations" not in played.result("Validate the declaration")
    for tenant in ("staging", "production"):
        (sarif,) = json.loads((folder / f"{tenant}.sarif").read_text())["runs"]
        assert sarif["automationDetails"]["id"] == f"identity.scim.validate/{tenant}/"
        place = sarif["results"][0]["locations"][0]["physicalLocation"]
        assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("identities/users.yml", 3)
        first = json.loads((folder / f"{tenant}.json").read_text())[0]
        assert (first["location"], first["description"]) == ({"path": "identities/users.yml", "lines": {"begin": 3}}, mistake)

    file(users, "users:\n- user_name: one@example.com\n  title: Lead\n")
    mended = run("identity.scim.validate", extra_vars=given, arguments=("-i", "inventory.yml", "--check"))
    assert "::" not in mended.stdout
    assert json.loads((folder / "staging.sarif").read_text())["runs"][0]["results"] == []
    assert json.loads((folder / "staging.json").read_text()) == []


@pytest.mark.parametrize("direct", [True, False])
def test_a_printed_mapping_is_saved_as_it_is_and_read(run: Run, tmp_path: Path, direct: bool) -> None:
    """The lines on the terminal are the file: nothing of them is quoted, indented or preceded by a host."""
    text = 'Nr;Vorname;Nachname;"Mail (""neu"")";E-Mail;Status\n7;Mara;Voß;x;mara@example.com;Active\n8;Ola;Berg;y;ola@example.com;Left\n'
    file(tmp_path / "people" / "staff.csv", text)
    given = {"scim_src": "people/", "scim_direct": direct}
    refused = run("identity.scim.validate", extra_vars=given, expect_rc=2)
    printed = refused.stderr.partition("Save these lines beside people/staff.csv, as staff.yml, once they are right:\n\n")[2]
    mapping, _end, first = printed.partition("\n\nThey read the first user as:\n")
    assert 'name.family_name: "Voß"' in first.split("\n")
    message = refused.result("Show the summary")["msg"]
    assert not any("columns:" in line for line in message)
    assert message[-1] == "For each file with unknown headings, a mapping is printed apart from this message, to be saved beside the file."
    file(tmp_path / "people" / "staff.yml", f"{mapping}\n")
    assert run("identity.scim.validate", extra_vars=given).result("Show the summary")["msg"] == [
        "2 users and 0 groups are declared.",
        'people/staff.csv is read through its mapping, without the columns "Nr", "Mail ("neu")".',
    ]


def test_a_mapping_is_not_printed_for_a_task_that_prints_nothing(run: Run, tmp_path: Path) -> None:
    file(tmp_path / "staff.csv", "Vorname,Nachname,Mail\nMara,Voss,mara@example.com\n")
    hidden = run.task(VALIDATE, {"src": ["staff.csv"]}, keywords={"no_log": True}, expect_rc=2)
    assert "mara@example.com" not in hidden.stdout + hidden.stderr


def test_annotations_are_not_printed_for_a_play_that_prints_nothing(run: Run, tmp_path: Path) -> None:
    file(tmp_path / "users.yml", "users:\n- {user_name: one@example.com, titel: Lead}\n")
    role = {"ansible.builtin.include_role": {"name": "identity.scim.directory", "tasks_from": "validate"}}
    shown, hidden = (
        run(run.play(role, no_log=no_log), env={"GITHUB_ACTIONS": "true"}, extra_vars={"scim_src": ["users.yml"]}, expect_rc=2).stdout
        for no_log in (False, True)
    )
    assert ("::error file=users.yml" in shown, "titel" in hidden) == (True, False), hidden
