# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service provider can do, its limits, and how it differs from the RFCs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from math import inf
from typing import Any

from ...escaping import quoted
from ...wording import did_you_mean
from ..errors import Invalid


class Deletion(StrEnum):
    """What DELETE does. ``FINAL``: a deleted resource can be neither restored nor created again."""

    DELETES = "deletes"
    DEACTIVATES = "deactivates"
    FINAL = "final"
    REFUSED = "refused"


class Deactivation(StrEnum):
    """What ``active: false`` does."""

    DEACTIVATES = "deactivates"
    DELETES = "deletes"
    IGNORED = "ignored"


class Pagination(StrEnum):
    """How pages are requested: by ``startIndex``, by ``cursor`` (RFC 9865), or not at all."""

    INDEX = "index"
    CURSOR = "cursor"
    NONE = "none"


class MemberRemoval(StrEnum):
    """How a member is removed from a group: by a path (RFC 7644 §3.5.2), by a list of values, or by a PUT of the whole group."""

    PATH = "path"
    VALUE = "value"
    PUT = "put"


class MemberAddition(StrEnum):
    """How a member is added to a group: by a PATCH (RFC 7644 §3.5.2.1), or by a PUT of the whole group."""

    PATCH = "patch"
    PUT = "put"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the client needs to know of a provider; each field is a key of ``provider_options``.

    None means not known yet: the client tries it and learns from the response.

    search: whether GET on an endpoint lists resources.
    filter: whether it applies ``filter``.
    patch, put: whether the methods work.
    answers_patch: whether a PATCH with ``attributes`` is answered with the resource.
    projection: whether answers show all that is requested with ``attributes``; if not, whole resources are requested.
    pagination: see ``Pagination``.
    page_size: the ``count`` to request; None for no ``count``.
    members_readable: whether groups are returned with their members.
    membership_filter: the filter for one membership if they are not, with ``{member}``, and with ``{group}`` if it selects one group.
    membership_search: whether such a filter finds memberships; if not, they are sent in every run, and cannot be compared.
    members_per_request: maximum number of membership changes in one PATCH.
    operations_per_request: maximum number of operations in one PATCH.
    member_addition: see ``MemberAddition``.
    member_removal: see ``MemberRemoval``.
    user_deletion, group_deletion: see ``Deletion``.
    user_deactivation: see ``Deactivation``.
    bulk: whether there is /Bulk.
    bulk_operations, bulk_payload: maximum number of operations and bytes of a bulk request.
    me: whether /Me returns the user of the credential.
    etag: whether the provider supports versions of resources.
    rate, burst: requests per minute, and how many of them may be sent at once. The rate is the one to begin with.
    lower_rates: lower rates that the provider is known to have, each with ``rate`` and ``burst``, for when it refuses requests.
    concurrency: requests in progress at the same time.
    content_type: media type of request bodies.
    always_sent: further attributes of each created or replaced resource, by resource type.
    names: the provider's names for SCIM's attribute names.
    groups_in_body: whether a user can be created together with the memberships.
    ignore_attributes: paths that are neither compared nor sent.
    single_valued: multi-valued attributes of which the provider keeps one value.
    """

    search: bool | None = None
    filter: bool | None = None
    patch: bool | None = None
    put: bool | None = None
    answers_patch: bool | None = None
    projection: bool | None = None
    pagination: Pagination | None = None
    page_size: int | None = 1000
    members_readable: bool | None = None
    membership_filter: str | None = None
    membership_search: bool | None = None
    members_per_request: int | None = None
    operations_per_request: int | None = None
    member_addition: MemberAddition = MemberAddition.PATCH
    member_removal: MemberRemoval = MemberRemoval.PATH
    user_deletion: Deletion | None = None
    user_deactivation: Deactivation | None = None
    group_deletion: Deletion | None = None
    bulk: bool | None = None
    bulk_operations: int | None = None
    bulk_payload: int | None = None
    me: bool | None = None
    etag: bool | None = None
    rate: float | None = None
    burst: int = 1
    lower_rates: tuple[Mapping[str, float], ...] = ()
    concurrency: int = 8
    content_type: str = "application/scim+json"
    always_sent: Mapping[str, Mapping[str, Any]] | None = None
    names: Mapping[str, str] | None = None
    groups_in_body: bool = False
    ignore_attributes: tuple[str, ...] = ()
    single_valued: tuple[str, ...] = ()

    def corrected(self, corrections: Mapping[str, Any], where: str = "provider_options") -> Capabilities:
        """These capabilities with some fields replaced; ``where`` is the source of the corrections.

        Numbers and booleans may be text, which is what templates and the command line give.

        :raises Invalid: for unknown keys and for values of the wrong type, one line each.
        """
        types = {field.name: str(field.type) for field in fields(self)}
        unknown = {str(name): did_you_mean(str(name), types) for name in corrections if name not in types}
        problems = [f"{where}: unknown key {quoted(name)}. {hint}".rstrip() for name, hint in unknown.items()]
        if not all(unknown.values()):
            problems.append(f"Known keys: {', '.join(types)}.")
        changes: dict[str, Any] = {}
        for name in filter(types.__contains__, corrections):
            value = corrections[name]
            type_name, _separator, optional = types[name].partition(" | ")
            convert, expected = _CONVERSIONS[type_name]
            try:
                changes[name] = None if value is None and optional else convert(value)
            except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
                found = json.dumps(value, ensure_ascii=False, default=str)
                problems.append(f"{where}: {name} must be {expected}, got {found}.")
        if problems:
            raise Invalid(*problems)
        return replace(self, **changes)


def _boolean(value: Any) -> bool:
    return {"true": True, "yes": True, "false": False, "no": False}[str(value).lower()]


def _count(value: Any) -> int:
    if isinstance(value, bool) or int(value) < 1:
        raise ValueError
    return int(value)


def _rate(value: Any) -> float:
    if isinstance(value, bool) or not 0 < float(value) < inf:
        raise ValueError
    return float(value)


def _rates(value: Any) -> tuple[dict[str, float], ...]:
    if not isinstance(value, (list, tuple)) or any(set(item) - {"rate", "burst"} for item in value):
        raise ValueError
    return tuple({"rate": _rate(item["rate"]), "burst": _count(item.get("burst", 1))} for item in value)


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _names(value: Any) -> dict[str, str]:
    if not all(_string(other) for other in value.values()):
        raise ValueError
    return {str(name): other for name, other in value.items()}


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)):
        raise TypeError
    return tuple(map(str, value))


# By the type of the field: how a value is read, and what a message calls it.
_CONVERSIONS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "bool": (_boolean, "true or false"),
    "int": (_count, "a whole number of at least 1"),
    "float": (_rate, "a number above 0"),
    "str": (_string, "text"),
    "tuple[str, ...]": (_texts, "a list of texts"),
    "tuple[Mapping[str, float], ...]": (_rates, 'a list of rates such as {"rate": 60, "burst": 5}'),
    "Mapping[str, str]": (_names, "a mapping of names to names"),
    "Mapping[str, Mapping[str, Any]]": (
        lambda value: {str(name): dict(attributes.items()) for name, attributes in value.items()},
        "a mapping of resource types to mappings of attributes",
    ),
    **{
        choice.__name__: (choice, f"one of {', '.join(choice)}")
        for choice in (Deletion, Deactivation, Pagination, MemberAddition, MemberRemoval)
    },
}
