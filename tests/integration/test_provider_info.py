# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""identity.scim.provider_info on real servers: what they announce, what they do, and how the two differ."""

from __future__ import annotations

from typing import Any

from servers.faults import Rule, When, bend_query, reply, without
from servers.playbooks import Run
from servers.tables import Row, Table, of

INFO = "identity.scim.provider_info"


def info(requests: int | None = None, error: str = "", **options: Any) -> Row:
    return Row(options, requests=requests, error=error, module=INFO)


def known(result: dict[str, Any], *names: str) -> dict[str, tuple[Any, str]]:
    return {name: (result["capabilities"][name]["value"], result["capabilities"][name]["known"]) for name in names}


def test_scim2_server(run: Run, rfc: Any) -> None:
    member = rfc.direct.add_user("one@example.com")["id"]
    rfc.direct.add_group("Team", member)
    rfc.proxy.read_only = True
    rfc.proxy.rules += [
        Rule("no discovery", When("GET", "/S*", where=of("bare")), reply(404)),
        Rule("no types either", When("GET", "/R*", where=of("bare")), reply(404)),
        Rule("filters are ignored", When("GET", having="filter", where=of("bare")), bend_query(without("filter"))),
    ]
    seen = Table(run, rfc)({
        "as it is": info(7),
        "bare": info(8),
        "a wrong token": info(token="wrong", error="401"),
        "a wrong profile": info(0, provider="unheard-of", error="unknown profile"),
    })  # fmt: skip
    result = seen["as it is"].result
    assert (result["changed"], result["deviations"], result["profile"]["name"]) == (False, [], "rfc")
    assert known(result, "patch", "bulk_operations", "filter", "members_readable") == {
        "patch": (True, "announced"),
        "bulk_operations": (1000, "announced"),
        "filter": (True, "seen"),
        "members_readable": (True, "seen"),
    }
    assert [schema["urn"].rpartition("schemas:")[2] for schema in result["schemas"]] == [
        "core:2.0:User",
        "core:2.0:Group",
        "extension:enterprise:2.0:User",
    ]
    assert [one["endpoint"] for one in result["resource_types"]] == ["/Users", "/Groups"]
    assert result["service_provider_config"]["bulk"]["maxOperations"] == 1000
    bare = seen["bare"].result
    assert [sentence.split(" (")[0] for sentence in bare["deviations"]] == [
        "/ServiceProviderConfig cannot be read",
        "/ResourceTypes cannot be read",
        "/Schemas cannot be read",
        "Filters are ignored: a filter that matches no user returns users",
    ]
    assert bare["provider_options"]["filter"] is False
    assert not rfc.proxy.violations


def test_matillion(run: Run, matillion: Any) -> None:
    """No discovery at all: capabilities come from the profile and from the listings."""
    matillion.server.add_group("Owners", matillion.server.add_user("one@example.com"))
    seen = Table(run, matillion, provider="matillion")({"strict": info()})
    result = seen["strict"].result
    assert result["profile"]["reason"] == 'The option provider is "matillion".'
    assert known(result, "rate", "content_type", "search", "filter", "members_readable", "me") == {
        "rate": (1000.0, "profile"),
        "content_type": ("application/json", "profile"),
        "search": (True, "seen"),
        "filter": (True, "seen"),
        "members_readable": (True, "seen"),
        "me": (False, "seen"),
    }
    assert len(result["deviations"]) == 3, result["deviations"]
    assert result["provider_options"]["names"] == {"$ref": "ref"}


def test_canaille(run: Run, canaille: Any) -> None:
    """It announces no support for filters, which is true, and has its own schemas."""
    canaille.direct.add_user("one@example.com", name={"formatted": "One", "familyName": "Jensen"}, active=True)
    result = Table(run, canaille)({"canaille": info()})["canaille"].result
    assert known(result, "filter", "patch") == {"filter": (False, "seen"), "patch": (True, "announced")}
    deviations = "\n".join(result["deviations"])
    assert "ServiceProviderConfig announces no support for filters." in deviations
    assert "Filters are ignored" in deviations
    assert "userName is immutable instead of readWrite" in deviations
    assert "nickName" in deviations
