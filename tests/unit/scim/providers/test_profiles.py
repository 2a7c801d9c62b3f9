# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles are plain data, the right one is chosen, and capabilities accept only their own fields."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.capabilities import Capabilities, Deletion
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.catalog import CATALOG
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
def test_the_profile_is_chosen_by_name_or_by_the_base_url(provider: str, url: str, expected: str) -> None:
    assert profile_for(provider, url).name == expected


@pytest.mark.parametrize(
    ("provider", "message"),
    [
        ("okta", 'provider: unknown profile "okta". Known profiles: auto, rfc, atlassian, attio, '),
        ("Slak", 'provider: unknown profile "Slak". Did you mean "slack"?'),
    ],
)
def test_an_unknown_profile_is_refused(provider: str, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        profile_for(provider, "")
    assert str(refused.value).startswith(message)


def test_the_catalog_is_in_alphabetical_order() -> None:
    names = [profile.name for profile in CATALOG]
    assert names == sorted(set(names))


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.name)
def test_every_profile_is_sound(profile: Profile) -> None:
    """``capabilities`` refuses a statement that is not a field or has the wrong type."""
    assert PROFILES[profile.name] is profile
    assert re.fullmatch(r"[a-z_]+", profile.name)
    assert profile.title
    assert profile.sources
    assert all(source.startswith("https://") for source in profile.sources)
    known = profile.capabilities({})
    for name, (value, sureness) in profile.statements.items():
        assert sureness in Sureness
        assert value != getattr(Capabilities(), name), f"{name} is the default"
        assert getattr(known, name) == (tuple(value) if isinstance(value, list) else value)
    assert set(profile.types()) == {"User", "Group"}
    assert json.loads(json.dumps(asdict(profile))).keys() == asdict(profile).keys(), "a record is plain data"
    assert profile.statements or profile.notes
    assert all(note.endswith(".") for note in profile.notes)
    paths = (*known.ignore_attributes, *known.single_valued)
    assert not [path for path in paths if USER.root.sub(path) is None]


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.name)
def test_each_statement_is_made_once_and_assumed_only_if_an_error_is_harmless(profile: Profile) -> None:
    parts = (profile.verified, profile.documented, profile.assumed)
    assert sum(map(len, parts)) == len(profile.statements)
    assert set(profile.assumed) <= {"page_size", "rate", "burst", "concurrency", "members_per_request", "must_remain"}


@pytest.mark.parametrize("profile", [profile for profile in PROFILES.values() if profile.hosts], ids=lambda profile: profile.name)
def test_every_example_matches_only_its_own_profile(profile: Profile) -> None:
    assert [other.name for other in PROFILES.values() if other.matches(profile.example)] == [profile.name]
    assert profile_for(AUTO, profile.example) is profile


def test_a_path_cannot_pass_for_a_host() -> None:
    assert profile_for(AUTO, "https://example.com/.my.salesforce.com/services/scim/v2").name == "rfc"
    assert profile_for(AUTO, "https://example.com/x.api.matillion.com").name == "rfc"
    assert profile_for(AUTO, "https://api.github.com/scim/v2/organizations/acme").name == "rfc"
    assert profile_for(AUTO, "https://API.github.com/scim/v2/enterprises/acme/").name == "github"


def test_the_page_of_providers_is_up_to_date() -> None:
    for path, text in pages().items():
        assert path.read_text("utf-8") == text, "Run .venv/bin/python tests/generate.py"


def test_the_profile_of_matillion() -> None:
    matillion = PROFILES["matillion"]
    known = matillion.capabilities({})
    assert (known.content_type, known.names) == ("application/json", {"$ref": "ref"})
    assert (known.rate, known.burst, known.lower_rates) == (1000, 1, ({"rate": 60, "burst": 5},))
    assert known.always_sent is not None
    assert known.always_sent["User"] == {"meta": {"resourceType": "User"}}
    addresses = matillion.types()["User"].root.sub("addresses")
    assert addresses is not None
    assert addresses.sub("display") is not None
    assert matillion.types()["Group"] == GROUP


def test_the_attributes_of_every_profile_can_be_declared() -> None:
    addresses = widest("User").root.sub("addresses")
    assert addresses is not None
    assert addresses.sub("display") is not None
    assert {a.name for a in USER.root.sub_attributes} <= {a.name for a in widest("User").root.sub_attributes}
    assert widest("Group") == GROUP


def test_options_override_the_profile() -> None:
    known = PROFILES["matillion"].capabilities({"page_size": 20, "patch": False, "rate": None})
    assert (known.page_size, known.patch, known.rate, known.burst) == (20, False, None, 1)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"patch": "False"}, {"patch": False}),
        ({"patch": "yes"}, {"patch": True}),
        ({"page_size": "50"}, {"page_size": 50}),
        ({"rate": "60"}, {"rate": 60.0}),
        (
            {"lower_rates": [{"rate": "60"}, {"rate": 6, "burst": "2"}]},
            {"lower_rates": ({"rate": 60, "burst": 1}, {"rate": 6, "burst": 2})},
        ),
        ({"ignore_attributes": ["title"]}, {"ignore_attributes": ("title",)}),
        ({"names": {"$ref": "ref"}}, {"names": {"$ref": "ref"}}),
        ({"user_deletion": "final"}, {"user_deletion": Deletion.FINAL}),
    ],
)
def test_text_from_a_template_is_converted(given: dict[str, Any], expected: dict[str, Any]) -> None:
    assert Capabilities().corrected(given) == Capabilities(**expected)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"pach": 1}, 'provider_options: unknown key "pach". Did you mean "patch"?'),
        (
            {"okta": 5, "Patsch": 1},
            'provider_options: unknown key "okta".\nprovider_options: unknown key "Patsch". Did you mean "patch"?\n'
            "Known keys: search, filter, patch, ",
        ),
        (
            {"patch": "perhaps", "page_size": 0},
            'provider_options: patch must be true or false, got "perhaps".\n'
            "provider_options: page_size must be a whole number of at least 1, got 0.",
        ),
        ({"page_size": True}, "provider_options: page_size must be a whole number of at least 1, got true."),
        ({"page_size": "many"}, 'provider_options: page_size must be a whole number of at least 1, got "many".'),
        ({"burst": None}, "provider_options: burst must be a whole number of at least 1, got null."),
        (
            {"lower_rates": [{"rate": 60, "per": "hour"}]},
            'provider_options: lower_rates[0]: unknown key "per".\nKnown keys: rate, burst.',
        ),
        ({"lower_rates": 60}, 'provider_options: lower_rates must be a list of rates such as {"rate": 60, "burst": 5}, got 60.'),
        ({"rate": -1}, "provider_options: rate must be a number above 0, got -1."),
        ({"rate": "inf"}, 'provider_options: rate must be a number above 0, got "inf".'),
        ({"content_type": None}, "provider_options: content_type must be text, got null."),
        ({"ignore_attributes": "title"}, 'provider_options: ignore_attributes must be a list of texts, got "title".'),
        ({"ignore_attributes": None}, "provider_options: ignore_attributes must be a list of texts, got null."),
        ({"names": "ref"}, 'provider_options: names must be a mapping of names to names, got "ref".'),
        ({"names": {"title": None}}, "provider_options: names.title must be text, got null."),
        (
            {"always_sent": {"User": "x"}},
            'provider_options: always_sent.User must be a mapping of attributes, got "x".',
        ),
        ({"user_deletion": "never"}, 'provider_options: user_deletion must be one of deletes, deactivates, final, refused, got "never".'),
        ({"user_deactivation": "final"}, 'user_deactivation must be one of deactivates, deletes, ignored, got "final".'),
    ],
)
def test_wrong_corrections(given: dict[str, Any], message: str) -> None:
    with pytest.raises(Invalid) as wrong:
        Capabilities().corrected(given)
    assert message in str(wrong.value)
