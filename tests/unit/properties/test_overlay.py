# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for overlay and PATCH with any declaration and any current state."""

from __future__ import annotations

import random
from copy import deepcopy
from typing import Any

from hypothesis import assume, example, given
from hypothesis import strategies as st
from scim2_models import EnterpriseUser, PatchOp, User

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.overlay import agrees, canonical, overlay
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.patch import operations, patch_body
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.resource import read
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import USER
from ansible_collections.identity.scim.tests.unit.properties.drawn import DECLARED, ENTERPRISE, READ, Body, shuffled, unordered
from ansible_collections.identity.scim.tests.unit.properties.oracle import patched

ROOT = USER.root
Person = User[EnterpriseUser]
WORK, HOME = {"value": "a@example.com", "type": "work"}, {"value": "a@example.com", "type": "home"}


@given(DECLARED, READ, st.booleans())
@example({"emails": [WORK, HOME]}, {"emails": [HOME]}, False)
@example({"emails": [{"value": "a@example.com", "primary": None}]}, {"emails": [{"value": "a@example.com", "primary": False}]}, False)
@example(
    {"addresses": [{"type": "work", "locality": "a"}, {"type": "work", "region": "a"}]},
    {"addresses": [{"type": "work", "locality": "a", "region": "a"}]},
    False,
)
def test_an_applied_declaration_returns_the_same_object(declared: Body, before: Body, additive: bool) -> None:
    after = overlay(ROOT, declared, before, additive)
    assert overlay(ROOT, declared, after, additive) is after
    assert operations(ROOT, after, after, additive) == []


@given(DECLARED, READ, st.booleans())
def test_the_arguments_are_not_changed(declared: Body, before: Body, additive: bool) -> None:
    copies = deepcopy(declared), deepcopy(before)
    operations(ROOT, before, overlay(ROOT, declared, before, additive), additive)
    assert (declared, before) == copies


@given(DECLARED, READ, st.booleans())
def test_after_holds_what_is_declared_and_keeps_the_rest(declared: Body, before: Body, additive: bool) -> None:
    after = overlay(ROOT, declared, before, additive)
    for name, value in declared.items():
        attribute = ROOT.sub(name)
        assert attribute is not None
        if isinstance(value, list):
            assert all(any(agrees(attribute, element, there) for there in after.get(name, [])) for element in value)
            assert additive or len(after.get(name, [])) == len(value)
        elif not isinstance(value, dict):
            assert agrees(attribute, value, after.get(name))
    assert {name: value for name, value in after.items() if name not in declared} == {
        name: value for name, value in before.items() if name not in declared
    }
    assert all(value not in (None, {}, []) for value in after.values())


@given(DECLARED, READ)
def test_additive_removes_no_element(declared: Body, before: Body) -> None:
    after = overlay(ROOT, declared, before, additive=True)
    for name, value in before.items():
        if isinstance(value, list) and declared.get(name, ()) is not None:
            assert {element.get("value") for element in value} <= {element.get("value") for element in after[name]}


@given(DECLARED, READ, st.booleans())
def test_there_is_at_most_one_primary(declared: Body, before: Body, additive: bool) -> None:
    after = overlay(ROOT, declared, before, additive)
    for name in ("emails", "phoneNumbers", "roles"):
        primaries = [element for element in after.get(name, []) if element.get("primary")]
        assert len(primaries) < 2
        wanted = [element for element in declared.get(name) or [] if element.get("primary")]
        assert not wanted or agrees(_sub(name), wanted[0], primaries[0])


@given(DECLARED, READ, st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_keys_is_irrelevant(declared: Body, before: Body, additive: bool, draw: random.Random) -> None:
    plain = {name: value for name, value in declared.items() if not isinstance(value, list)}
    assert overlay(ROOT, shuffled(plain, draw), before, additive) == overlay(ROOT, plain, before, additive)


@given(DECLARED, READ, st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_elements_is_irrelevant(declared: Body, before: Body, additive: bool, draw: random.Random) -> None:
    for body in (declared, before):
        for name, value in body.items():
            if isinstance(value, list):  # values are unique, and types of addresses: nothing else distinguishes elements
                key = "type" if name == "addresses" else "value"
                keys = [canonical(_sub(name).sub(key), element.get(key)) for element in value]
                assume(len(set(keys)) == len(keys) and None not in keys)
    left = overlay(ROOT, declared, before, additive)
    right = overlay(ROOT, shuffled(declared, draw), shuffled(before, draw), additive)
    assert unordered(left) == unordered(right)


@given(READ, st.randoms(use_true_random=False))
def test_what_differs_in_form_only_is_unchanged(before: Body, draw: random.Random) -> None:
    assert overlay(ROOT, shuffled(_respelled(before), draw), before) is before


@given(READ, st.booleans())
def test_null_and_absent_are_one_state(before: Body, additive: bool) -> None:
    nulls: Body = {a.name: None for a in ROOT.sub_attributes if a.name not in before}
    assert overlay(ROOT, nulls, before, additive) is before
    parts = {"name": {sub.name: None for sub in _sub("name").sub_attributes if sub.name not in before.get("name", {})}}
    assert overlay(ROOT, parts, before, additive) is before


@given(DECLARED, READ, st.booleans())
def test_the_operations_make_before_to_after(declared: Body, before: Body, additive: bool) -> None:
    after = overlay(ROOT, declared, before, additive)
    assert patched(before, operations(ROOT, before, after, additive)) == after


@given(READ, READ)
def test_the_operations_between_any_two_resources(before: Body, after: Body) -> None:
    assert patched(before, operations(ROOT, before, after)) == after


@given(READ, READ)
def test_another_implementation_agrees(before: Body, after: Body) -> None:
    found = operations(ROOT, before, after)
    assume(found)
    person = Person.model_validate(_complete(before))
    PatchOp[Person].model_validate(patch_body(found)).patch(person)
    assert _dumped(person) == _dumped(Person.model_validate(_complete(after)))


@given(READ)
def test_reading_twice_is_reading_once(body: Body) -> None:
    assert read(USER, body).body == body


NULLISH = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["", "true", "False", "a"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["value", "Type", "givenName", "x"]), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(["userName", "EMAILS", "name", "name.givenName", "active", "roles", "meta", ENTERPRISE, "urn:x:1.0:User", "other"])


@given(st.dictionaries(KEYS, NULLISH, max_size=6))
def test_whatever_is_read_is_read_twice_the_same(raw: Body) -> None:
    once = read(USER, raw).body
    assert read(USER, once).body == once
    assert all(value not in (None, "", [], {}) for value in once.values())


def _sub(name: str) -> Any:
    return ROOT.sub(name)


def _respelled(value: Any) -> Any:
    """The same in another case, where case is irrelevant, and phone numbers in another notation."""
    if isinstance(value, dict):
        exact = ("externalId", "profileUrl", "manager")
        return {key: inner if key in exact else _respelled(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_respelled(item) for item in value]
    if not isinstance(value, str):
        return value
    return value.replace("tel:", "").replace("-", " ") if value.startswith("tel:") else "".join(map(_other_case, value))


def _other_case(letter: str) -> str:
    """The letter in the other case; itself where that is another letter, such as the S of ſ."""
    other = letter.swapcase()
    return other if other.swapcase() == letter else letter


def _complete(body: Body) -> Body:
    return {"schemas": [USER.schema.urn, ENTERPRISE], **body}


def _dumped(person: Any) -> Any:
    body = read(USER, person.model_dump(exclude_none=True, by_alias=True, mode="json")).body
    return {name: value for name, value in body.items() if name != "schemas"}
