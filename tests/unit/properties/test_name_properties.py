# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a name is: what has another one is never matched, and what only looks like it never leads to a write."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import Entry
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.matching import Finder, match
from ansible_collections.identity.scim.plugins.module_utils._engine.plan.name_index import NameIndex
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.identity import (
    difference,
    hidden_character,
    look_alike_key,
    name_key,
)
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.resource import Resource
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import USER
from ansible_collections.identity.scim.tests.simulated import Habits
from ansible_collections.identity.scim.tests.unit.properties.tenants import Scene

LETTERS = "aAkKsSéÉ\u212aßẞſﬁfiΣσςµμÅå\u212bİıi\u0307 \u00a0\u200b\u00ad.@"
WORDS = st.text(st.sampled_from(LETTERS), min_size=1, max_size=4).filter(str.strip)
FREE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=6).filter(str.strip)
PAIRS = st.tuples(WORDS, WORDS) | WORDS.flatmap(lambda name: st.tuples(st.just(name), spellings(name)))


def spellings(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from([name.upper(), name.lower(), name.casefold(), f"{name}\u200b", f" {name}"])


@given(st.lists(WORDS | FREE, min_size=1, max_size=5), WORDS | FREE)
def test_what_is_matched_has_the_name_and_an_index_knows_what_only_looks_like_it(names: list[str], name: str) -> None:
    tenant = {str(key): Resource(USER, str(key), {"userName": each}) for key, each in enumerate(names)}
    index = NameIndex()
    for key, resource in tenant.items():
        index.add(key, name=resource.name)
    same = [key for key, each in tenant.items() if name_key(each.name) == name_key(name)]
    assert index.by_name(name) == same
    looks = [key for key, each in tenant.items() if look_alike_key(each.name) == look_alike_key(name) and key not in same]
    assert sorted(index.look_alikes(name)) == looks
    try:
        pair = match(Finder(USER, ("userName",), tenant.values()), [Entry(USER, {"userName": name})])[0]
    except Invalid:
        assert len(same) > 1 or looks
    else:
        assert [pair.before.id if pair.before else None] == (same or [None])


@settings(max_examples=300)
@given(PAIRS, st.sampled_from(["none", "deactivate", "delete"]), st.booleans(), st.sampled_from([Habits(), Habits(filters="refused")]))
@example(("straße", "strasse"), "delete", True, Habits())
@example(("ann\u200b", "ann"), "deactivate", False, Habits())
def test_a_look_alike_is_never_taken_for_another(pair: tuple[str, str], prune: str, absent: bool, habits: Habits) -> None:
    existing, declared = pair
    users = [{"id": "1", "userName": existing}, {"id": "2", "userName": "zoe"}]
    entries = {
        "users": [{"user_name": declared, **({"state": "absent"} if absent else {"title": "b"})}, {"user_name": "zoe"}],
        "groups": [{"display_name": declared, "state": "absent"}],
    }
    scene = Scene({"users": users, "groups": [{"id": "3", "displayName": existing}]}, entries, {"User": prune})
    provider = scene.provider(habits)
    only_looks = name_key(existing) != name_key(declared) and look_alike_key(existing) == look_alike_key(declared)
    try:
        run = scene.run(provider, check=False)
    except Invalid:
        assert provider.written == []
        assert hidden_character(declared) or only_looks
    else:  # where nobody is declared but the one who is absent, it may only be pruned
        assert not only_looks or (absent and all(change.reason == "not declared" for change in run.plan.changes))
        assert not only_looks or len(run.plan.warnings) >= 2


@given(PAIRS.filter(lambda pair: look_alike_key(pair[0]) == look_alike_key(pair[1]) and name_key(pair[0]) != name_key(pair[1])))
def test_two_names_that_look_alike_always_differ_in_something_that_is_printed(pair: tuple[str, str]) -> None:
    printed = difference(*pair)
    assert "U+" in printed
    assert printed.isprintable()


@given(FREE)
def test_a_name_with_nothing_hidden_is_what_it_looks_like(name: str) -> None:
    if not hidden_character(name):
        assert name == name.strip()
        assert "\u200b" not in name
