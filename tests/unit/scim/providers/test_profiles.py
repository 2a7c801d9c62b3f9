# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles are data, and capabilities take only what they have."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.capabilities import Capabilities, Deletion
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.profile import Profile, Sureness
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.profiles import AUTO, PROFILES, profile_for, widest
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import GROUP, USER
from ansible_collections.identity.scim.tests.generate import pages


@pytest.mark.parametrize(
    ("provider", "url", "expected"),
    [
        (AUTO, "https://eu1.api.matillion.com/dpc/v1/directory-integration/scim/v2", "matillion"),
        (AUTO, "https://US1.API.Matillion.com:443/x", "matillion"),
        (AUTO, "https://api.matillion.com.example.com/scim", "rfc"),
        (AUTO, "https://scim.example.com/?eu1.api.matillion.com", "rfc"),
        (AUTO, "https://eu1.api.matillion.com@example.com/scim", "rfc"),
        (AUTO, "https://[broken", "rfc"),
        (AUTO, "", "rfc"),
        ("matillion", "https://scim.example.com", "matillion"),
        ("rfc", "https://eu1.api.matillion.com", "rfc"),
    ],
)
def test_which_profile_is_picked(provider: str, url: str, expected: str) -> None:
    assert profile_for(provider, url).name == expected


def test_a_profile_that_is_not_there() -> None:
    with pytest.raises(Invalid, match=r"no profile 'okta'\. Known are: auto, rfc, atlassian, attio"):
        profile_for("okta", "")


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.name)
def test_every_profile_is_sound(profile: Profile) -> None:
    """What is wrong with a statement is told by ``capabilities``: each is a field, of its type."""
    assert PROFILES[profile.name] is profile
    assert re.fullmatch(r"[a-z_]+", profile.name)
    assert profile.title
    assert profile.sources
    assert all(source.startswith("https://") for source in profile.sources)
    known = profile.capabilities({})
    for name, (value, sureness) in profile.statements.items():
        assert sureness in Sureness
        assert value != getattr(Capabilities(), name), f"{name} is as the RFC has it"
        assert getattr(known, name) == (tuple(value) if isinstance(value, list) else value)
    assert set(profile.types()) == {"User", "Group"}
    assert profile.statements or profile.notes
    assert all(note.endswith(".") for note in profile.notes)
    paths = (*known.ignore_attributes, *known.single_valued)
    assert not [path for path in paths if USER.root.sub(path) is None]


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.name)
def test_a_statement_stands_once_and_is_assumed_only_where_that_does_no_harm(profile: Profile) -> None:
    parts = (profile.verified, profile.documented, profile.assumed)
    assert sum(map(len, parts)) == len(profile.statements)
    assert set(profile.assumed) <= {"page_size", "rate", "burst", "concurrency", "members_per_request"}


@pytest.mark.parametrize("profile", [profile for profile in PROFILES.values() if profile.hosts], ids=lambda profile: profile.name)
def test_every_example_is_recognised_by_its_own_profile_alone(profile: Profile) -> None:
    assert [one.name for one in PROFILES.values() if one.is_at(profile.example)] == [profile.name]
    assert profile_for(AUTO, profile.example) is profile


def test_a_path_is_no_host() -> None:
    assert profile_for(AUTO, "https://example.com/.my.salesforce.com/services/scim/v2").name == "rfc"
    assert profile_for(AUTO, "https://example.com/x.api.matillion.com").name == "rfc"
    assert profile_for(AUTO, "https://api.github.com/scim/v2/organizations/acme").name == "rfc"
    assert profile_for(AUTO, "https://API.github.com/scim/v2/enterprises/acme/").name == "github"


def test_the_page_of_providers_is_up_to_date() -> None:
    for path, text in pages().items():
        assert path.read_text("utf-8") == text, "Run .venv/bin/python tests/generate.py"


def test_what_is_known_of_matillion() -> None:
    matillion = PROFILES["matillion"]
    known = matillion.capabilities({})
    assert (known.content_type, known.rate, known.burst, known.names) == ("application/json", 60, 5, {"$ref": "ref"})
    assert known.always_sent is not None
    assert known.always_sent["User"] == {"meta": {"resourceType": "User"}}
    addresses = matillion.types()["User"].root.sub("addresses")
    assert addresses is not None
    assert addresses.sub("display") is not None
    assert matillion.types()["Group"] == GROUP


def test_what_can_be_declared_is_what_any_profile_has() -> None:
    addresses = widest("User").root.sub("addresses")
    assert addresses is not None
    assert addresses.sub("display") is not None
    assert {a.name for a in USER.root.sub_attributes} <= {a.name for a in widest("User").root.sub_attributes}
    assert widest("Group") == GROUP


def test_options_win_over_the_profile() -> None:
    known = PROFILES["matillion"].capabilities({"page_size": 20, "patch": False, "rate": None})
    assert (known.page_size, known.patch, known.rate, known.burst) == (20, False, None, 5)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"patch": "False"}, {"patch": False}),
        ({"patch": "yes"}, {"patch": True}),
        ({"page_size": "50"}, {"page_size": 50}),
        ({"rate": "60"}, {"rate": 60.0}),
        ({"ignore_attributes": ["title"]}, {"ignore_attributes": ("title",)}),
        ({"names": {"$ref": "ref"}}, {"names": {"$ref": "ref"}}),
        ({"user_deletion": "final"}, {"user_deletion": Deletion.FINAL}),
    ],
)
def test_a_template_gives_text(given: dict[str, Any], expected: dict[str, Any]) -> None:
    assert Capabilities().corrected(given) == Capabilities(**expected)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"pagesize": 5, "patsch": 1}, "provider_options: unknown key pagesize, patsch. Known are: search, filter, patch"),
        ({"patch": "perhaps"}, "provider_options: patch is 'perhaps'; expected true or false."),
        ({"page_size": 0}, "page_size is 0; expected a whole number above 0."),
        ({"page_size": True}, "page_size is True; expected a whole number above 0."),
        ({"page_size": "many"}, "page_size is 'many'; expected a whole number above 0."),
        ({"rate": -1}, "rate is -1; expected a number above 0."),
        ({"rate": "inf"}, "rate is 'inf'; expected a number above 0."),
        ({"ignore_attributes": "title"}, "ignore_attributes is 'title'; expected a list of texts."),
        ({"names": "ref"}, "names is 'ref'; expected a mapping of names to names."),
        ({"names": {"title": None}}, "names is {'title': None}; expected a mapping of names to names."),
        ({"always_sent": {"User": "x"}}, "always_sent is {'User': 'x'}; expected a mapping of resource types to mappings of attributes."),
        ({"user_deletion": "perhaps"}, "user_deletion is 'perhaps'; expected one of deletes, deactivates, final, refused."),
        ({"user_deactivation": "final"}, "user_deactivation is 'final'; expected one of deactivates, deletes, ignored."),
    ],
)
def test_wrong_corrections(given: dict[str, Any], message: str) -> None:
    with pytest.raises(Invalid) as wrong:
        Capabilities().corrected(given)
    assert message in str(wrong.value)
