# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a provider has, an export of it is a declaration that changes nothing."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.overlay import canonical
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import RESOURCE_TYPES
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.types import Attribute, ResourceType
from ansible_collections.identity.scim.tests.simulated import Simulated
from ansible_collections.identity.scim.tests.unit.commands.test_export import BADGE, Body, exported, holds, user

ODD = st.sampled_from(["{{ x }}", "NO", "en_US", "en-US", "a@example.com", "x\x07", " ", "true", "tel:+1", "Group", "u1", "g0", "ß", "SS"])
SIMPLE = ODD | st.text(max_size=4) | st.booleans() | st.integers() | st.none()


def anything(attribute: Attribute) -> st.SearchStrategy[Any]:
    """Values of an attribute, mostly in its form and often not what RFC 7643 asks for."""
    single = SIMPLE
    if attribute.is_complex:
        subs = {sub.name: anything(sub) for sub in attribute.sub_attributes}
        known = st.fixed_dictionaries({}, optional={**subs, "foo": SIMPLE})
        single = known if attribute.name.startswith("urn:") else known | SIMPLE
    return st.lists(single, max_size=3) | single if attribute.multi_valued else single


def bodies(resource_type: ResourceType, letter: str, more: dict[str, Any]) -> st.SearchStrategy[list[Body]]:
    """Resources with ids such as u0, whose names may be anything; groups may have one name, as they may in SCIM."""
    attributes = {
        a.name: anything(a)
        for a in resource_type.root.sub_attributes
        if a.name not in ("id", "meta", "schemas", "members", resource_type.name_attribute)
    }
    one = st.fixed_dictionaries({resource_type.name_attribute: ODD | st.text(max_size=3)}, optional={**attributes, **more})
    name = (lambda body: canonical(Attribute("name"), body[resource_type.name_attribute])) if letter == "u" else None
    return st.lists(one, max_size=4, unique_by=name).map(
        lambda found: [{**body, "id": f"{letter}{index}"} for index, body in enumerate(found)]
    )


EXTENSION = {BADGE: st.dictionaries(st.text("abc", min_size=1, max_size=2), SIMPLE | st.lists(SIMPLE, max_size=2), max_size=3)}
MEMBERS = {"members": st.lists(st.sampled_from(["u0", "u1", "g0", "g1", "gone"]).map(lambda one: {"value": one}), max_size=4)}


@settings(max_examples=150)
@given(bodies(RESOURCE_TYPES["User"], "u", EXTENSION), bodies(RESOURCE_TYPES["Group"], "g", MEMBERS), st.sampled_from(["a.yml", "a.json"]))
@example([{"userName": "u1", "id": "u0"}], [{"displayName": "NO", "members": [{"value": "u0"}, {"value": "u1"}], "id": "g0"}], "a.yml")
@example(
    [{"userName": "u1", "id": "u0"}],
    [{"displayName": "{{ x }}", "members": [{"value": "u1"}], "id": "g0"}, {"displayName": "g0", "id": "g1"}],
    "a.yml",
)
def test_whatever_a_provider_has_there_and_back_changes_nothing(users: list[Body], groups: list[Body], name: str) -> None:
    users = [*users, user(9)]  # more than one entry: a single one is looked up, and a group in a group then only by its name
    provider = Simulated(users, groups)
    with TemporaryDirectory() as folder:
        dest = Path(folder) / name
        result = exported(provider, dest=str(dest))
        if len(result["users"]) + len(result["groups"]) > 1:
            holds(provider, dest, prune_users="none", prune_groups="none")
        assert result["complete"] or result["warnings"]
        assert exported(Simulated(reversed(users), reversed(groups)), dest=str(dest))["changed"] is False, "the order of the listing shows"
