# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach a service provider: the options that every module has."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields
from datetime import date
from math import inf
from typing import Any

from ..scim.errors import Invalid
from ..scim.http.assertions import GITLAB_VARIABLE
from ..scim.http.connection import ASSERTIONS, HTTP_AGENT, ISSUERS, Connection
from ..scim.http.connection import CREDENTIALS as KINDS
from ..scim.http.pace import Rate
from ..scim.providers.capabilities import Capabilities
from ..scim.providers.profile import Profile
from ..scim.providers.profiles import AUTO, PROFILES
from .attributes import Options, option

CREDENTIALS = tuple(name for first, secrets in KINDS.items() for name in (first, *secrets))
FROM_ENVIRONMENT = tuple(name for name in CREDENTIALS if not name.startswith("url_"))
WITH_CREDENTIAL = ("client_assertion_audience", "token_expires")  # from the environment too, if the credential is
_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ].*)?")

CONNECTION: Options = {
    "url": option(
        "str",
        "Base URL of the SCIM service provider, such as V(https://eu1.api.matillion.com/dpc/v1/directory-integration/scim/v2).",
        "If not set, the value of the environment variable E(SCIM_URL) is used. Only in this case is the credential read from the "
        "environment too (E(SCIM_TOKEN), or E(SCIM_CLIENT_ID) with E(SCIM_CLIENT_SECRET), E(SCIM_CLIENT_ASSERTION), "
        "E(SCIM_CLIENT_ASSERTION_FILE) or E(SCIM_CLIENT_ASSERTION_FROM); E(SCIM_CLIENT_ASSERTION_AUDIENCE), E(SCIM_TOKEN_EXPIRES) and "
        "E(SCIM_TOKEN_URL)), so that it is never sent to another tenant.",
    ),
    "token": option(
        "str",
        "Bearer token.",
        "Set exactly one credential, which is O(token), O(client_id) with O(client_secret) or a client assertion (O(client_assertion), "
        "O(client_assertion_file) or O(client_assertion_from)), or O(url_username) with O(url_password).",
        no_log=True,
    ),
    "token_expires": option(
        "str",
        "Date on which O(token), O(client_secret) or O(url_password) expires, such as V(2027-01-31), in UTC.",
        "From 14 days before this date, each run has a warning. A credential that is refused after it is reported as expired.",
        "Not needed for a token that is a JWT with the claim C(exp), and without effect on client assertions.",
        no_log=False,
    ),
    "client_id": option("str", "Client identifier for the OAuth 2.0 client credentials grant."),
    "client_secret": option("str", "Client secret for the OAuth 2.0 client credentials grant.", no_log=True),
    "client_assertion": option(
        "str",
        "JWT that authenticates O(client_id) in place of O(client_secret) (RFC 7523).",
        "The same JWT is sent for each access token. If a run may take longer than the JWT is valid, or if the provider accepts a JWT only "
        "once, use O(client_assertion_file) or O(client_assertion_from).",
        no_log=True,
    ),
    "client_assertion_file": option(
        "path",
        "Path to a file with a JWT that authenticates O(client_id), such as the token of a Kubernetes service account.",
        "The file is read again for each access token.",
    ),
    "client_assertion_from": option(
        "str",
        "Pipeline whose own OIDC token authenticates O(client_id), so that no secret is stored.",
        "V(github) requests an ID token from GitHub Actions for each access token. The job needs the permission C(id-token: write).",
        f"V(gitlab) reads the environment variable E({GITLAB_VARIABLE}). Declare it under C(id_tokens) of the job, with the C(aud) that "
        "the token endpoint expects.",
        choices=list(ISSUERS),
    ),
    "client_assertion_audience": option(
        "str",
        "Audience of the ID token to request if O(client_assertion_from) is V(github), such as V(api://AzureADTokenExchange). "
        "By default, it is O(token_url).",
    ),
    "token_url": option("str", "URL of the OAuth 2.0 token endpoint. Not needed if the provider's profile has it.", no_log=False),
    "scopes": option("list", "OAuth 2.0 scopes to request.", elements="str"),
    "audience": option("str", "OAuth 2.0 audience to request. Not needed if the provider's profile has it."),
    "url_username": option("str", "User name for HTTP Basic authentication."),
    "url_password": option("str", "Password for HTTP Basic authentication.", no_log=True),
    "provider": option(
        "str",
        "Name of the profile that describes how the service provider differs from the RFCs, or path of a file with a profile.",
        "V(auto) selects the profile by the host in O(url), and by its path if the host is not enough. "
        "If no profile matches, V(rfc) is used.",
        f"The other names are {', '.join(f'V({name})' for name in PROFILES)}.",
        "A path ends with C(.yml), C(.yaml) or C(.json), such as V(providers/acme.yml). The file has one record with the fields of the "
        "collection's own profiles. M(identity.scim.provider_info) writes one. A relative path begins at the folder of the playbook.",
        default=AUTO,
    ),
    "provider_options": option(
        "dict",
        "Capabilities and limits that override the profile, such as C({patch: false, page_size: 50}). "
        "M(identity.scim.provider_info) returns all of them, and separately those that differ from the RFCs, ready to copy.",
        "C(user_deletion) is the effect of DELETE on a user. V(deletes) deletes the account. V(deactivates) only deactivates it, so an "
        "inactive user counts as absent. V(final) deletes it for good: the user can never be created again or restored, and plans and "
        "warnings say so. V(refused) means that the provider refuses to delete users, so C(state: absent) is refused. "
        "C(group_deletion) is the same for groups.",
        "C(user_deactivation) is the effect of C(active: false): V(deactivates), V(deletes) or V(ignored). Unless it is "
        "V(deactivates), every change that would deactivate a user is refused.",
        "C(members_readable: false) means that the provider's responses do not include the members of groups. Each membership is then "
        "requested with C(membership_filter), such as V(id eq {group} and members.value eq {member}).",
        "C(must_remain) is a list of rules on what must not be left without a holder, such as the role of an administrator. A rule has a "
        "C(name), the number of users who must hold it (C(at_least), default 1), and SCIM filters of the C(users) who hold it and of the "
        'C(groups) whose members hold it, such as C({name: Admin, groups: displayName eq "Admins"}). M(identity.scim.directory) refuses '
        "a plan after which fewer users would hold it. C(changed_by_holders: true) means that only a user who holds it may change another "
        "one, and plans warn of that.",
        "C(single_valued) lists the multi-valued attributes of which the provider keeps only one value. C(ignore_attributes) lists "
        "attributes that are neither compared nor sent.",
    ),
    "http_agent": option("str", "Value of the User-Agent header.", default=HTTP_AGENT),
    "http_headers": option(
        "dict", "Additional HTTP headers to send with each request. Their values are masked in all output.", no_log=False
    ),
    "validate_certs": option(
        "bool",
        "Whether to validate TLS certificates. This is for the provider, for O(token_url), and for GitHub if O(client_assertion_from) is "
        "V(github).",
        default=True,
    ),
    "ca_path": option(
        "path",
        "Path to a file or folder of CA certificates to trust, in PEM format.",
        "They replace the default ones, also for O(token_url) and GitHub.",
    ),
    "client_cert": option("path", "Path to a client certificate, in PEM format."),
    "client_key": option("path", "Path to the private key of O(client_cert), if it is not in the same file.", no_log=False),
    "timeout": option("float", "Maximum number of seconds to wait for a connection and for a response.", default=30.0),
    "retries": option(
        "int",
        "Maximum number of times to retry a request that failed in transit or was answered with 429, 500, 502, 503, 504 "
        "or a gateway's 520 to 524.",
        default=5,
    ),
    "rate_limit": option(
        "raw",
        "Maximum number of requests per minute, as a number or as C({rate: 60, burst: 5}).",
        "By default, a run begins at the rate of the profile, or without a limit. In any case it slows down to the rate that the provider "
        "announces in its headers or enforces (429), and then tries slightly higher rates again.",
    ),
    "max_wait": option(
        "float",
        "Maximum number of seconds to wait when the provider asks to wait (Retry-After). "
        "If it asks for more, the run ends, and the next run continues.",
        default=300.0,
    ),
    "max_duration": option(
        "float", "Maximum number of seconds that a run may take. It then ends between two writes, and the next run continues."
    ),
    "allow_plaintext": option(
        "bool", "Whether to allow sending the credential over plain HTTP to a host other than the local one.", default=False
    ),
}


def from_environment(parameters: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the parameters, with URL and credential from the environment if the task sets no URL.

    :raises Invalid: if the URL or the credential is missing, and if the URL is in the task but the credential only in the environment.
    """
    variables = os.environ if environment is None else environment
    has_credential = any(parameters.get(name) for name in CREDENTIALS)
    if parameters.get("url"):
        unused = [_variable(name) for name in FROM_ENVIRONMENT if variables.get(_variable(name))]
        if unused and not has_credential:
            raise Invalid(
                f"url is set in the task, but the credential only in the environment ({', '.join(unused)}): it may belong to another "
                f"tenant. Set both in the task, or both in the environment (SCIM_URL)."
            )
        return dict(parameters)
    if not variables.get("SCIM_URL"):
        state = "empty" if "SCIM_URL" in variables else "not set"
        raise Invalid(f"url is missing: the option is not set, and the environment variable SCIM_URL is {state}.")
    token_url = parameters.get("token_url") or variables.get(_variable("token_url"))
    found = {**parameters, "url": variables["SCIM_URL"], "token_url": token_url}
    if has_credential:
        return found
    found.update({name: variables.get(_variable(name)) for name in FROM_ENVIRONMENT})
    found.update({name: parameters.get(name) or variables.get(_variable(name)) for name in WITH_CREDENTIAL})
    empty = ", ".join(_variable(name) for name in (*FROM_ENVIRONMENT, "token_url") if found[name] == "")
    hint = f" ({empty} is empty)" if empty else ""
    if not any(found[name] for name in FROM_ENVIRONMENT):
        raise Invalid(
            f"SCIM_URL is set, but there is no credential{hint}. "
            f"Set SCIM_TOKEN, or SCIM_CLIENT_ID with SCIM_CLIENT_SECRET or one of {OTHERS}."
        )
    secret = any(found[name] for name in KINDS["client_id"])
    if empty and bool(found["client_id"]) != secret:
        raise Invalid(f"SCIM_CLIENT_ID and SCIM_CLIENT_SECRET must be set together{hint}, or SCIM_CLIENT_ID and one of {OTHERS}.")
    return found


def _variable(name: str) -> str:
    return f"SCIM_{name.upper()}"


OTHERS = ", ".join(map(_variable, ASSERTIONS))


def connection(parameters: Mapping[str, Any], profile: Profile) -> Connection:
    """Return the ``Connection`` that a module's parameters describe; some profiles have the token endpoint."""
    values = {field.name: parameters[field.name] for field in fields(Connection)}
    values.update({name: values[name] or None for name in (*CREDENTIALS, *WITH_CREDENTIAL, "token_url", "audience")})
    values["token_expires"] = _date(values["token_expires"])
    if values["client_id"]:
        values["token_url"] = values["token_url"] or profile.token_url
        values["audience"] = values["audience"] or profile.audience
    values["scopes"] = tuple(values["scopes"] or ())
    values["http_headers"] = {str(name): str(value) for name, value in (values["http_headers"] or {}).items()}
    return Connection(**values)


def _date(text: str | None) -> date | None:
    """:raises Invalid: if ``token_expires`` is not a date. A time after it, which YAML may add, is ignored."""
    if not text:
        return None
    if found := _DATE.fullmatch(text.strip()):
        with suppress(ValueError):
            return date.fromisoformat(found[1])
    raise Invalid(f'token_expires must be a date such as 2027-01-31, got "{text}".')


def known_rates(raw: Any, capabilities: Capabilities) -> tuple[Rate, ...]:
    """Return the one rate of ``rate_limit``, or else the rates that are known of the provider, the one to begin with first.

    :raises Invalid: if it is neither a number nor a mapping of the two.
    """
    if raw is None:
        lower = (Rate(known["rate"], int(known["burst"])) for known in capabilities.lower_rates)
        return (Rate(capabilities.rate, capabilities.burst), *lower) if capabilities.rate else ()
    given = raw if isinstance(raw, Mapping) else {"rate": raw}
    is_known = set(given) <= {"rate", "burst"} and not any(isinstance(value, bool) for value in given.values())
    with suppress(KeyError, TypeError, ValueError, OverflowError):
        per_minute, burst = float(given["rate"]), float(given.get("burst", 1))
        if is_known and 0 < per_minute < inf and burst >= 1 and burst.is_integer():
            return (Rate(per_minute, int(burst)),)
    raise Invalid(f"rate_limit must be a number of requests per minute, such as 60 or {{rate: 60, burst: 5}}, got {raw!r}.")
