# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mistakes of people, machines and networks: each a clear sentence, no traceback, and nothing half made."""

from __future__ import annotations

import re
import socket
from pathlib import Path
from typing import Any

import pytest

from servers.faults import Rule, When, reply
from servers.playbooks import Run
from servers.proxy import RecordingProxy
from servers.tables import Row, Table, of
from servers.tls import Certificate

NEW = {"user_name": "new@example.com", "retries": 0}


def test_what_the_provider_refuses(run: Run, rfc: Any, certificate: Certificate) -> None:
    page = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in</body></html>"
    rfc.proxy.rules += [
        Rule("reading is forbidden", When("GET", where=of("forbidden")), reply(403)),
        Rule("writing is forbidden", When("POST", where=of("forbidden to write")), reply(403)),
        Rule("a page for people", When(where=of("HTML")), reply(200, page)),
        Rule("an error page", When(where=of("HTML 404")), reply(404, page)),
        Rule("JSON of something else", When(where=of("other JSON")), reply(200, {"hello": "world"})),
    ]
    with socket.socket() as closed, RecordingProxy(rfc.server.url, tls=certificate.server_context()) as tls:
        closed.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}/v2"
        Table(run, rfc)({
            "wrong token": Row({**NEW, "token": "wrong-token"}, requests=1, error="401.*token"),
            "forbidden": Row(NEW, requests=1, error="403"),
            "forbidden to write": Row(NEW, requests=2, error="POST /Users.*403"),
            "HTML": Row(NEW, requests=1, error="not with JSON.*Sign in.*base URL"),
            "HTML 404": Row(NEW, error="Sign in|404"),
            "other JSON": Row(NEW, requests=1, error="not a ListResponse.*base URL"),
            "unreachable": Row({**NEW, "url": nobody}, error=f"{nobody[:-3]} refuses connections"),
            "unknown host": Row({**NEW, "url": "https://scim.invalid/v2"}, error="scim.invalid"),
            "unknown certificate": Row({**NEW, "url": tls.url}, error="certificate.*ca_path"),
        })  # fmt: skip
        assert not tls.requests
    assert rfc.direct.list_all("/Users") == []


def test_a_certificate_that_is_known(run: Run, rfc: Any, certificate: Certificate) -> None:
    with RecordingProxy(rfc.server.url, tls=certificate.server_context()) as tls:
        played = run(run.play(*(
            {"identity.scim.user": {**rfc.connection, "url": tls.url, "user_name": "new@example.com", **trust}}
            for trust in ({"ca_path": str(certificate.certificate)}, {"validate_certs": False})
        )))  # fmt: skip
    assert [result["action"] for _name, result in played.results] == ["created", "unchanged"]


def test_how_to_connect(run: Run, rfc: Any) -> None:
    url, token = rfc.connection["url"], rfc.connection["token"]
    both, neither = {"SCIM_URL": url, "SCIM_TOKEN": token}, {**NEW, "url": None, "token": None}

    def environment(**variables: str) -> dict[str, Any]:
        return {"environment": variables}

    Table(run, rfc)({
        "no way to authenticate": Row({**NEW, "token": None}, requests=0, error="token.*client_id.*url_username"),
        "two ways": Row({**NEW, "client_id": "id-of-client", "client_secret": "secret of client"}, requests=0, error="token.*client_id"),
        "half a way": Row({**NEW, "token": None, "client_id": "id-of-client"}, requests=0, error="client_secret"),
        "an empty token": Row({**NEW, "token": ""}, requests=0, error="token"),
        "no url": Row(neither, requests=0, error="url is missing.*SCIM_URL is not set"),
        "an empty url": Row(neither, requests=0, error="SCIM_URL is empty", task=environment(SCIM_URL="")),
        "an empty SCIM_TOKEN": Row(neither, requests=0, error="SCIM_TOKEN is empty", task=environment(SCIM_URL=url, SCIM_TOKEN="")),
        "a token elsewhere": Row({**NEW, "token": None}, requests=0, error="SCIM_TOKEN.*tenant", task=environment(SCIM_TOKEN=token)),
        "a query in the url": Row({**NEW, "url": f"{url}?a=b"}, requests=0, error="url must not contain a query"),
        "a password in the url": Row({**NEW, "url": "https://me:sesame@example.com"}, requests=0, error="url_username"),
        "no url at all": Row({**NEW, "url": "eu1.example.com"}, requests=0, error="https://"),
        "plain http": Row({**NEW, "url": "http://scim.example.com/v2"}, requests=0, error="plain http.*allow_plaintext"),
        "an unknown provider": Row({**NEW, "provider": "acme"}, requests=0, error='unknown profile "acme".*rfc.*matillion'),
        "an unknown capability": Row({**NEW, "provider_options": {"patches": False}}, requests=0, error="patches.*patch"),
        "a rate that is none": Row({**NEW, "rate_limit": "fast"}, requests=0, error="rate_limit.*60"),
    })  # fmt: skip
    assert rfc.proxy.count == 0
    Table(run, rfc)({"both in the environment": Row(neither, "created", 2, task={"environment": both})})


MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "user_name": ({"user_name": ["x"]}, "list"),
    "emails[0].value": ({}, '"no-a"….*e-mail'),
    "emails[1].value": ({}, "no value"),
    "addresses[0].country": ({"addresses": [{"country": False, "postal_code": 123}]}, "boolean false.*quote"),
    "addresses[0].postal_code": ({}, "number 123.*quote"),
    "enterprise.employee_number": ({"enterprise": {"employee_number": 83}}, "number 83.*quote"),
    "locale": ({"locale": "english please"}, "en-US"),
    "timezone": ({"timezone": "europe/olso"}, "IANA.*Europe/Paris"),
    "profile_url": ({"profile_url": "not a url"}, "URI"),
    "x509_certificates[0].value": ({"x509_certificates": [{"value": "not base64!"}]}, "base64"),
    "clear[0]": ({"clear": ["titel"]}, "titel.*title"),
    "password": ({"password": "p4ssw"}, "too short.*8 characters"),
}


def test_all_mistakes_are_named_at_once(run: Run, rfc: Any) -> None:
    options: dict[str, Any] = {"emails": [{"value": "no-at-sign"}, {"type": "home"}]}
    for given, _words in MISTAKES.values():
        options.update(given)
    seen = Table(run, rfc)({"twelve": Row(options, requests=0, error="12 mistakes.*nothing was sent")})
    lines = [line.removeprefix("- ") for line in seen["twelve"].result["msg"].splitlines()]
    for path, (_given, words) in MISTAKES.items():
        [line] = [line for line in lines if line.startswith(f"{path}: ")]
        assert re.search(words, line), line


def test_what_yaml_makes_of_words(run: Run, rfc: Any) -> None:
    """As people write it, read by Ansible's own YAML loader."""
    text = f"""
- hosts: localhost
  gather_facts: false
  vars: {{ansible_python_interpreter: "{{{{ ansible_playbook_python }}}}"}}
  tasks:
    - identity.scim.user:
        url: {rfc.url}
        token: {rfc.token}
        user_name: new@example.com
        addresses: [{{country: NO, postal_code: 00123}}]
        enterprise: {{employee_number: 00123, cost_center: 1e3}}
        title: on
        display_name: 2027-01-31
        roles: [{{value: yes}}]
"""
    played = run(text, expect_rc=2)
    message = played.result()["msg"]
    for path in ("addresses[0].country", "addresses[0].postal_code", "enterprise.employee_number", "title", "roles[0].value"):
        assert re.search(rf"- {re.escape(path)}: .*in quotes", message), f"{path}\n{message}"
    assert "Traceback" not in str(played)
    assert rfc.proxy.count == 0


@pytest.mark.parametrize("library", ["requests", "voluptuous"])
def test_a_library_is_missing(run: Run, rfc: Any, tmp_path: Path, library: str) -> None:
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    (blocked / f"{library}.py").write_text(f"raise ImportError(\"No module named '{library}'\")\n")
    task = {"environment": {"PYTHONPATH": str(blocked)}}
    Table(run, rfc)({
        "user": Row(NEW, requests=0, error=f"{library}.*execution environment", task=task),
        "user_info": Row({}, requests=0, error=library, task=task, module="identity.scim.user_info"),
    })  # fmt: skip
    assert not rfc.proxy.requests


def test_options_that_are_none(run: Run, rfc: Any) -> None:
    Table(run, rfc)({
        "a spelling mistake": Row({**NEW, "tilte": "Lead"}, requests=0, error="tilte"),
        "inside": Row({**NEW, "name": {"givn_name": "Babs"}}, requests=0, error="givn_name"),
        "a state": Row({**NEW, "state": "disabled"}, requests=0, error="state.*present"),
        "no boolean": Row({**NEW, "active": "perhaps"}, requests=0, error="active"),
        "ignored and none": Row({**NEW, "ignore_attributes": ["titel"]}, requests=0, error="ignore_attributes.*titel.*title"),
        "two primaries": Row({**NEW, "emails": [{"value": name, "primary": True} for name in ("a@b.c", "d@e.f")]}, error="emails.*primary"),
        "cleared and declared": Row({**NEW, "title": "Lead", "clear": ["title"]}, requests=0, error="clear.0.*title"),
        "an empty id": Row({**NEW, "id": ""}, requests=0, error="id: is empty"),
        "empty schemas": Row({**NEW, "schemas": []}, requests=0, error="schemas: is empty"),
        "the user name is cleared": Row({**NEW, "clear": ["user_name"]}, requests=0, error='"user_name" cannot be cleared'),
        "an empty user name": Row({"user_name": ""}, requests=0, error="user_name.*empty"),
    })  # fmt: skip
    assert not rfc.proxy.requests
