# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles in files: how a path is told from a name, what is read, and every mistake with its place (``cases/profiles``)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.profile_file import chosen_profile, is_path
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.writer import as_file
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.capabilities import Deletion
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.profile import (
    Profile,
    Sureness,
    VerifiedProduct,
    as_record,
)
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.profiles import AUTO, PROFILES
from ansible_collections.identity.scim.tests.unit.golden import golden_cases

CASES = Path(__file__).resolve().parents[1] / "cases" / "profiles"
URL = "https://eu1.api.matillion.com/scim"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Relative paths begin here."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path


@pytest.mark.parametrize("name", [AUTO, *PROFILES, "acme", "acme.text", "yml"])
def test_a_name(name: str) -> None:
    assert not is_path(name)


@pytest.mark.parametrize("path", ["acme.yml", "acme.YAML", "acme.json", "providers/acme.yml", "./acme", "/etc/acme", "~/acme.yml"])
def test_a_path(path: str) -> None:
    assert is_path(path)


@pytest.mark.parametrize("case", golden_cases(CASES))
def test_mistakes(case: dict[str, Any], folder: Path) -> None:
    file = case.get("file", "acme.yml")
    (folder / file).write_text(case["text"], "utf-8")
    with pytest.raises(Invalid) as wrong:
        chosen_profile(file, URL)
    assert str(wrong.value).splitlines() == case["message"]


@pytest.mark.parametrize(
    ("provider", "message"),
    [
        ("none.yml", 'provider: there is no file "none.yml" in {folder}.'),
        ("providers/slack.yml", 'provider: there is no file "providers/slack.yml" in {folder}.'),
        ("slack.yml", 'provider: there is no file "slack.yml" in {folder}. Did you mean the profile "slack", without a suffix?'),
        ("/none/acme.yml", 'provider: there is no file "/none/acme.yml".'),
        ("./acme", 'provider: the path of a profile ends with .yml, .yaml or .json, got "./acme".'),
        ("folder.yml", "folder.yml: the file cannot be read: Is a directory."),
        ("fifo.yml", "fifo.yml: the file cannot be read: it is not a regular file."),
        ("slak", 'provider: unknown profile "slak". Did you mean "slack"?'),
    ],
)
def test_no_profile(provider: str, message: str, folder: Path) -> None:
    (folder / "folder.yml").mkdir()
    os.mkfifo(folder / "fifo.yml")
    with pytest.raises(Invalid) as wrong:
        chosen_profile(provider, URL)
    assert str(wrong.value) == message.format(folder=folder)


def test_a_name_that_no_profile_has_may_be_meant_for_a_path() -> None:
    with pytest.raises(Invalid, match=r"A path ends with \.yml, \.yaml or \.json\.$"):
        chosen_profile("okta", URL)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.name)
@pytest.mark.parametrize("file", ["own.yml", "own.json"])
def test_each_profile_of_the_catalog_is_a_record_of_a_file(profile: Profile, file: str, folder: Path) -> None:
    """One form for both: a record of the catalog, as a file, is the same profile."""
    (folder / file).write_text(as_file(file, as_record(profile)), "utf-8")
    read = chosen_profile(file, URL)
    assert as_record(read) == as_record(profile)
    assert read.capabilities({}) == profile.capabilities({})
    assert read.types() == profile.types()


def test_a_file_without_names_is_called_as_the_file(folder: Path) -> None:
    (folder / "providers").mkdir()
    (folder / "providers" / "acme.yml").write_text("documented: {page_size: 50}\n", "utf-8")
    profile = chosen_profile("providers/acme.yml", URL)
    assert (profile.name, profile.title, profile.evidence) == ("acme", "acme", Sureness.ASSUMED)
    assert profile.statements == {"page_size": (50, Sureness.DOCUMENTED)}
    assert chosen_profile(AUTO, URL).name == "matillion", "a file counts only where it is named"


def test_a_file_of_everything(folder: Path) -> None:
    record = {
        "title": "Acme",
        "tested": {"product": "Acme", "version": "4.2", "date": "2026-11-30"},
        "verified": {"patch": False, "user_deletion": "final", "rate": 90, "single_valued": ["emails"]},
        "documented": {"always_sent": {"User": {"active": True, "roles": [], "name": {"formatted": "x"}, "color": "true"}}},
        "assumed": {"must_remain": [{"name": "Admin", "at_least": 2, "users": 'roles.value eq "a"', "groups": 'role eq "ADMIN"'}]},
        "attributes": {"User": {"": [{"name": "badge", "type": "integer", "multiValued": False}]}},
        "token_url": "https://acme.example/token",
    }
    (folder / "home").mkdir()
    (folder / "home" / "acme.yml").write_text(yaml.safe_dump(record), "utf-8")
    profile = chosen_profile("~/acme.yml", URL)
    known = profile.capabilities({"rate": "60"})
    assert (known.patch, known.user_deletion, known.rate, known.single_valued) == (False, Deletion.FINAL, 60.0, ("emails",))
    assert known.always_sent == record["documented"]["always_sent"]
    assert known.must_remain == tuple(record["assumed"]["must_remain"])
    badge = profile.types()["User"].root.sub("badge")
    assert badge is not None
    assert not badge.multi_valued
    assert (profile.tested, profile.token_url) == (VerifiedProduct("Acme", "4.2", "2026-11-30"), "https://acme.example/token")
    assert profile.evidence is Sureness.VERIFIED
