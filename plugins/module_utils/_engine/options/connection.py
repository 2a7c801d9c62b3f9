# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach a service provider: the options of every module."""

from __future__ import annotations

import os
from collections.abc import Mapping
from math import inf
from typing import Any

from ..scim.errors import Invalid
from ..scim.http.connection import HTTP_AGENT, Connection
from ..scim.providers.profile import Profile
from ..scim.providers.profiles import AUTO, PROFILES
from .attributes import Options

CREDENTIALS = ("token", "client_id", "client_secret", "url_username", "url_password")
AS_GIVEN = ("http_agent", "validate_certs", "timeout", "retries", "max_wait", "allow_plaintext")
FROM_ENVIRONMENT = ("token", "client_id", "client_secret", "token_url")

CONNECTION: Options = {
    "url": {
        "type": "str",
        "description": [
            "Base URL of the SCIM service provider, such as V(https://eu1.api.matillion.com/dpc/v1/directory-integration/scim/v2).",
            "If it is not given, the environment variable E(SCIM_URL) is used. Only then the credential is taken from the environment too "
            "(E(SCIM_TOKEN), E(SCIM_CLIENT_ID), E(SCIM_CLIENT_SECRET), E(SCIM_TOKEN_URL)), so that a token never reaches another tenant.",
        ],
    },
    "token": {
        "type": "str",
        "no_log": True,
        "description": [
            "Bearer token.",
            "Exactly one of O(token), O(client_id) with O(client_secret), and O(url_username) with O(url_password) is needed.",
        ],
    },
    "client_id": {"type": "str", "description": ["Client identifier for the OAuth 2.0 client credentials grant."]},
    "client_secret": {"type": "str", "no_log": True, "description": ["Client secret for the OAuth 2.0 client credentials grant."]},
    "token_url": {
        "type": "str",
        "no_log": False,
        "description": ["URL of the OAuth 2.0 token endpoint. Not needed where the provider's profile knows it."],
    },
    "scopes": {"type": "list", "elements": "str", "description": ["Scopes to ask for, with OAuth 2.0."]},
    "audience": {"type": "str", "description": ["Audience to ask for, with OAuth 2.0. Not needed where the provider's profile knows it."]},
    "url_username": {"type": "str", "description": ["User name for HTTP Basic authentication."]},
    "url_password": {"type": "str", "no_log": True, "description": ["Password for HTTP Basic authentication."]},
    "provider": {
        "type": "str",
        "default": AUTO,
        "description": [
            "Profile of the service provider, which says how it differs from the RFCs.",
            f"Known are {', '.join(f'V({name})' for name in PROFILES)}.",
            "With V(auto) it is chosen by the host in O(url), and the path where only that tells; else V(rfc) is taken.",
        ],
    },
    "provider_options": {
        "type": "dict",
        "description": [
            "Capabilities and limits laid over the profile, such as C({patch: false, page_size: 50}). "
            "M(identity.scim.provider_info) returns all of them, and those that differ from the RFCs to be pasted here.",
            "C(user_deletion) is what DELETE does to a person: V(deletes), V(deactivates) (so who is inactive is taken for absent), "
            "V(final) (nobody can be made again or restored, which plans and warnings say), or V(refused) (so C(state: absent) is). "
            "C(group_deletion) is the same for groups.",
            "C(user_deactivation) is what C(active: false) does: V(deactivates), V(deletes) or V(ignored). Where it does not deactivate, "
            "whatever would deactivate somebody is refused.",
            "C(members_readable: false) says that the answers of groups do not show their members. Each membership is asked for then, by "
            "C(membership_filter), such as V(id eq {group} and members.value eq {member}).",
            "C(single_valued) lists attributes of which only one value is kept, and C(ignore_attributes) those that are neither compared "
            "nor sent.",
        ],
    },
    "http_agent": {"type": "str", "default": HTTP_AGENT, "description": ["Value of the User-Agent header."]},
    "http_headers": {
        "type": "dict",
        "no_log": False,
        "description": ["Further headers of each request. Their values are in no output."],
    },
    "validate_certs": {"type": "bool", "default": True, "description": ["Whether the provider's TLS certificate must be valid."]},
    "ca_path": {"type": "path", "description": ["File or folder of certificates of the authorities to trust, in PEM format."]},
    "client_cert": {"type": "path", "description": ["File of a client certificate, in PEM format."]},
    "client_key": {
        "type": "path",
        "no_log": False,
        "description": ["File of the private key for O(client_cert), if it is not in the same file."],
    },
    "timeout": {"type": "float", "default": 30.0, "description": ["Seconds to wait for a connection and for an answer."]},
    "retries": {
        "type": "int",
        "default": 5,
        "description": [
            "How often a request is repeated that failed on the way or was answered with 429, 500, 502, 503, 504 or a gateway's 520 to 524."
        ],
    },
    "rate_limit": {
        "type": "raw",
        "description": [
            "Requests a minute, as a number or as C({rate: 60, burst: 5}). The default is the profile's.",
        ],
    },
    "max_wait": {
        "type": "float",
        "default": 300.0,
        "description": [
            "Seconds that a provider may ask to wait (Retry-After). If it asks for more, the run ends; the next one goes on there.",
        ],
    },
    "max_duration": {"type": "float", "description": ["Seconds after which the run ends, between two writes. The next run goes on there."]},
    "allow_plaintext": {
        "type": "bool",
        "default": False,
        "description": ["Whether the credential may be sent over plain HTTP to another host than this one."],
    },
}


def from_environment(parameters: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The parameters, with URL and credential from the environment where the task gives none.

    :raises Invalid: for a URL that is missing or empty, and for a credential in the environment beside a URL in the task.
    """
    variables = os.environ if environment is None else environment
    given = {name: parameters.get(name) for name in ("url", *CREDENTIALS, *FROM_ENVIRONMENT)}
    credentials = [name for name in CREDENTIALS if given[name]]
    if given["url"]:
        waiting = [_variable(name) for name in FROM_ENVIRONMENT if variables.get(_variable(name)) and name in CREDENTIALS]
        if waiting and not credentials:
            raise Invalid(
                f"The url is the task's, the credential would be the environment's ({', '.join(waiting)}): "
                f"it may belong to another tenant. Give both in the task, or both in the environment (SCIM_URL)."
            )
        return dict(parameters)
    if not variables.get("SCIM_URL"):
        state = "SCIM_URL is empty" if "SCIM_URL" in variables else "SCIM_URL is not set"
        raise Invalid(f"There is no url: the option url is missing and the environment variable {state}.")
    found: dict[str, Any] = {**parameters, "url": variables["SCIM_URL"]}
    found["token_url"] = parameters.get("token_url") or variables.get(_variable("token_url"))
    if not credentials:
        found.update({name: variables.get(_variable(name)) for name in CREDENTIALS if name in FROM_ENVIRONMENT})
        empty = [_variable(name) for name in FROM_ENVIRONMENT if variables.get(_variable(name)) == "" and not found[name]]
        said = f" ({', '.join(empty)} is empty)" if empty else ""
        if not any(found.get(name) for name in CREDENTIALS):
            raise Invalid(f"SCIM_URL is set and there is no credential{said}. Set SCIM_TOKEN, or SCIM_CLIENT_ID and SCIM_CLIENT_SECRET.")
        if empty and bool(found["client_id"]) != bool(found["client_secret"]):
            raise Invalid(f"SCIM_CLIENT_ID and SCIM_CLIENT_SECRET belong together{said}.")
    return found


def _variable(name: str) -> str:
    return f"SCIM_{name.upper()}"


def connection(parameters: Mapping[str, Any], profile: Profile) -> Connection:
    """The ``Connection`` of a module's parameters; the profile knows some token endpoints."""
    oauth = bool(parameters.get("client_id"))
    credentials: dict[str, Any] = {name: parameters.get(name) or None for name in CREDENTIALS}
    as_given: dict[str, Any] = {name: parameters[name] for name in AS_GIVEN}
    return Connection(
        url=parameters["url"],
        scopes=tuple(parameters.get("scopes") or ()),
        token_url=parameters.get("token_url") or (profile.token_url if oauth else None),
        audience=parameters.get("audience") or (profile.audience if oauth else None),
        http_headers={str(name): str(value) for name, value in (parameters.get("http_headers") or {}).items()},
        ca_path=parameters.get("ca_path"),
        client_cert=parameters.get("client_cert"),
        client_key=parameters.get("client_key"),
        **credentials,
        **as_given,
    )


def rate(raw: Any, default: tuple[float | None, int]) -> tuple[float | None, int]:
    """``rate_limit`` as requests a minute and burst.

    :raises Invalid: where it is neither a number nor a mapping of the two.
    """
    if raw is None:
        return default
    given = raw if isinstance(raw, Mapping) else {"rate": raw}
    try:
        if not set(given) <= {"rate", "burst"} or any(isinstance(value, bool) for value in given.values()):
            raise ValueError
        a_minute, burst = float(given["rate"]), float(given.get("burst", 1))
        if not 0 < a_minute < inf or not 1 <= burst < inf or burst != int(burst):
            raise ValueError
        return a_minute, int(burst)
    except (KeyError, TypeError, ValueError, OverflowError):
        raise Invalid(f"rate_limit is {raw!r}: expected are requests a minute, such as 60, or {{rate: 60, burst: 5}}.") from None
