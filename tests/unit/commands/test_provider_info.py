# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What provider_info returns for a provider's responses: the source of each capability, the options to set, and what deviates."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from ansible_collections.identity.scim.plugins.module_utils._engine.commands.provider_info import provider
from ansible_collections.identity.scim.plugins.module_utils._engine.commands.task import Task
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.profile_file import chosen_profile
from ansible_collections.identity.scim.plugins.module_utils._engine.options.json_schema import tenant_schema
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.client.client import Client
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid, NotScim
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.answers import refusal
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.transport import Answer
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.profiles import AUTO, PROFILES
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import CORE_GROUP, CORE_USER, ENTERPRISE_USER
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.types import Attribute, Schema

Body = dict[str, Any]
HTML = "<html>"


def as_scim(schema: Schema) -> Body:
    """A schema of the table as ``/Schemas`` returns it."""

    def as_dict(attribute: Attribute) -> Body:
        plain = {
            "name": attribute.name,
            "type": attribute.type,
            "multiValued": attribute.multi_valued,
            "required": attribute.required,
            "mutability": attribute.mutability,
        }
        return {**plain, "subAttributes": [as_dict(sub) for sub in attribute.sub_attributes]}

    return {"id": schema.urn, "name": schema.name, "attributes": [as_dict(attribute) for attribute in schema.attributes]}


def list_response(*resources: Any, **more: Any) -> Body:
    return {"totalResults": len(resources), "Resources": list(resources), **more}


def supported(**features: Any) -> Body:
    announced = {name: {"supported": True} for name in ("patch", "bulk", "filter", "changePassword", "sort", "etag")}
    return {**announced, "authenticationSchemes": [], **features}


BARBARA = {"id": "u1", "userName": "bjensen"}
TEAM = {"id": "g1", "displayName": "Team", "members": [{"value": "u1"}]}
SCHEMAS = list_response(*map(as_scim, (CORE_USER, CORE_GROUP, ENTERPRISE_USER)))
FAITHFUL: Body = {
    "/ServiceProviderConfig": supported(),
    "/ResourceTypes": list_response({"name": "User", "endpoint": "/Users"}, {"name": "Group", "endpoint": "/Groups"}),
    "/Schemas": SCHEMAS,
    "/Users": list_response(BARBARA),
    "/Users?filter": list_response(),
    "/Groups": list_response(TEAM),
    "/Groups/g1": TEAM,
    "/Me": BARBARA,
}


class Answers:
    """Stands in for Transport: a body for each path, a status for a refusal, or HTML; 404 for all other paths."""

    def __init__(self, answers: Mapping[str, Any], url: str) -> None:
        self.answers = answers
        self.url = url
        self.sent: list[tuple[str, str]] = []

    @property
    def requests(self) -> int:
        return len(self.sent)

    def send(self, method: str, path: str, *, params: Mapping[str, str] | None = None, **_more: Any) -> Answer:
        self.sent.append((method, path))
        body = self.answers.get(f"{path}?filter" if "filter" in (params or {}) else path, 404)
        if body == HTML:
            raise NotScim(f"{method} {path} was answered with 200, but not with JSON (text/html)")
        if isinstance(body, int):
            raise refusal(f"{method} {path}", body, json.dumps({"detail": "not here"}).encode(), lambda text: text)
        return Answer(200, body, {})


def info(
    answers: Mapping[str, Any],
    name: str = AUTO,
    url: str = "https://scim.example.com/v2",
    schema_dest: Path | None = None,
    dest: Path | None = None,
    check: bool = False,
    learned: Mapping[str, Any] | None = None,
    **given: Any,
) -> Body:
    profile = chosen_profile(name, url)
    transport = Answers(answers, url)
    capabilities = replace(profile.capabilities(given), **(learned or {}))
    client = Client(transport, capabilities, profile.types())  # type: ignore[arg-type]
    parameters = {
        "provider": name,
        "provider_options": given or None,
        "schema_dest": schema_dest and str(schema_dest),
        "dest": dest and str(dest),
    }
    result = provider(Task(parameters, client, check, lambda line: None), tenant_schema)
    assert {method for method, _path in transport.sent} == {"GET"}
    json.dumps(result)
    return result


def known(result: Body, name: str) -> tuple[Any, str]:
    return result["capabilities"][name]["value"], result["capabilities"][name]["known"]


def test_a_provider_that_follows_the_rfcs() -> None:
    result = info(FAITHFUL)
    assert result["deviations"] == []
    assert result["provider_options"] == {}
    assert result["profile"]["name"] == "rfc"
    assert "No profile matches the base URL https://scim.example.com/v2," in result["profile"]["reason"]
    assert {name: known(result, name) for name in ("search", "filter", "patch", "put", "page_size", "me", "members_readable")} == {
        "search": (True, "seen"),
        "filter": (True, "seen"),
        "patch": (True, "announced"),
        "put": (None, "unknown"),
        "page_size": (1000, "assumed"),
        "me": (True, "seen"),
        "members_readable": (True, "seen"),
    }
    assert result["requests"] == 7
    assert result["service_provider_config"] == FAITHFUL["/ServiceProviderConfig"]
    user = result["schemas"][0]
    assert (user["urn"], user["name"]) == (CORE_USER.urn, "User")
    assert user["attributes"]["emails"]["sub_attributes"]["primary"]["type"] == "boolean"
    assert user["attributes"]["userName"] == {
        "type": "string", "multi_valued": False, "required": True, "case_exact": False, "mutability": "readWrite", "returned": "default",
        "uniqueness": "none", "canonical_values": [],
    }  # fmt: skip


def test_limits_are_read_from_the_configuration() -> None:
    bulk = {"supported": "true", "maxOperations": 50, "MaxPayloadSize": "1000"}
    configuration = supported(bulk=bulk, filter={"supported": True, "maxResults": 200}, pagination={"cursor": True, "index": False})
    result = info({**FAITHFUL, "/ServiceProviderConfig": configuration})
    assert result["limits"] == {
        "page_size": 200, "bulk_operations": 50, "bulk_payload": 1000, "members_per_request": None, "rate": None, "burst": 1,
        "concurrency": 8, "max_results": 200,
    }  # fmt: skip
    assert known(result, "bulk") == (True, "announced")
    assert result["provider_options"] == {"page_size": 200, "pagination": "cursor"}


def test_a_provider_that_announces_nothing() -> None:
    result = info({})
    assert result["service_provider_config"] == {}
    assert (result["resource_types"], result["schemas"]) == ([], [])
    assert result["deviations"] == [
        "/ServiceProviderConfig cannot be read (RFC 7644 section 4): GET /ServiceProviderConfig was refused with 404: not here.",
        "/ResourceTypes cannot be read (RFC 7644 section 4): GET /ResourceTypes was refused with 404: not here.",
        "/Schemas cannot be read (RFC 7644 section 4): GET /Schemas was refused with 404: not here.",
        "Users cannot be listed (RFC 7644 section 3.4.2): GET /Users was refused with 404: not here.",
        "Groups cannot be listed (RFC 7644 section 3.4.2): GET /Groups was refused with 404: not here.",
    ]
    assert (known(result, "search"), known(result, "me")) == ((False, "seen"), (False, "seen"))
    assert result["provider_options"] == {"search": False, "me": False}


def test_a_profile_and_provider_options() -> None:
    matillion = info({}, url="https://eu1.api.matillion.com/dpc/v1/directory-integration/scim/v2", page_size=50)
    assert matillion["profile"]["name"] == "matillion"
    assert "matches *.api.matillion.com" in matillion["profile"]["reason"]
    assert (known(matillion, "rate"), known(matillion, "page_size")) == ((1000.0, "profile"), (50, "given"))
    pasted = matillion["provider_options"]
    assert pasted["names"] == {"$ref": "ref"}
    accepted = PROFILES["rfc"].capabilities(pasted)
    assert (accepted.rate, accepted.lower_rates) == (1000.0, ({"rate": 60.0, "burst": 5},))
    assert info(FAITHFUL, name="rfc")["profile"]["reason"] == 'The option provider is "rfc".'


def test_what_earlier_tasks_of_the_play_have_learned_was_seen() -> None:
    configuration = supported(bulk={"supported": True, "maxOperations": 50})
    learned = {"members_in_body": True, "put": False, "bulk": True, "bulk_operations": 50, "page_size": 20}
    result = info({**FAITHFUL, "/ServiceProviderConfig": configuration}, learned=learned, patch=True)
    assert {name: known(result, name) for name in ("members_in_body", "put", "page_size", "bulk", "bulk_operations", "patch")} == {
        "members_in_body": (True, "seen"),
        "put": (False, "seen"),
        "page_size": (20, "seen"),
        "bulk": (True, "announced"),
        "bulk_operations": (50, "announced"),
        "patch": (True, "given"),
    }
    assert result["provider_options"] == {"put": False, "page_size": 20}


def test_contradictions() -> None:
    configuration = supported(patch={"supported": False}, filter={"supported": True})
    result = info({**FAITHFUL, "/ServiceProviderConfig": configuration, "/Users?filter": list_response(BARBARA)}, patch=True)
    assert result["deviations"] == [
        "ServiceProviderConfig announces no support for PATCH.",
        "ServiceProviderConfig announces patch: false, but provider_options sets true.",
        "ServiceProviderConfig announces filter: true, but its responses show false.",
        "Filters are ignored: a filter that matches no user returns users (RFC 7644 section 3.4.2.2).",
    ]
    assert result["provider_options"] == {"filter": False}


def test_a_filter_that_is_refused() -> None:
    assert info({**FAITHFUL, "/Users?filter": 400})["deviations"] == [
        "ServiceProviderConfig announces filter: true, but its responses show false.",
        'The filter "userName eq" is refused (RFC 7644 section 3.4.2.2): GET /Users was refused with 400: not here.',
    ]


def user_schema(**changes: Any) -> Body:
    attributes = {one["name"]: one for one in as_scim(CORE_USER)["attributes"]}
    changed = [{**one, **changes.get(name, {})} for name, one in attributes.items() if changes.get(name, {}) is not None]
    others = [{"name": name, **one} for name, one in changes.items() if name not in attributes and one]
    return {**as_scim(CORE_USER), "attributes": changed + others}


def with_user(**changes: Any) -> Body:
    return {"/Schemas": list_response(user_schema(**changes), as_scim(CORE_GROUP), as_scim(ENTERPRISE_USER))}


EMPTY_TEAM = {"id": "g1", "displayName": "Team"}
DEVIATIONS: dict[str, tuple[Body, str]] = {
    "the path of SCIM 1.1": ({"/ServiceProviderConfig": 404, "/ServiceProviderConfigs": supported()}, "is at /ServiceProviderConfigs"),
    "the path of SCIM 1.1, in a list": (
        {"/ServiceProviderConfig": HTML, "/ServiceProviderConfigs": list_response(supported())},
        "is at /ServiceProviderConfigs",
    ),
    "an incomplete configuration": (
        {"/ServiceProviderConfig": {"Patch": {"supported": True}, "bulk": {}, "filter": {}, "sort": {}, "etag": {}}},
        "lacks changePassword, authenticationSchemes",
    ),
    "an empty configuration": ({"/ServiceProviderConfig": []}, "does not return a JSON object"),
    "HTML": ({"/Schemas": HTML}, "/Schemas cannot be read .* but not with JSON"),
    "a bare array": ({"/ResourceTypes": FAITHFUL["/ResourceTypes"]["Resources"]}, "/ResourceTypes returns an array"),
    "an empty list": ({"/Schemas": list_response()}, "/Schemas is empty"),
    "no groups": ({"/ResourceTypes": list_response({"name": "User", "endpoint": "/Users"})}, "/ResourceTypes lacks Group"),
    "another endpoint": (
        {"/ResourceTypes": list_response({"name": "User", "endpoint": "/People"}, {"name": "Group", "endpoint": "https://x/v2/Groups"})},
        "The endpoint of User is /People instead of /Users",
    ),
    "a schema is missing": ({"/Schemas": list_response(as_scim(CORE_USER), as_scim(CORE_GROUP))}, f"/Schemas lacks {ENTERPRISE_USER.urn}"),
    "a schema without an id": (
        {"/Schemas": list_response(*SCHEMAS["Resources"], {"name": "nameless"})},
        "/Schemas: a schema without an id does not have the form",
    ),
    "an attribute is missing": (with_user(nickName=None), r"Schema User lacks nickName\."),
    "sub-attributes are missing": (with_user(name={"subAttributes": [{"name": "givenName"}]}), "lacks name.formatted, name.familyName"),
    "another mutability": (with_user(userName={"mutability": "immutable"}), r"userName is immutable instead of readWrite \(RFC 7643\)"),
    "several values": (with_user(title={"multiValued": True}), "title is multi-valued instead of single-valued"),
    "another type": (with_user(title={"type": "complex"}), "title has the type complex instead of string"),
    "required": (with_user(displayName={"required": True}), "displayName is required"),
    "an additional attribute": (with_user(shoeSize={"type": "integer"}), "has attributes that are not in RFC 7643: shoeSize"),
    "count is ignored": (
        {"/Users": list_response(*[{**BARBARA, "id": f"u{n}"} for n in range(11)])},
        "/Users returns 11 resources for count=10",
    ),
    "no total": ({"/Groups": {"Resources": [TEAM]}}, "/Groups returns a list without totalResults"),
    "another spelling": ({"/Users": {"totalResults": 1, "resources": [BARBARA]}}, 'without the key "Resources"'),
    "no listing of groups": ({"/Groups": 501}, "Groups cannot be listed .* 501"),
    "no ListResponse": ({"/Users": {"hello": "there"}}, "GET /Users answered with JSON that is not a ListResponse"),
    "members are not listed": ({"/Groups": list_response(EMPTY_TEAM)}, "Listings of groups do not show members"),
}


@pytest.mark.parametrize("case", DEVIATIONS)
def test_one_deviation(case: str) -> None:
    answers, words = DEVIATIONS[case]
    found = info({**FAITHFUL, **answers})["deviations"]
    assert len(found) == 1, found
    assert re.search(words, found[0])


def test_a_probe_without_a_result_leaves_the_capability_unknown() -> None:
    result = info({**FAITHFUL, "/Users": list_response(), "/Groups": list_response(EMPTY_TEAM), "/Groups/g1": EMPTY_TEAM})
    assert result["deviations"] == []
    assert (known(result, "filter"), known(result, "members_readable")) == ((True, "announced"), (None, "unknown"))


def test_cursors_are_detected() -> None:
    result = info({**FAITHFUL, "/Users": list_response(BARBARA, nextCursor="abc")})
    assert known(result, "pagination") == ("cursor", "seen")
    assert result["provider_options"] == {"pagination": "cursor"}


def test_responses_override_the_profile_and_its_statements_have_a_sureness() -> None:
    result = info(FAITHFUL, name="aws")
    assert known(result, "members_readable") == (True, "seen"), "the profile states false"
    assert result["capabilities"]["members_per_request"] == {"value": 100, "known": "profile", "sureness": "documented"}
    assert result["capabilities"]["single_valued"]["value"] == ["emails", "phoneNumbers", "addresses"]
    assert "members_readable" not in result["provider_options"]
    assert result["profile"]["title"] == "AWS IAM Identity Center"
    assert all(source.startswith("https://") for source in result["profile"]["sources"])
    assert any("empty list of members" in note for note in result["profile"]["notes"])
    matillion = info(FAITHFUL, name="matillion")
    assert matillion["capabilities"]["page_size"] == {"value": 100, "known": "profile", "sureness": "assumed"}
    final = info(FAITHFUL, name="github")
    assert not isinstance(final["capabilities"]["user_deletion"]["value"], Enum), "Ansible does not take members of enumerations"
    assert final["provider_options"]["user_deletion"] == "final"


BADGE = "urn:example:badge:1.0:User"
OF_A_TENANT: Body = {
    **FAITHFUL,
    "/ResourceTypes": list_response(
        {"name": "User", "endpoint": "Users", "schemaExtensions": [{"schema": BADGE.upper()}, {"schema": ENTERPRISE_USER.urn}]},
        {"name": "Group", "endpoint": "/Groups"},
    ),
    "/Schemas": list_response(
        *map(as_scim, (CORE_USER, CORE_GROUP, ENTERPRISE_USER)),
        {"id": BADGE, "name": "Badge", "attributes": [{"name": "floorNumber", "type": "integer"}, {"name": "colour"}]},
        {"id": "urn:example:unused", "name": "Unused", "attributes": []},
    ),
}


def test_the_json_schema_of_a_tenant(tmp_path: Path) -> None:
    """It has the extensions of this provider for the types that have them, and keeps the known ones."""
    dest = tmp_path / "directory.schema.json"
    assert info(OF_A_TENANT, schema_dest=dest, check=True)["changed"]
    assert not dest.exists()
    assert [info(OF_A_TENANT, schema_dest=dest)["changed"] for _run in range(2)] == [True, False]
    schema = json.loads(dest.read_text("utf-8"))
    Draft7Validator.check_schema(schema)
    assert "$id" not in schema
    assert schema["title"] == "Directory of https://scim.example.com/v2"

    def complains(resource_type: str, **entry: Any) -> bool:
        named = {"users": {"user_name": "kim"}, "groups": {"display_name": "Team"}}[resource_type]
        return bool(list(Draft7Validator(schema).iter_errors({resource_type: [{**named, **entry}]})))

    assert not complains("users", **{BADGE: {"floor_number": 3, "colour": "red"}}, enterprise={"department": "Sales"})
    assert not complains("users", extensions={BADGE: {"floorNumber": 3}})
    assert complains("users", **{BADGE: {"floor": 3}})
    assert complains("users", enterprise={"departmnt": "Sales"})
    assert not complains("groups", **{BADGE: {"floor": 3}}), "groups do not have this extension, so nothing is checked"


def test_without_schemas_the_json_schema_has_the_known_attributes(tmp_path: Path) -> None:
    dest = tmp_path / "directory.schema.json"
    assert info({"/Users": list_response(BARBARA)}, schema_dest=dest)["changed"]
    assert BADGE not in dest.read_text("utf-8")
    assert "departmnt" not in dest.read_text("utf-8")


WITHOUT_PATCH = supported(
    patch={"supported": False}, bulk={"supported": True, "maxOperations": 50}, filter={"supported": True, "maxResults": 20}
)
ODD = {**FAITHFUL, "/ServiceProviderConfig": WITHOUT_PATCH, "/Users": list_response(BARBARA, nextCursor="abc"), "/Me": 404}


def test_a_profile_is_written_and_read_again_without_a_change(tmp_path: Path) -> None:
    """What was seen is verified, what is announced or given is documented; what works is in a comment."""
    dest = tmp_path / "acme.yml"
    assert info(ODD, dest=dest, check=True, rate=60)["changed"]
    assert not dest.exists()
    first = info(ODD, dest=dest, rate=60)
    assert first["changed"]
    assert dest.stat().st_mode & 0o777 == 0o600
    assert dest.read_text("utf-8") == (
        "# Profile of the service provider at https://scim.example.com/v2, written by identity.scim.provider_info. "
        "Use it with provider: and its path.\n"
        "# verified: seen in the provider's responses. documented: announced by it, given in provider_options, or in the sources.\n"
        "# Seen to work as in the RFCs, so not stated here: search, filter, members_readable.\n"
        "# Not known, so tried when needed: put, answers_patch, projection, lists_inactive, members_on_request, members_in_body, "
        "membership_filter, membership_search, members_per_request, operations_per_request, "
        "user_deletion, user_deactivation, group_deletion, bulk_payload, always_sent, names.\n"
        "name: acme\n"
        "title: SCIM service provider at scim.example.com\n"
        "verified:\n"
        "  pagination: cursor\n"
        "  me: false\n"
        "documented:\n"
        "  patch: false\n"
        "  page_size: 20\n"
        "  rate: 60\n"
    )
    again = info(ODD, name=str(dest), dest=dest)
    assert not again["changed"]
    assert again["provider_options"] == first["provider_options"]
    assert again["capabilities"]["patch"] == {"value": False, "known": "profile", "sureness": "documented"}
    assert again["profile"]["reason"] == f'The option provider is "{dest}".'


@pytest.mark.parametrize("name", PROFILES)
@pytest.mark.parametrize("suffix", [".yml", ".json"])
def test_a_profile_that_is_written_states_what_the_one_before_does(name: str, suffix: str, tmp_path: Path) -> None:
    """A second file, written with the first one, is the same; and what is known before the first request stays."""
    dest = tmp_path / f"own{suffix}"
    nothing = {"/Users": 500, "/Groups": 500, "/Me": 500}
    before = info(nothing, name=name, dest=dest)
    text = dest.read_text("utf-8")
    after = info(nothing, name=str(dest), dest=dest)
    assert dest.read_text("utf-8") == text
    assert after["capabilities"] == before["capabilities"]
    if name != "rfc":
        assert {**after["profile"], "reason": ""} == {**before["profile"], "reason": ""}


def test_a_profile_is_written_only_where_provider_takes_it_for_a_path(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r'dest: ".*/acme" must end with \.yml, \.yaml or \.json\.'):
        info(FAITHFUL, dest=tmp_path / "acme")
    with pytest.raises(Invalid, match=r'dest: ".*" cannot be written: the folder'):
        info(FAITHFUL, dest=tmp_path / "none" / "acme.yml")


def test_the_evidence_of_a_profile(tmp_path: Path) -> None:
    assert [info(FAITHFUL, name="slack")["profile"][each] for each in ("evidence", "tested")] == ["documented", None]
    own = tmp_path / "own.yml"
    own.write_text("title: Own\n", "utf-8")
    assert info(FAITHFUL, name=str(own))["profile"]["evidence"] == "assumed"
    own.write_text("tested: {product: Own, version: 4.10, date: 2026-11-30}\n", "utf-8")
    found = info(FAITHFUL, name=str(own))["profile"]
    assert (found["evidence"], found["tested"]) == ("verified", {"product": "Own", "version": "4.10", "date": "2026-11-30"})
