# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of a service provider. None means: not known yet, so it is tried and what the answer shows is learned."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from math import inf
from typing import Any

from ..errors import Invalid


class Deletion(StrEnum):
    """What a DELETE really does. ``FINAL``: what it deletes can never be made again nor restored."""

    DELETES = "deletes"
    DEACTIVATES = "deactivates"
    FINAL = "final"
    REFUSED = "refused"


class Deactivation(StrEnum):
    """What ``active: false`` really does."""

    DEACTIVATES = "deactivates"
    DELETES = "deletes"
    IGNORED = "ignored"


class Pagination(StrEnum):
    """How pages are asked for: by ``startIndex``, by ``cursor`` (RFC 9865), or not at all."""

    INDEX = "index"
    CURSOR = "cursor"
    NONE = "none"


class MemberRemoval(StrEnum):
    """How a member leaves a group: by a path (RFC 7644 §3.5.2), by a list of values, or by a PUT of the whole group."""

    PATH = "path"
    VALUE = "value"
    PUT = "put"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """The capabilities, limits and deviations that the client asks for; each field is a key of ``provider_options``.

    search: GET on an endpoint lists resources. filter: it honours ``filter``. patch, put: the verbs work. answers_patch: PATCH with
    ``attributes`` answers with the resource. pagination: see ``Pagination``. page_size: the ``count`` to ask for, None for none.
    members_readable: group answers hold their members. membership_filter: what asks for a membership where they do not, with ``{member}``
    and, if it takes a question for each group, ``{group}`` in it. members_per_request: membership changes that one PATCH may hold.
    operations_per_request: operations in one PATCH. member_removal: see ``MemberRemoval``. bulk_operations, bulk_payload: limits of /Bulk.
    me: /Me answers.
    user_deletion, group_deletion: what DELETE does, see ``Deletion``. user_deactivation: what ``active: false`` does, see ``Deactivation``.
    rate: requests a minute, with burst. concurrency: requests at a time. content_type: of bodies. always_sent: what every created or
    replaced resource holds besides what is declared, by resource type. names: this provider's names for SCIM's. groups_in_body: a user's
    groups may be given when creating it. ignore_attributes: paths never compared nor sent. single_valued: multi-valued attributes of which
    it keeps one value.
    """

    search: bool | None = None
    filter: bool | None = None
    patch: bool | None = None
    put: bool | None = None
    answers_patch: bool | None = None
    pagination: Pagination | None = None
    page_size: int | None = 1000
    members_readable: bool | None = None
    membership_filter: str | None = None
    members_per_request: int | None = None
    operations_per_request: int | None = None
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
    concurrency: int = 8
    content_type: str = "application/scim+json"
    always_sent: Mapping[str, Mapping[str, Any]] | None = None
    names: Mapping[str, str] | None = None
    groups_in_body: bool = False
    ignore_attributes: tuple[str, ...] = ()
    single_valued: tuple[str, ...] = ()

    def corrected(self, corrections: Mapping[str, Any], where: str = "provider_options") -> Capabilities:
        """These capabilities with others laid over them.

        :raises Invalid: for a key that is none, naming those that are, and for a value that is not of the field's type.
        """
        types = {f.name: str(f.type).partition(" | ")[0] for f in fields(self)}
        unknown = sorted(map(str, set(corrections) - set(types)))
        if unknown:
            raise Invalid(f"{where}: unknown key {', '.join(unknown)}. Known are: {', '.join(types)}.")
        changes: dict[str, Any] = {}
        for key, value in corrections.items():
            convert, expected = _CONVERT[types[key]]
            try:
                changes[key] = None if value is None else convert(value)
            except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
                raise Invalid(f"{where}: {key} is {value!r}; expected {expected}.") from None
        return replace(self, **changes)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or int(value) < 1:
        raise ValueError
    return int(value)


def _per_minute(value: Any) -> float:
    if isinstance(value, bool) or not 0 < float(value) < inf:
        raise ValueError
    return float(value)


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)):
        raise TypeError
    return tuple(str(text) for text in value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError
    return value


# What a template or a command line gives is text, whatever it was meant to be.
_CONVERT: dict[str, tuple[Callable[[Any], Any], str]] = {
    "bool": (lambda value: {"true": True, "yes": True, "false": False, "no": False}[str(value).lower()], "true or false"),
    "int": (_whole, "a whole number above 0"),
    "float": (_per_minute, "a number above 0"),
    "str": (str, "text"),
    "Mapping[str, str]": (lambda value: {str(key): _text(inner) for key, inner in value.items()}, "a mapping of names to names"),
    "Mapping[str, Mapping[str, Any]]": (
        lambda value: {str(key): dict(inner.items()) for key, inner in value.items()},
        "a mapping of resource types to mappings of attributes",
    ),
    "tuple[str, ...]": (_texts, "a list of texts"),
    "Deletion": (Deletion, f"one of {', '.join(Deletion)}"),
    "Pagination": (Pagination, f"one of {', '.join(Pagination)}"),
    "MemberRemoval": (MemberRemoval, f"one of {', '.join(MemberRemoval)}"),
    "Deactivation": (Deactivation, f"one of {', '.join(Deactivation)}"),
}
