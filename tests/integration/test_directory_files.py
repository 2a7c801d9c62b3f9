# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Declarations in files: which are read, what a mistake in them says, and that values arrive as they are written."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from servers.directories import converged, file, members_of, people, person, row, users_of
from servers.playbooks import Run
from servers.tables import Table

YAML = """\
defaults:
  active: true
  user_type: Employee
  name: {honorific_prefix: Dr.}
  addresses: [{country: DE, type: home}]
users:
  - &one
    user_name: one@example.com
    name: {given_name: One, family_name: "Null"}
    addresses: [&office {country: NO, postal_code: 01234, locality: "0x1F", type: work}]
    enterprise: {employee_number: 00123, cost_center: 1_000, department: on}
    title: 2026-01-31
    nick_name: ~
    groups: [Team]
  - <<: *one
    user_name: two@example.com
    title: 1e3
    addresses:
      - {<<: *office, locality: Oslo}
  - userName: three@example.com
    displayName: yes
    phoneNumbers: [{value: "+47 1234", type: work}]
    user_type: Guest
groups:
  - display_name: Team
    members: [three@example.com]
"""


def test_values_arrive_as_written(run: Run, rfc: Any, tmp_path: Path) -> None:
    """YAML's guesses, anchors, aliases, merge keys and defaults; the provider gets text for text."""
    converged(Table(run, rfc), src=[file(tmp_path / "all.yml", YAML)])
    stored = users_of(rfc.direct)
    one, two, three = (stored[f"{user}@example.com"] for user in ("one", "two", "three"))
    enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    assert one["addresses"] == [{"country": "NO", "postalCode": "01234", "locality": "0x1F", "type": "work"}]
    assert one[enterprise] == {"employeeNumber": "00123", "costCenter": "1_000", "department": "on"}
    assert (one["title"], two["title"], three["displayName"]) == ("2026-01-31", "1e3", "yes")
    assert one["name"] == {"honorificPrefix": "Dr.", "givenName": "One", "familyName": "Null"}
    assert two["addresses"] == [{"country": "NO", "postalCode": "01234", "locality": "Oslo", "type": "work"}]
    assert two["name"] == one["name"]
    assert three["addresses"] == [{"country": "DE", "type": "home"}], "Lists are replaced, not merged"
    assert (one["userType"], three["userType"], three["active"]) == ("Employee", "Guest", True)
    assert members_of(rfc.direct) == {"Team": ["one@example.com", "three@example.com", "two@example.com"]}


def test_folders_globs_and_json(run: Run, rfc: Any, tmp_path: Path) -> None:
    """Relative to the playbook; hidden files and files that are not declarations are ignored; a file that is named twice is read once."""
    file(tmp_path / "people" / "deep" / "a.yaml", users=people(1))
    file(tmp_path / "people" / "b.json", users=people(2), groups=[{"display_name": "Team", "members": ["p001@example.com"]}])
    file(tmp_path / "people" / ".hidden" / "c.yml", users=people(3))
    file(tmp_path / "people" / "notes.txt", "Nothing to declare.")
    file(tmp_path / "more-1.yml", users=people(4))
    file(tmp_path / "more-2.yml", "# nobody yet\ngroups: []\n")
    file(tmp_path / "bom.json", '\ufeff{"users": [{"user_name": "p005@example.com", "active": true}]}')
    sources = ["people", "more-*.yml", "more-1.yml", "./bom.json", str(tmp_path / "people" / "b.json")]
    done = converged(Table(run, rfc), src=sources, users=people(6), defaults={"user_type": "Inline"})
    assert done.result["summary"]["users"]["created"] == 5
    stored = users_of(rfc.direct)
    assert sorted(stored) == [f"p00{number}@example.com" for number in (1, 2, 4, 5, 6)]
    assert stored["p005@example.com"]["active"] is True
    assert [user for user, body in stored.items() if body.get("userType")] == ["p006@example.com"], "defaults are those of their own file"


def test_empty_sources(run: Run, rfc: Any, tmp_path: Path) -> None:
    """What is empty must not look like an empty directory, not even one of several."""
    full = file(tmp_path / "full.yml", users=people(1))
    (tmp_path / "empty").mkdir()
    file(tmp_path / "other" / "read.me", "nothing")
    files = {
        "blank": file(tmp_path / "blank.yml", ""),
        "only comments": file(tmp_path / "comments.yml", "# users:\n"),
        "no entries": file(tmp_path / "none.yml", "users: []\ngroups: []\n"),
    }
    prune = {"prune_users": "deactivate"}
    rows = {
        "an empty folder": row(src=[full, str(tmp_path / "empty")], **prune, error="empty: the folder has no declaration", requests=0),
        "a folder of other things": row(
            src=[str(tmp_path / "other"), full], **prune, error="the folder has no declaration; expected a file that ends with", requests=0
        ),
        "a glob": row(src=[full, str(tmp_path / "*.yaml")], **prune, error=r"\*\.yaml.*no file matches it", requests=0),
        "a file": row(src=["nowhere.yml"], **prune, error="nowhere.yml: no such file", requests=0),
        "all are reported": row(src=["nowhere.yml", str(tmp_path / "empty")], error="(?s)nowhere.yml.*empty", requests=0),
        "nothing at all": row(**prune, error="Nothing to do: set src", requests=0),
        "an empty list": row(src=[], **prune, error="(Nothing|no users and no groups).*declared", requests=0),
        "a file of another kind": row(
            src=[file(tmp_path / "people.xlsx", "userName\n")], error="expected a file that ends with", requests=0
        ),
    }
    rows |= {key: row(src=[path], **prune, error="(is empty|no users and no groups)", requests=0) for key, path in files.items()}
    Table(run, rfc)(rows)
    assert not rfc.proxy.requests


def test_files_that_cannot_be_read(run: Run, rfc: Any, tmp_path: Path) -> None:
    """Each is told with the line, all of them in one message, before the first request."""
    texts = {
        "doubled-part.yml": ("users: []\ngroups: []\nusers:\n- user_name: x@example.com\n", r':3: duplicate key "users" \(lines 1 and 3\)'),
        "doubled-key.yml": ("users:\n- user_name: x@example.com\n  title: A\n  title: B\n", r':4: duplicate key "title" \(lines 3 and 4\)'),
        "doubled.json": ('{"users": [], "users": []}', r'.*duplicate key "users"'),
        "unknown-part.yml": ("users: []\nuser: []\n", r':2: unknown key "user"\. Did you mean "users"\?'),
        "vaulted-value.yml": (
            "users:\n- title: !vault |\n    $ANSIBLE_VAULT;1.1;AES256\n",
            r":2: a single value encrypted with Ansible Vault",
        ),
        "vaulted.yml": ("$ANSIBLE_VAULT;1.1;AES256\n6162\n", r".*the file is encrypted with Ansible Vault"),
        "tag.yml": ("users:\n- user_name: !!python/name:os.system x\n", r':2: the tag ".*python/name:os.system" is not supported'),
        "tagged-list.yml": ("users: !everybody\n- user_name: x\n", r":1: a tag is not supported"),
        "open.yml": ("users:\n- {user_name: x@example.com\n", r":3: not valid YAML"),
        "open.json": ('{"users": [\n,]}', r":2: not valid JSON"),
        "two.yml": ("users: [user_name: v@example.com]\n---\nusers:\n- {titel: Lead}\n", r":4: users\[1\]\.titel: unknown attribute"),
        "no-list.yml": ("users: {user_name: x}\n", r":1: users: found a mapping; expected a list"),
        "alias.yml": ("users: [*nobody]\n", r":1: "),
        "half.json": (r'{"users": [{"user_name": "x@example.com", "title": "\ud800"}]}', r".*unpaired surrogate"),
        "read.yml": ("users:\n- {user_name: y@example.com, titel: Lead}\n", r':2: users\[0\]\.titel: unknown attribute "titel"'),
    }
    paths = {key: file(tmp_path / key, text) for key, (text, _error) in texts.items()}
    text_itself = "users:\n" + "- user_name: z@example.com\n" * 20
    seen = Table(run, rfc)({"all": row(src=[*paths.values(), text_itself], error=".", requests=0)})
    for key, (_text, error) in texts.items():
        assert re.search(re.escape(paths[key]) + error, seen["all"].result["msg"]), key
    assert "cannot be read: File name too long; expected the path of a file" in seen["all"].result["msg"]


def test_what_is_no_file_is_refused_before_the_first_request(run: Run, rfc: Any, tmp_path: Path) -> None:
    """Nothing of it is printed, and nothing is waited for."""
    environment = tmp_path / "linked" / "people.csv"
    environment.parent.mkdir()
    environment.symlink_to("/proc/self/environ")
    zero, fifo, folder, log = tmp_path / "zero.yml", tmp_path / "fifo.yml", tmp_path / "plan.md", tmp_path / "log"
    zero.symlink_to("/dev/zero")
    log.symlink_to(tmp_path / "elsewhere")
    os.mkfifo(fifo)
    pipe = fifo.rename(tmp_path / "plan.json")
    os.mkfifo(fifo)
    folder.mkdir()
    users = [person(1)]
    irregular = "cannot be (read|written): it is not a regular file"
    headings = "the first line has no heading"
    seen = Table(run, rfc)({
        "a link out of a folder": row(src=[str(environment.parent)], error="the link leads out of the source", requests=0),
        "a link that is given": row(src=[str(environment)], error=headings, requests=0),
        "an endless file": row(src=[str(zero)], error=irregular, requests=0),
        "a pipe": row(src=[str(fifo)], error=irregular, requests=0),
        "a pipe as log": row(users=users, audit_log=str(fifo), error=irregular),
        "a link as log": row(users=users, audit_log=str(log), error="it is a link, which is not followed"),
        "a pipe as plan": row(users=users, expect_plan=str(pipe), error="not a regular file"),
        "a folder as report": row(users=users, report=[str(folder)], error="it is a folder", requests=0),
    })  # fmt: skip
    assert "PATH=" not in "".join(found.result["msg"] for found in seen.values())
    assert not [request for request in rfc.proxy.requests if request.method != "GET"]


def test_mistakes_in_entries(run: Run, rfc: Any, tmp_path: Path) -> None:
    """Each with its file, its line and its path; all of them in one message, before the first request."""
    entries = {
        "{user_name: a@example.com, userName: b@example.com}": r"users\[0\]\.userName.*declared twice",
        "{user_name: c@example.com, titel: Lead}": r'users\[1\]\.titel: unknown attribute "titel"\. Did you mean "title"\?',
        "{user_name: '{{ name }}'}": r'users\[2\].*unresolved template "{{ name }}"',
        "d@example.com": r"users\[3\].*is not a mapping",
        "{user_name: e@example.com, expires: soon}": r"users\[4\]\.expires.*2027-01-31",
        "{user_name: f@example.com, active: perhaps}": r"users\[5\]\.active.*true or false",
        "{title: Lead}": r"users\[6\].*nothing identifies the resource",
    }
    users = file(tmp_path / "users.yml", "users:\n" + "".join(f"- {text}\n" for text in entries))
    groups = file(tmp_path / "groups.yml", "groups:\n- display_name: Team\n- {display_name: Old, expires: 2020-01-31}\n")
    seen = Table(run, rfc)({"all": row(src=[users, groups], error="8 mistakes", requests=0)})
    for index, error in enumerate(entries.values()):
        assert re.search(re.escape(f"{users}:{index + 2}: ") + error, seen["all"].result["msg"]), error
    assert re.search(re.escape(f"{groups}:3: ") + r"groups\[1\].*delete_after", seen["all"].result["msg"])


def test_inline_values_of_the_wrong_type(run: Run, rfc: Any) -> None:
    """What YAML made of an inline value before the module saw it is an error that says so, or the text as written."""
    Table(run, rfc)({
        "a country": row(users=[person(1, addresses=[{"country": False}])], error=r"users\[0\]\.addresses\[0\]\.country.*quote"),
        "a number": row(users=[person(1, enterprise={"employee_number": 83})], error=r"employee_number.*quote", requests=0),
        "an unknown key": row(users=[person(1, titel="Lead")], error="titel", requests=0),
    })  # fmt: skip
    assert not rfc.proxy.requests
