# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents to one declaration, and every mistake in one message."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.documents import Document
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.loader import load_declaration, merge_defaults, summary
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import Declaration
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import RESOURCE_TYPES, USER

MATCH_ON = {"User": ("id", "userName"), "Group": ("id", "displayName")}


def gathered(*documents: Document) -> Declaration:
    return load_declaration(documents, RESOURCE_TYPES, MATCH_ON)


def mistakes(*documents: Document) -> list[str]:
    with pytest.raises(Invalid) as invalid:
        gathered(*documents)
    return [line.removeprefix("- ") for line in str(invalid.value).splitlines()]


def users(*found: Any, **more: Any) -> Document:
    return Document("users.yml", users=list(found), lines={f"users[{index}]": 2 * index + 2 for index in range(len(found))}, **more)


def test_all_documents_are_one_declaration() -> None:
    found = gathered(users({"user_name": "kim"}), Document("more.yml", [{"userName": "lee"}], [{"display_name": "Sales"}]))
    assert [entry.name for entry in found.entries] == ["kim", "lee", "Sales"]
    assert [str(entry.origin) for entry in found.entries] == ["users.yml:2: users[0]", "more.yml: users[0]", "more.yml: groups[0]"]


def test_defaults_are_of_one_file_and_of_users() -> None:
    first = users({"user_name": "kim", "name": {"given_name": "Kim"}}, defaults={"title": "Boss", "name": {"family_name": "Lee"}})
    found = gathered(first, Document("more.yml", [{"user_name": "pat"}], [{"display_name": "Sales"}]))
    assert [entry.attributes for entry in found.entries] == [
        {"userName": "kim", "title": "Boss", "name": {"familyName": "Lee", "givenName": "Kim"}},
        {"userName": "pat"},
        {"displayName": "Sales"},
    ]


URN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@pytest.mark.parametrize(
    ("defaults", "raw", "expected"),
    [
        ({}, {"a": 1}, {"a": 1}),
        ({"a": 1, "b": 2}, {"a": 3}, {"a": 3, "b": 2}),
        ({"a": {"b": 1, "c": {"d": 1}}}, {"a": {"c": {"e": 2}}}, {"a": {"b": 1, "c": {"d": 1, "e": 2}}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": {"b": 1}}, {"a": None}, {"a": None}),
        ({"a": 1}, {"a": {"b": 1}}, {"a": {"b": 1}}),
        ({"enterprise": {"department": "a", "division": "b"}}, {URN: {"department": "c"}}, {URN: {"department": "c", "division": "b"}}),
        ({URN: {"costCenter": "a"}}, {"enterprise": {"cost_center": "b"}}, {"enterprise": {"cost_center": "b"}}),
        ({"displayName": "a"}, {"display_name": "b"}, {"display_name": "b"}),
    ],
)
def test_defaults_are_laid_under(defaults: Any, raw: Any, expected: Any) -> None:
    before = repr((defaults, raw))
    assert merge_defaults(USER.root, defaults, raw) == expected
    assert repr((defaults, raw)) == before


def test_a_default_in_another_spelling_is_overridden_as_well() -> None:
    found = gathered(
        users(
            {"user_name": "kim", "nickName": "K", "enterprise": {"costCenter": "2"}},
            defaults={"nick_name": "N", "enterprise": {"cost_center": "1"}},
        )
    )
    enterprise = found.users[0].attributes.pop("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User")
    assert (found.users[0].attributes, enterprise) == ({"userName": "kim", "nickName": "K"}, {"costCenter": "2"})


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ([users("kim")], ["users.yml:2: users[0]: is not a mapping; expected the attributes of a user."]),
        ([users(None)], ["users.yml:2: users[0]: is not a mapping; expected the attributes of a user."]),
        (
            [users({"user_name": "kim"}, {"user_name": "KIM"})],
            ['users.yml:4: users[1]: user_name "KIM" is declared twice, first at users.yml:2: users[0]; expected each user once.'],
        ),
        (
            [users({"id": "7", "user_name": "kim"}, {"id": "7", "user_name": "lee"})],
            ['users.yml:4: users[1]: id "7" is declared twice, first at users.yml:2: users[0]; expected each user once.'],
        ),
        (
            [users({"user_name": "café"}), Document("b.yml", [{"user_name": "cafe\u0301"}])],
            ['b.yml: users[0]: user_name "cafe\u0301" is declared twice, first at users.yml:2: users[0]; expected each user once.'],
        ),
        (
            [users({"user_name": "straße"}, {"user_name": "Strasse"})],
            [
                'users.yml:4: users[1]: user_name "Strasse" looks like "straße" at users.yml:2: users[0], and differs in ß (U+00DF); '
                "expected different names."
            ],
        ),
        (
            [users({"user_name": "kim"}, {"user_name": "lee", "previously": ["\u212aim"]})],
            [
                'users.yml:4: users[1]: user_name "\u212aim" looks like "kim" at users.yml:2: users[0], and differs in \u212a (U+212A); '
                "expected different names."
            ],
        ),
        (
            [users({"user_name": "kim", "title": "{{ title }}"})],
            ['users.yml:2: users[0].title: found the unresolved template "{{ title }}"; expected a value.'],
        ),
        (
            [users({"user_name": "kim", "emails": [{"value": "{% if a %}a@example.com{% endif %}"}]})],
            [
                'users.yml:2: users[0].emails[0].value: found the unresolved template "{% if a %}"; expected a value.',
                'users.yml:2: users[0].emails[0].value: found "{% i"…; expected an e-mail address such as bjensen@example.com.',
            ],
        ),
        (
            [Document("g.yml", groups=[{"display_name": "Sales", "expires": "2027-01-01"}])],
            [
                'g.yml: groups[0].expires: "expires" is only for users and memberships; '
                'expected "delete_after", the day after which the group is deleted.'
            ],
        ),
    ],
)
def test_mistakes(documents: list[Document], expected: list[str]) -> None:
    assert mistakes(*documents)[1:] == expected


def test_a_template_in_defaults_is_reported_once() -> None:
    found = mistakes(users({"user_name": "kim"}, {"user_name": "lee"}, defaults={"name": {"given_name": "{{ x }}"}}))
    assert found[1:] == ['users.yml: defaults.name.given_name: found the unresolved template "{{ x }}"; expected a value.']


def test_groups_of_one_name_are_told_apart_by_their_ids() -> None:
    found = gathered(Document("g.yml", groups=[{"id": "1", "display_name": "Sales"}, {"id": "2", "display_name": "Sales"}]))
    assert len(found.groups) == 2


def test_all_mistakes_are_one_message() -> None:
    found = mistakes(users({"user_name": "kim", "tittle": "x"}, {"active": "maybe", "user_name": "lee"}, 7), Document("b.yml", [{}]))
    assert found[0] == "4 mistakes in the declaration; nothing was sent."
    assert [line.split(": ")[0] for line in found[1:]] == ["users.yml:2", "users.yml:4", "users.yml:6", "b.yml"]


def test_all_names_are_listed_once_in_a_message_and_only_where_none_is_similar() -> None:
    found = mistakes(users({"user_name": "kim", "zzz": 1}, {"user_name": "lee", "titel": 1, "yyy": 1, "name": {"xxx": 1}}))
    assert found[1:5] == [
        'users.yml:2: users[0].zzz: unknown attribute "zzz".',
        'users.yml:4: users[1].titel: unknown attribute "titel". Did you mean "title"?',
        'users.yml:4: users[1].yyy: unknown attribute "yyy".',
        'users.yml:4: users[1].name.xxx: unknown attribute "xxx".',
    ]
    assert [line.partition(", ")[0] for line in found[5:]] == ["Attributes of user: active", "Attributes of name: family_name"]


def test_very_many_mistakes_are_not_all_listed() -> None:
    found = mistakes(users(*[{"user_name": f"u{number}", "nothing": 1} for number in range(1000)]))
    assert found[0] == "1000 mistakes in the declaration; nothing was sent."
    assert (len(found), found[-2]) == (203, "and 800 more")
    assert found[-1].startswith("Attributes of user: active, ")
    assert summary([]) == ["0 mistakes in the declaration; nothing was sent."]


@pytest.mark.parametrize("documents", [[], [Document("a.yml")], [Document("a.yml", defaults={"title": "x"}), Document("b.yml")]])
def test_an_empty_declaration_is_refused(documents: list[Document]) -> None:
    where = ", ".join(document.file for document in documents) or "src"
    assert mistakes(*documents)[1:] == [
        f"{where}: no users and no groups are declared. An empty declaration is refused, because it would look like an empty directory."
    ]
