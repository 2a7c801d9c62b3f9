# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every attribute of the table is an option without a default, and the documentation matches the argument specs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.options import connection, directory, pasted, resources
from ansible_collections.identity.scim.plugins.module_utils._engine.options.attributes import Options, argument_spec, attribute_options
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.errors import Invalid
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.connection import Connection
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.pace import Rate
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.capabilities import Capabilities
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.profiles import PROFILES, widest
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.types import Attribute, Returned, Type
from ansible_collections.identity.scim.tests.generate import ENTRIES, ROLE, fragments, repository, role

TYPES = [widest("User"), widest("Group")]
BEHAVIOUR = {"state", "clear", "extensions", "multi_valued", "ignore_attributes", "adopt", "membership", "match_on", "update_password",
             "lock_timeout", "protected_users", "protected_groups"}  # fmt: skip
URL = "https://scim.example.com/v2"


def with_options(attributes: tuple[Attribute, ...], options: Options) -> Iterator[tuple[Attribute, dict[str, Any]]]:
    """Yield each attribute and sub-attribute with its option."""
    assert {a.option for a in attributes} == set(options)
    for attribute in attributes:
        option = options[attribute.option]
        yield attribute, option
        if attribute.is_complex and attribute.format != "user":  # a user may be a text
            yield from with_options(attribute.sub_attributes, option["options"])


ALL = [
    pytest.param(attribute, option, id=f"{resource_type.name} {attribute.name}")
    for resource_type in TYPES
    for attribute, option in with_options(resource_type.root.sub_attributes, attribute_options(resource_type.root))
]


GENERATED = {**fragments(), **role(), **repository()}


@pytest.mark.parametrize("path", GENERATED, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_generated_files_are_up_to_date(path: Path) -> None:
    assert path.read_text("utf-8") == GENERATED[path], "run .venv/bin/python tests/generate.py"


def test_each_playbook_is_an_entry_point_of_the_role() -> None:
    playbooks = {path.stem for path in (ROLE.parents[1] / "playbooks").glob("*.yml")} - {"demo"}
    assert playbooks == set(ENTRIES) - {"main"}
    assert {path.stem for path in (ROLE / "tasks").glob("*.yml")} == set(ENTRIES) | {
        "allowed",
        "comment",
        "comment_page",
        "summary",
        "tenants",
    }


@pytest.mark.parametrize(("attribute", "option"), ALL)
def test_each_attribute_is_an_option(attribute: Attribute, option: dict[str, Any]) -> None:
    assert attribute.option == attribute.option.lower()
    aliases = option.get("aliases", [])
    assert all(alias.isidentifier() for alias in aliases), "ansible-test sanity refuses it"
    assert attribute.name in (attribute.option, *aliases) or pasted.OPTIONS[attribute.name.lower()] == attribute.option
    assert "default" not in option
    assert not option.get("required")
    assert option["description"][0].endswith(".")
    assert option["no_log"] is (attribute.returned is Returned.NEVER)
    single = option["elements"] if attribute.multi_valued else option["type"]
    is_mapping = attribute.is_complex and attribute.format != "user"
    assert single == ("dict" if is_mapping else "bool" if attribute.type is Type.BOOLEAN else "raw")


def test_only_the_password_is_secret() -> None:
    secret = {param.values[0].name for param in ALL if param.values[1]["no_log"]}  # type: ignore[union-attr,index]
    assert secret == {"password"}


def test_the_urn_of_the_enterprise_extension_is_documented() -> None:
    assert "C(urn:ietf:params:scim:schemas:extension:enterprise:2.0:User)" in resources.user()["enterprise"]["description"][-1]


def test_every_attribute_is_an_option_of_its_module() -> None:
    for options, resource_type in ((resources.user(), widest("User")), (resources.group(), widest("Group"))):
        assert {a.option for a in resource_type.root.sub_attributes} <= set(options)
        assert {name for name, option in options.items() if "default" in option} <= BEHAVIOUR


def test_options_of_modules_and_of_the_connection_have_different_names() -> None:
    for options in (resources.user(), resources.group(), resources.info("user_name", "userName")):
        taken = {name for name, option in options.items() for name in (name, *option.get("aliases", ()))}
        assert not taken & set(connection.CONNECTION)


def test_an_argument_spec_has_no_description_at_any_depth() -> None:
    spec = argument_spec({**resources.user(), **connection.CONNECTION})
    assert "description" not in str([key for option in spec.values() for key in option])
    assert "description" not in spec["emails"]["options"]["value"]
    assert spec["emails"]["options"]["primary"] == {"type": "bool", "no_log": False}


@pytest.mark.parametrize("name", ["token", "client_secret", "client_assertion", "url_password"])
def test_credentials_are_not_logged(name: str) -> None:
    assert connection.CONNECTION[name]["no_log"] is True


# -- URL and credential from the environment ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "environment", "expected"),
    [
        ({"url": URL, "token": "t"}, {}, {"url": URL, "token": "t"}),
        ({"url": URL, "token": "t"}, {"SCIM_URL": "x", "SCIM_TOKEN": "y"}, {"url": URL, "token": "t"}),
        ({}, {"SCIM_URL": URL, "SCIM_TOKEN": "t"}, {"url": URL, "token": "t"}),
        ({}, {"SCIM_URL": URL, "SCIM_CLIENT_ID": "i", "SCIM_CLIENT_SECRET": "s"}, {"client_id": "i", "client_secret": "s"}),
        ({"token": "mine"}, {"SCIM_URL": URL, "SCIM_TOKEN": "other"}, {"url": URL, "token": "mine"}),
        ({"url": ""}, {"SCIM_URL": URL, "SCIM_TOKEN": "t"}, {"url": URL, "token": "t"}),
        ({"token_url": "https://a"}, {"SCIM_URL": URL, "SCIM_CLIENT_ID": "i"}, {"token_url": "https://a", "client_id": "i"}),
        ({"token_url": "https://a"}, {"SCIM_URL": URL, "SCIM_TOKEN": "t", "SCIM_TOKEN_URL": "https://b"}, {"token_url": "https://a"}),
        ({"client_id": "i", "client_secret": "s"}, {"SCIM_URL": URL, "SCIM_TOKEN_URL": "https://b"}, {"token_url": "https://b"}),
        ({}, {"SCIM_URL": URL, "SCIM_CLIENT_ID": "i", "SCIM_CLIENT_ASSERTION": "a.b.c"}, {"client_id": "i", "client_assertion": "a.b.c"}),
        ({}, {"SCIM_URL": URL, "SCIM_CLIENT_ID": "i", "SCIM_CLIENT_ASSERTION_FILE": "/jwt"}, {"client_assertion_file": "/jwt"}),
        (
            {},
            {"SCIM_URL": URL, "SCIM_CLIENT_ID": "i", "SCIM_CLIENT_ASSERTION_FROM": "github", "SCIM_CLIENT_ASSERTION_AUDIENCE": "api://x"},
            {"client_assertion_from": "github", "client_assertion_audience": "api://x"},
        ),
        (
            {"client_id": "i", "client_assertion_from": "github"},
            {"SCIM_URL": URL, "SCIM_TOKEN": "other", "SCIM_TOKEN_EXPIRES": "2027-01-31", "SCIM_CLIENT_ASSERTION_AUDIENCE": "other"},
            {"token": None, "token_expires": None, "client_assertion_audience": None},
        ),
        ({}, {"SCIM_URL": URL, "SCIM_TOKEN": "t", "SCIM_TOKEN_EXPIRES": "2027-01-31"}, {"token_expires": "2027-01-31"}),
        ({"token_expires": "2028-01-31"}, {"SCIM_URL": URL, "SCIM_TOKEN": "t", "SCIM_TOKEN_EXPIRES": "x"}, {"token_expires": "2028-01-31"}),
    ],
)
def test_url_and_credential_come_together(parameters: dict[str, Any], environment: dict[str, str], expected: dict[str, Any]) -> None:
    found = connection.from_environment(parameters, environment)
    assert {name: found.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("parameters", "environment", "message"),
    [
        ({}, {}, "url is missing: the option is not set, and the environment variable SCIM_URL is not set."),
        ({}, {"SCIM_URL": ""}, "SCIM_URL is empty"),
        ({}, {"SCIM_TOKEN": "t"}, "SCIM_URL is not set"),
        ({"url": URL}, {"SCIM_TOKEN": "secret"}, r"only in the environment \(SCIM_TOKEN\): it may belong to another tenant"),
        ({"url": URL}, {"SCIM_CLIENT_ASSERTION": "secret"}, r"only in the environment \(SCIM_CLIENT_ASSERTION\)"),
        ({"url": URL}, {"SCIM_CLIENT_ASSERTION_FROM": "github"}, r"only in the environment \(SCIM_CLIENT_ASSERTION_FROM\)"),
        ({}, {"SCIM_URL": URL}, "SCIM_URL is set, but there is no credential"),
        ({}, {"SCIM_URL": URL, "SCIM_TOKEN": ""}, r"no credential \(SCIM_TOKEN is empty\)"),
        ({}, {"SCIM_URL": URL, "SCIM_CLIENT_ID": "i", "SCIM_CLIENT_SECRET": ""}, r"must be set together \(SCIM_CLIENT_SECRET is empty\)"),
    ],
)
def test_a_missing_or_mixed_credential_is_refused(parameters: dict[str, Any], environment: dict[str, str], message: str) -> None:
    with pytest.raises(Invalid, match=message) as refusal:
        connection.from_environment(parameters, environment)
    assert "secret" not in str(refusal.value)


def test_a_password_in_defaults_is_not_logged() -> None:
    defaults = directory.directory()["defaults"]["options"]
    assert defaults["password"]["no_log"] is True
    assert not any("default" in option for option in defaults.values())


def parameters(**more: Any) -> dict[str, Any]:
    """Return the parameters as Ansible passes them: all options, with their defaults."""
    return {name: option.get("default") for name, option in connection.CONNECTION.items()} | {"url": URL} | more


def test_a_connection_takes_its_defaults_from_the_options() -> None:
    assert connection.connection(parameters(token="t"), PROFILES["rfc"]) == Connection(URL, token="t")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-01-31", date(2027, 1, 31)),
        ("2027-01-31T10:00:00+00:00", date(2027, 1, 31)),
        (" 2027-01-31", date(2027, 1, 31)),
        ("", None),
        (None, None),
    ],
)
def test_the_date_on_which_a_token_expires(text: str | None, expected: date | None) -> None:
    assert connection.connection(parameters(token="t", token_expires=text), PROFILES["rfc"]).token_expires == expected


@pytest.mark.parametrize("text", ["31.01.2027", "2027-02-30", "20270131", "soon", "2027-01-31x"])
def test_another_date_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match=rf'token_expires must be a date such as 2027-01-31, got "{text}"\.'):
        connection.connection(parameters(token="t", token_expires=text), PROFILES["rfc"])


def test_an_assertion_uses_the_token_endpoint_of_the_profile() -> None:
    made = connection.connection(parameters(client_id="i", client_assertion_from="github"), PROFILES["matillion"])
    assert (made.token_url, made.secret_option) == ("https://id.core.matillion.com/oauth/dpc/token", "client_assertion_from")


def test_the_profile_knows_the_token_endpoint() -> None:
    made = connection.connection(parameters(client_id="i", client_secret="s"), PROFILES["matillion"])
    assert (made.token_url, made.audience) == ("https://id.core.matillion.com/oauth/dpc/token", "https://api.matillion.com")
    own = connection.connection(parameters(client_id="i", client_secret="s", token_url="https://a.example"), PROFILES["matillion"])
    assert own.token_url == "https://a.example"
    assert connection.connection(parameters(token="t"), PROFILES["matillion"]).token_url is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [(None, (60.0, 5)), (30, (30.0, 1)), ("30", (30.0, 1)), ({"rate": "90", "burst": "3"}, (90.0, 3)), ({"rate": 0.5}, (0.5, 1))],
)
def test_a_valid_rate(raw: Any, expected: tuple[float, int]) -> None:
    """It replaces all that is known of the provider."""
    rates = connection.known_rates(raw, Capabilities(rate=60.0, burst=5, lower_rates=({"rate": 6.0, "burst": 1},)))
    assert rates == ((Rate(*expected),) if raw is not None else (Rate(60.0, 5), Rate(6.0, 1)))


@pytest.mark.parametrize(
    "raw",
    ["fast", [], {"burst": 3}, {"rate": 5, "per": "hour"}, 0, -1, "inf", "nan", {"rate": 5, "burst": 0}, True, {"rate": 5, "burst": 2.7}],
)
def test_an_invalid_rate_is_refused(raw: Any) -> None:
    with pytest.raises(Invalid, match=r"rate_limit must be a number of requests per minute, such as 60 or \{rate: 60, burst: 5\}, got "):
        connection.known_rates(raw, Capabilities())


def test_without_a_rate_there_is_no_limit() -> None:
    assert connection.known_rates(None, Capabilities(lower_rates=({"rate": 6.0, "burst": 1},))) == ()
