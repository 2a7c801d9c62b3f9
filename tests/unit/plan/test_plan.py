# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan has besides its changes: totals, names, groups that nothing finds. Whole directories are in ``cases/plan``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import ABSENT, Entry, Member, Origin
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.memberships import Memberships, Moves
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.options import Policy
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Plan, plan, unique_names
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.policy import desired_state
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.snapshot import Snapshot
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.filter import parse
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.resource import Resource, read
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP, USER
from ansible_collections.identity.scim.tests.unit.plan.planned import entry, group_entry, pair, person, refusal_of, team

Pairs = Sequence[tuple[Entry | None, Resource | None]]
HOW = "the provider has no way to find groups, and takes them only with a new user."


def planned(pairs: Pairs, policy: Policy | None = None, by_name_only: Mapping[str, Any] | None = None) -> Plan:
    """The plan of a whole directory."""
    policy = policy or Policy()
    current = Snapshot(by_name_only=dict(by_name_only or {}))
    there = [before for _entry, before in pairs if before]
    current.users = {resource.id: resource for resource in there if resource.type is USER}
    current.add_groups(resource for resource in there if resource.type is GROUP)
    desired = [desired_state(pair(declared, before), policy) for declared, before in pairs]
    return plan(desired, Memberships(desired, current, policy).moves(), current, policy)


def nameless(name: str, body: Mapping[str, Any], *members: str) -> Resource:
    """A group that nothing finds: it is known by its name only, or by its id and name as they are declared."""
    return Resource(GROUP, f"Group:{name.lower()}", {"displayName": name, **body, "members": [{"value": member} for member in members]})


def test_totals_are_of_those_who_are_active_and_in_scope() -> None:
    pairs: Pairs = [
        (None, person("a@example.com")),
        (None, person("b@example.com", active=False)),
        (None, person("c@other.example")),
        (None, team("app-1", "a@example.com", "c@other.example", "stranger")),
        (None, team("app-2")),
        (None, team("Everyone", "a@example.com", "b@example.com")),
    ]
    assert planned(pairs).totals == {"users": 2, "groups": 3, "memberships": 5}
    scope = {"User": parse('userName ew "@example.com"'), "Group": parse('displayName sw "app-"')}
    assert planned(pairs, Policy(scope=scope)).totals == {"users": 1, "groups": 2, "memberships": 2}
    only_known_by_name = planned([*pairs, (None, nameless("Ops", {}))], by_name_only={"Group:ops": {"display": "Ops"}})
    assert only_known_by_name.totals == {"users": 2, "groups": 3, "memberships": 5}
    assert only_known_by_name.by_name_only == {"Group:ops"}


def test_names_are_those_after_the_plan_of_members_who_move_and_of_no_others() -> None:
    pairs: Pairs = [
        (entry("new", id="id-old"), person("old")),
        (entry("gone", state=ABSENT), person("gone")),
        (entry("added"), None),
        (None, person("other")),
        (None, team("Inner")),
        (group_entry("All", *map(Member, ("new", "added", "Inner"))), team("All", "gone", "stranger")),
    ]
    assert planned(pairs).names == {
        "id-old": "new",
        "id-gone": "gone",
        "User:added": "added",
        "id-Inner": "Inner",
        "id-stranger": "id-stranger",
    }


def test_only_those_who_are_declared_and_remain_are_unchanged() -> None:
    pairs: Pairs = [
        (entry("a"), person("a")),
        (entry("b"), person("b")),
        (entry("c", state=ABSENT), None),
        (None, person("d")),
        (group_entry("G", membership="additive"), team("G")),
        (entry("e", attributes={"title": "x"}), person("e")),
    ]
    made = planned(pairs)
    assert made.unchanged == {"User": 2, "Group": 1}
    assert [change.name for change in made.changes] == ["e"]
    assert made.removes_users is False


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([(entry("a", state=ABSENT), person("a"))], True),
        ([(entry("a", attributes={"active": False}), person("a"))], True),
        ([(entry("a", attributes={"active": False}), person("a", active=False))], False),
        ([(group_entry("G", state=ABSENT), team("G"))], False),
        ([(entry("a"), None)], False),
    ],
)
def test_whether_a_plan_removes_users(pairs: Pairs, expected: bool) -> None:
    assert planned(pairs).removes_users is expected


OPS, DATA = {"display": "Ops"}, {"display": "Data", "value": "d"}
FIND_OPS, FIND_DATA = (None, nameless("Ops", {})), (None, nameless("Data", {"id": "d"}))
BY_NAME_ONLY = {"Group:ops": OPS, "Group:data": DATA}


def test_a_new_user_takes_the_groups_along_that_nothing_finds() -> None:
    user, other = entry("kim", groups=(Member("Ops"), Member("Data"), Member("Sales"))), entry("lee", groups=(Member("Sales"),))
    made = planned([(user, None), (other, None), FIND_OPS, FIND_DATA, (None, team("Sales"))], by_name_only=BY_NAME_ONLY)
    assert [(change.name, (change.after or {}).get("groups"), change.joins) for change in made.changes] == [
        ("kim", [OPS, DATA], ()),
        ("lee", None, ()),
        ("Ops", None, ("User:kim",)),
        ("Data", None, ("User:kim",)),
        ("Sales", None, ("User:kim", "User:lee")),
    ]


def test_every_other_membership_of_such_a_group_is_refused_at_once() -> None:
    pairs: Pairs = [
        (entry("ann", groups=(Member("Ops"), Member("Data"))), person("ann")),
        (entry("bob", origin=Origin(), groups=(Member("Ops"),), membership=ABSENT), person("bob")),
        (entry("new", groups=(Member("Ops"),)), None),
        (None, nameless("Ops", {}, "id-bob")),
        FIND_DATA,
        (group_entry("All", Member("Ops"), Member("Data"), Member("ann")), team("All")),
        (group_entry("Crew", Member("Ops")), None),
    ]
    with pytest.raises(Invalid) as refused:
        planned(pairs, by_name_only=BY_NAME_ONLY)
    assert str(refused.value).splitlines() == [
        f"users.yml:7: users[0]: ann cannot join Ops, Data: {HOW}",
        f"bob cannot leave Ops: {HOW}",
        "groups.yml:3: Ops cannot be added to All: the provider has no way to find groups. Declare the id.",
        "groups.yml:3: Ops cannot be added to Crew: the provider has no way to find groups. Declare the id.",
    ]


def desired(declared: Entry | None, before: Resource | None, policy: Policy | None = None) -> Any:
    return desired_state(pair(declared, before), policy or Policy())


KIM, LEE = person("kim"), person("lee")
NEW_KIM = desired(entry("KIM"), None)


@pytest.mark.parametrize(
    "found",
    [
        [],
        [desired(None, KIM), desired(None, person("Kim", id="2"))],
        [desired(None, KIM, Policy(prune={"User": "deactivate"})), desired(None, person("Kim", id="2"))],
        [desired(entry("kim", id="id-kim"), KIM), desired(None, person("Kim", id="2"), Policy(prune={"User": "deactivate"}))],
        [desired(entry("kim", id="id-kim"), KIM), desired(entry("Kim", id="2"), person("KIM", id="2"))],
        [desired(entry("kim"), KIM), desired(entry("lee"), LEE)],
        [desired(entry("kim", state=ABSENT), KIM), NEW_KIM],
        [desired(None, team("Sales")), desired(None, team("Sales", id="2")), desired(group_entry("Sales"), None)],
        [desired(None, read(USER, {"id": "1"})), desired(entry("x", id="2"), read(USER, {"id": "2", "userName": ""}))],
        [desired(entry("lee", id="id-kim"), KIM), NEW_KIM],
    ],
)
def test_names_that_are_unique(found: Sequence[Any]) -> None:
    assert refusal_of(Invalid, unique_names, found) == ""


@pytest.mark.parametrize(
    ("found", "message"),
    [
        ([desired(None, KIM), NEW_KIM], 'kim (id id-kim) and the new user (users.yml:7: users[0]) would both be called "KIM".'),
        (
            [desired(entry("kim", origin=Origin()), KIM), desired(None, person("Kim", id="2"))],
            'kim (id id-kim) and Kim (id 2) would both be called "Kim". Declare the id of the one that is meant.',
        ),
        (
            [desired(None, KIM), desired(entry("kim", id="id-lee"), LEE)],
            'kim (id id-kim) and lee (id id-lee) (users.yml:7: users[0]) would both be called "kim".',
        ),
        (
            [NEW_KIM, desired(entry("kim", origin=Origin("b.yml", 2)), None), desired(None, person("Kim", id="2"))],
            'the new user (users.yml:7: users[0]) and the new user (b.yml:2) would both be called "kim".\n'
            'the new user (users.yml:7: users[0]) and Kim (id 2) would both be called "Kim".',
        ),
    ],
)
def test_two_users_of_one_name(found: Sequence[Any], message: str) -> None:
    assert refusal_of(Invalid, unique_names, found) == message


def test_a_change_of_a_group_that_is_not_declared_has_a_reason() -> None:
    made = planned([(entry("kim", groups=(Member("Sales"),)), KIM), (None, team("Sales"))])
    assert [(change.name, change.reason, change.joins, change.entry) for change in made.changes] == [
        ("Sales", "membership", ("id-kim",), None)
    ]


def test_a_user_has_no_moves_even_with_the_id_of_a_group() -> None:
    both = [desired(entry("kim"), person("kim", id="5")), desired(group_entry("Sales"), team("Sales", id="5"))]
    made = plan(both, {"5": Moves(("9",), ("8",), {"8": "why"})}, Snapshot(users={"5": person("kim", id="5")}), Policy())
    assert [(change.type, change.joins, change.leaves, change.reasons) for change in made.changes] == [
        (GROUP, ("9",), ("8",), {"8": "why"})
    ]
    assert made.names == {"9": "9", "8": "8"}


def test_warnings_come_before_what_deletions_mean() -> None:
    inactive = person("kim", active=False, externalId="e1")
    made = planned([(entry("kim", attributes={"externalId": "e2", "title": "x"}), inactive)])
    assert made.warnings == (
        "kim (id id-kim) had the external id e1, the declared one is e2. Check that it is the same user.",
        "kim (id id-kim) is inactive, and active is not declared. Declare active: true to activate the account.",
    )
    assert planned([(entry("kim"), inactive)]).warnings == ()
