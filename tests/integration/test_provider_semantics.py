# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Providers whose deactivation and deletion differ, and groups that never show their members: scim2-server behind rules of the proxy.

In process, and at the end through ``ansible-playbook``. The plans themselves are in ``tests/unit/cases/plan``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from servers import bends
from servers.bends import refuse, some_operation
from servers.directories import active_of, group, members_of, name, names, person, row, seeded, users_of
from servers.faults import Effect, Rule, When, bend_query, bend_resources, having
from servers.in_process import Ran, ran
from servers.playbooks import Run
from servers.rfc import RfcServer
from servers.serving import Answer, Handler, Headers, Request
from servers.tables import Row, Table

from .conftest import proxied

Body = dict[str, Any]
DEACTIVATE = {
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    "Operations": [{"op": "replace", "path": "active", "value": False}],
}


def instead(method: str, body: Body | None = None) -> Effect:
    """The provider processes another request instead and answers 204."""

    def effect(request: Request, forward: Handler) -> Answer:
        content = json.dumps(body).encode() if body else b""
        headers = Headers({**request.headers, "Content-Type": "application/scim+json"})
        forward(replace(request, method=method, body=content, headers=headers))
        return Answer(204)

    return effect


def deactivating(operation: Body) -> bool:
    return operation.get("path") == "active" and operation.get("value") is False


ONLY_DEACTIVATES = Rule("DELETE only deactivates", When("DELETE", "/Users/*"), instead("PATCH", DEACTIVATE))
DEACTIVATING_DELETES = Rule("active: false deletes", When("PATCH", "/Users/*", where=some_operation(deactivating)), instead("DELETE"))


def settled(served: Any, **options: Any) -> Ran:
    """Check mode predicts the run, the run applies it, and the next run writes nothing."""
    predicted, done = ran("directory", served, check=True, **options), ran("directory", served, **options)
    assert not predicted.writes, predicted
    assert not done.failed, done
    for key in ("plan_digest", "changes", "summary"):
        assert predicted.result[key] == done.result[key], predicted
    again = ran("directory", served, **options)
    assert not again.failed, again
    assert not again.result["changed"], again
    assert not again.writes, again
    return done


# -- DELETE that only deactivates --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("provider", ["slack", "salesforce", "launchdarkly"])
def test_delete_only_deactivates(rfc: Any, provider: str) -> None:
    seeded(rfc.direct, range(6))
    rfc.proxy.rules.append(ONLY_DEACTIVATES)
    absent = {"user_name": name(1), "state": "absent"}
    done = settled(rfc, provider=provider, users=[person(0), absent], prune_users="delete", max_removals="9", rate_limit=60000)
    assert [one["reason"] for one in done.result["changes"]] == [
        "declared absent; DELETE only deactivates at this provider",
        *["not declared; DELETE only deactivates at this provider"] * 4,
    ]
    assert "the 5 users that this plan deletes will still exist, inactive" in done.warnings
    assert active_of(rfc.direct) == {name(number): number == 0 for number in range(6)}
    again = ran("user", rfc, provider=provider, **absent)
    assert (again.result["action"], again.result["changed"], again.writes) == ("unchanged", False, [])
    back = ran("user", rfc, provider=provider, user_name=name(1), active=True)
    assert (back.result["action"], active_of(rfc.direct)[name(1)]) == ("updated", True)


def test_delete_only_deactivates_without_a_profile(rfc: Any) -> None:
    """The responses show it: the second run changes nothing, and shows the option to set."""
    seeded(rfc.direct, range(3))
    rfc.proxy.rules.append(ONLY_DEACTIVATES)
    absent = {"user_name": name(1), "state": "absent"}
    assert ran("user", rfc, **absent).result["action"] == "deleted"
    again = ran("user", rfc, **absent)
    assert (again.result["action"], again.result["changed"]) == ("unchanged", False), again
    assert "provider_options: {user_deletion: deactivates}" in again.warnings


def test_delete_is_refused(rfc: Any) -> None:
    seeded(rfc.direct, range(3))
    absent = {"user_name": name(1), "state": "absent"}
    refused = ran("directory", rfc, provider="grafana", users=[person(0), absent])
    assert "cannot be deleted: this provider refuses DELETE (user_deletion). Declare active: false" in refused.result["msg"]
    assert not refused.writes
    pruned = ran("directory", rfc, provider="canva", users=[person(0)], prune_users="delete")
    assert "prune_users: delete is refused" in pruned.result["msg"]
    assert not pruned.exchanges, "refused before any request"
    settled(rfc, provider="grafana", users=[person(0), person(1, active=False)], prune_users="deactivate", max_removals="9")
    settled(rfc, provider="grafana", users=[person(0), absent])


def test_deleting_is_final(rfc: Any) -> None:
    seeded(rfc.direct, range(12))
    users = [person(number) for number in range(11)]
    done = settled(rfc, provider="github", users=users, prune_users="delete")
    assert done.result["changes"][0]["reason"] == "not declared; deleting is final at this provider"
    assert "the 1 user that this plan deletes can never be created again or restored" in done.warnings
    refused = ran("directory", rfc, provider="github", users=users[:5], prune_users="delete")
    assert "the 6 users that this plan deletes can never be created again or restored" in refused.result["msg"]
    assert not refused.writes
    one = ran("user", rfc, provider="github", check=True, user_name=name(0), state="absent")
    assert "can never be created again" in one.warnings


# -- active: false that deletes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("provider", ["sentry", "gitlab", "cloudflare", "pagerduty"])
def test_deactivating_deletes(rfc: Any, provider: str) -> None:
    seeded(rfc.direct, range(2))
    rfc.proxy.rules.append(DEACTIVATING_DELETES)
    for module, options, message in (
        ("user", {"user_name": name(1), "active": False}, "active: false is refused: deactivating deletes"),
        ("directory", {"users": [person(1, active=False)]}, "active: false is refused: deactivating deletes"),
        ("directory", {"users": [person(1, expires="2099-12-31")]}, "expires is refused: deactivating deletes"),
        ("directory", {"users": [person(0)], "prune_users": "deactivate"}, "prune_users: deactivate is refused: deactivating deletes"),
    ):
        refused = ran(module, rfc, provider=provider, **options)
        assert message in refused.result.get("msg", ""), refused
        assert not refused.writes
    assert len(users_of(rfc.direct)) == 2
    settled(rfc, provider=provider, users=[person(0, active=None), {"user_name": name(1), "state": "absent"}], max_removals="9")
    assert list(users_of(rfc.direct)) == [name(0)]


def test_deactivating_deletes_without_a_profile(rfc: Any) -> None:
    """The first deactivation shows it, and no other user is lost."""
    seeded(rfc.direct, range(4))
    rfc.proxy.rules.append(DEACTIVATING_DELETES)
    done = ran("directory", rfc, users=[person(number, active=False) for number in range(1, 4)], max_removals="9")
    assert len(users_of(rfc.direct)) == 3, done
    assert "does not exist any more: this provider deletes users that are deactivated" in done.warnings
    assert done.result["msg"].count("not deactivated: this provider deletes users that are deactivated") == 2


# -- groups that never show their members ------------------------------------------------------------------------------------------------

QUOTED = r'"(?:[^"]*)"'
AWS_FILTERS = (f"(userName|displayName|externalId) eq {QUOTED}", f"id eq {QUOTED} and members eq {QUOTED}")


def as_rfc(query: dict[str, str]) -> dict[str, str]:
    """AWS writes ``members eq`` for ``members.value eq``."""
    return {key: re.sub(r"members eq", "members.value eq", value) if key == "filter" else value for key, value in query.items()}


@pytest.fixture
def aws() -> Iterator[Any]:
    """scim2-server as AWS IAM Identity Center is documented: pages by cursor, no members shown, few filters, no replaced lists."""
    config = {"pagination": {"cursor": True, "index": True, "defaultPaginationMethod": "cursor"}, "bulk": {"supported": False}}
    with proxied(RfcServer(config=config)) as served:
        served.proxy.rules += [
            Rule("own filters only", When("GET", where=bends.a_filter_other_than(*AWS_FILTERS)), refuse(400)),
            Rule("own spelling", When("GET", "/Groups", having="filter"), bend_query(as_rfc)),
            Rule("no members", When("*", "/Groups*"), bend_resources(having(members=[]))),
            Rule("no Me", When("GET", "/Me"), refuse(404)),
            Rule("no index", When("GET", having="startIndex"), refuse(400)),
            Rule("100 members", When("POST PATCH", "/Groups*", where=lambda request: bends.memberships(request) > 100), refuse(400)),
            Rule("no path", When("PATCH", where=some_operation(bends.removes_by_path)), refuse(400)),
            Rule("lists", When("PATCH", "/Groups/*"), bends.take_member_lists),
        ]
        yield served


def test_aws(aws: Any) -> None:
    """Exact groups and the groups of users: members are known, undeclared ones are removed, and a second run changes nothing."""
    ids = seeded(aws.direct, range(8))
    aws.direct.add_group("Team", *ids[:4])
    aws.direct.add_group("Guests", *ids[:2])
    declared = {
        "users": [person(0, groups=["Guests"]), person(5, groups=["Guests"]), person(9, groups=["New"])],
        "groups": [group("Team", *names(1, 2, 6)), group("New", name(9))],
    }
    done = settled(aws, provider="aws", max_removals="100%", **declared)
    assert done.result["summary"]["memberships"] == {"added": 3, "removed": 2}, done
    assert members_of(aws.direct) == {"Team": names(1, 2, 6), "Guests": names(0, 1, 5), "New": [name(9)]}
    assert aws.proxy.fired["own filters only"] <= 3, "refused filters are not sent again"


def test_aws_one_by_one(aws: Any) -> None:
    ids = seeded(aws.direct, range(5))
    aws.direct.add_group("Team", *ids[:3])
    for options, action, members in (
        ({"user_name": name(0), "groups": ["Team"]}, "unchanged", names(0, 1, 2)),
        ({"user_name": name(4), "groups": ["Team"]}, "updated", names(0, 1, 2, 4)),
        ({"user_name": name(4), "groups": ["Team"]}, "unchanged", names(0, 1, 2, 4)),
        ({"user_name": name(4), "groups": [], "membership": "exact"}, "updated", names(0, 1, 2)),
        ({"user_name": name(4), "groups": ["Team"], "membership": "absent"}, "unchanged", names(0, 1, 2)),
    ):
        done = ran("user", aws, provider="aws", **options)
        assert done.result["action"] == action, done
        assert members_of(aws.direct)["Team"] == members
    for action in ("updated", "unchanged"):
        done = ran("group", aws, provider="aws", display_name="Team", members=names(1, 3))
        assert done.result["action"] == action, done
        assert members_of(aws.direct)["Team"] == names(1, 3)


def test_members_are_never_shown_without_a_profile(rfc: Any) -> None:
    """One desired membership is checked. It exists, so the listing does not show all. The second run changes nothing."""
    ids = seeded(rfc.direct, range(6))
    rfc.direct.add_group("Team", *ids[:4])
    rfc.proxy.rules.append(Rule("no members", When("*", "/Groups*"), bend_resources(having(members=[]))))
    done = settled(rfc, groups=[group("Team", *names(0, 1, 5))], max_removals="100%")
    assert done.result["summary"]["memberships"] == {"added": 1, "removed": 2}
    assert members_of(rfc.direct) == {"Team": names(0, 1, 5)}
    joined = {"user_name": name(4), "groups": ["Team"]}
    assert [ran("user", rfc, **joined).result["action"] for _run in range(2)] == ["updated", "unchanged"]


def test_aws_keeps_one_value(aws: Any) -> None:
    two = [{"value": "a@example.com", "type": "work"}, {"value": "b@example.com", "type": "home"}]
    refused = ran("user", aws, provider="aws", user_name=name(0), emails=two)
    assert "emails has 2 values, and this provider keeps only one" in refused.result["msg"]
    one = {"user_name": name(0), "emails": two[:1], "photos": [{"value": "https://example.com/0"}], "password": "s3cret-of-0"}
    made = ran("user", aws, provider="aws", **one)
    assert made.result["action"] == "created"
    assert "photos" not in made.writes[0].body
    assert "password" not in made.writes[0].body


# -- through Ansible ---------------------------------------------------------------------------------------------------------------------


def test_through_ansible(run: Run, rfc: Any) -> None:
    seeded(rfc.direct, range(3))
    rfc.proxy.rules.append(ONLY_DEACTIVATES)
    absent = {"user_name": name(1), "state": "absent", "provider_options": {"user_deletion": "deactivates"}}
    wrong = {**absent, "provider_options": {"user_deletion": "maybe"}}
    seen = Table(run, rfc)({
        "deleted": Row(absent, action="deleted", requests=3),
        "again": Row(absent, action="unchanged", requests=1),
        "an unknown value": Row(wrong, requests=0, error="user_deletion must be one of deletes, deactivates"),
        "all users": row(users=[person(0)], prune_users="deactivate", provider="pagerduty", error="prune_users: deactivate is refused"),
        "the profile": Row({"provider": "slack"}, module="identity.scim.provider_info"),
    })  # fmt: skip
    known = seen["the profile"].result
    assert known["profile"]["title"] == "Slack"
    assert known["profile"]["sources"][0].startswith("https://docs.slack.dev/")
    assert known["capabilities"]["user_deletion"] == {"value": "deactivates", "known": "profile", "sureness": "documented"}
    assert known["provider_options"]["user_deletion"] == "deactivates"
    assert known["capabilities"]["user_deactivation"] == {"value": None, "known": "unknown"}
