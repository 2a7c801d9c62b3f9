# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""URLs that cannot be base URLs, and what to do about each."""

from __future__ import annotations

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.catalog import CATALOG
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.profiles import profile_for
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.url_mistakes import base_url_hint, refuse_wrong_base_url
from ansible_collections.identity.scim.tests.unit.plan.planned import refusal_of

MATILLION = "https://eu1.api.matillion.com/dpc/v1/directory-integration/scim/v2"


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://a.example/scim/v2/Users", 'is an endpoint, not the base URL. Remove "/Users": https://a.example/scim/v2'),
        ("https://a.example/scim/v2/Groups/", 'Remove "/Groups": https://a.example/scim/v2'),
        ("https://a.example/scim/v2/Users/2819c223", 'Remove "/Users/2819c223": https://a.example/scim/v2'),
        ("https://u:p@a.example/ServiceProviderConfig?x=secret", '"https://a.example/ServiceProviderConfig" is an endpoint'),
        (f"{MATILLION}/Users", f'Remove "/Users": {MATILLION}'),
        ("https://eu1.api.matillion.com", f"Its base URL has the form {MATILLION}."),
        ("https://eu1.api.matillion.com/", "does not have the path of Matillion"),
        ("https://api.slack.com", "does not have the path of Slack. Its base URL has the form https://api.slack.com/scim/v2."),
        ("https://api.slack.com/scim", "For another service on this host, set provider: rfc."),
    ],
)
def test_a_wrong_base_url(url: str, found: str) -> None:
    refusal = refusal_of(Invalid, refuse_wrong_base_url, url, "auto", profile_for("auto", url))
    assert found in refusal
    assert "secret" not in refusal


@pytest.mark.parametrize(
    ("url", "provider"),
    [
        *((profile.example, "auto") for profile in CATALOG if profile.example),
        ("https://a.example", "auto"),
        ("https://a.example/scim/v2/", "auto"),
        ("https://a.example/users", "auto"),
        ("https://gitlab.example/api/scim/v2/groups/Users", "auto"),
        ("https://api.slack.com/other", "rfc"),
        ("https://[broken", "auto"),
        ("", "auto"),
    ],
)
def test_a_possible_base_url(url: str, provider: str) -> None:
    assert refusal_of(Invalid, refuse_wrong_base_url, url, provider, profile_for(provider, url)) == ""


def test_the_form_of_a_provider() -> None:
    assert base_url_hint("https://eu1.api.matillion.com/x", profile_for("matillion", "")).endswith(f"has the form {MATILLION}.")
    assert "Many have the form" in base_url_hint("https://a.example", profile_for("rfc", ""))
