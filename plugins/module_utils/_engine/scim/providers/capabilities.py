# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service provider can do, its limits, and how it differs from the RFCs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from functools import partial
from typing import Any

from ..errors import Invalid
from ..schema.filter import parse
from ..schema.resource import Body, split_path
from ..schema.table import RESOURCE_TYPES
from ..schema.types import Attribute, Type
from .records import BOOLEAN, COUNT, NAMES, NUMBER, TEXT, TEXTS, Form, Forms, Mistake, Mistakes, choice, each, optional, read_record, record

Rule = Mapping[str, Any]


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
    answers_patch: whether a PATCH is answered with the resource if it is requested, which ``excludedAttributes`` does.
    projection: whether answers show all that is requested with ``attributes``; if not, whole resources are requested.
    pagination: how pages are requested: by ``startIndex``, by ``cursor`` (RFC 9865), or not at all.
    page_size: the ``count`` to request; null for no ``count``.
    lists_inactive: whether a listing of users shows inactive ones; if not, they are requested with a filter.
    members_readable: whether groups are returned with their members.
    members_on_request: whether a group that is read by its id shows its members only if they are requested with ``attributes``.
    members_in_body: whether a group can be created together with its members.
    membership_filter: the filter for one membership if they are not, with ``{member}``, and with ``{group}`` if it selects one group.
    membership_search: whether such a filter finds memberships; if not, they are sent in every run, and cannot be compared.
    members_per_request: maximum number of membership changes in one PATCH.
    operations_per_request: maximum number of operations in one PATCH.
    member_addition: how a member is added: by a PATCH (RFC 7644 §3.5.2.1), or by a PUT of the whole group.
    member_removal: how a member is removed: by a path (RFC 7644 §3.5.2), by a list of values, or by a PUT of the whole group.
    user_deletion, group_deletion: what DELETE does; ``final``: a deleted resource can be neither restored nor created again.
    user_deactivation: what ``active: false`` does.
    bulk: whether there is /Bulk.
    bulk_operations, bulk_payload: maximum number of operations and bytes of a bulk request.
    me: whether /Me returns the user of the credential.
    etag: whether the provider supports versions of resources.
    rate: requests per minute to begin with.
    burst: how many of them may be sent at once.
    lower_rates: lower rates that the provider is known to have, each with ``rate`` and ``burst``, for when it refuses requests.
    concurrency: requests in progress at the same time.
    content_type: media type of request bodies.
    always_sent: further attributes of each created or replaced resource, by resource type.
    names: the provider's names for SCIM's attribute names.
    groups_in_body: whether a user can be created together with the memberships.
    ignore_attributes: paths that are neither compared nor sent.
    single_valued: multi-valued attributes of which the provider keeps one value.
    must_remain: rules of what must not be left without a holder, such as the role of an administrator. A rule has a ``name``, how many
        users must hold it (``at_least``, 1), filters of the ``users`` who hold it and of the ``groups`` whose members hold it, and whether
        only a user who holds it may change another one (``changed_by_holders``).
    """

    search: bool | None = None
    filter: bool | None = None
    patch: bool | None = None
    put: bool | None = None
    answers_patch: bool | None = None
    projection: bool | None = None
    pagination: Pagination | None = None
    page_size: int | None = 1000
    lists_inactive: bool | None = None
    members_readable: bool | None = None
    members_on_request: bool | None = None
    members_in_body: bool | None = None
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
    always_sent: Mapping[str, Body] | None = None
    names: Mapping[str, str] | None = None
    groups_in_body: bool = False
    ignore_attributes: tuple[str, ...] = ()
    single_valued: tuple[str, ...] = ()
    must_remain: tuple[Rule, ...] = ()

    def corrected(self, corrections: Mapping[str, Any], where: str = "provider_options") -> Capabilities:
        """These capabilities with some fields replaced; ``where`` is the source of the corrections.

        :raises Invalid: for unknown keys and for values of the wrong type, one line each.
        """
        try:
            return replace(self, **read_record(corrections, FORMS))
        except Mistakes as wrong:
            raise Invalid(*wrong.lines(where)) from None


def _body(attribute: Attribute) -> Form:
    """Attributes of a resource, with real booleans: some providers compare types."""

    def typed(attribute: Attribute | None, value: Any) -> Any:
        if isinstance(value, Mapping):
            subs = {str(name): attribute.sub(str(name)) if attribute else None for name in value}
            forms = {name: Form(partial(typed, sub), "true or false") for name, sub in subs.items()}
            return read_record(value, forms)
        if isinstance(value, list):
            return [typed(attribute, item) for item in value]
        return BOOLEAN.read(value) if attribute and attribute.type is Type.BOOLEAN else value

    def read(value: Any) -> Any:
        if not isinstance(value, Mapping):
            raise TypeError
        return typed(attribute, value)

    return Form(read, "a mapping of attributes")


def _filter(type_name: str) -> Form:
    """A filter of users or groups. An attribute that no schema has may be the provider's own, unless it resembles a known one."""
    resource_type = RESOURCE_TYPES[type_name]

    def read(value: Any) -> Any:
        root = resource_type.root
        try:
            parsed = parse(value)
            first = [split_path(path, root)[0] for path in parsed.paths()]
            if all(root.sub(name) or root.nearest(name) for name in first):
                parsed.check(root)
        except Invalid as wrong:
            problem = str(wrong).removeprefix("filter: ").rstrip(".")
            raise Mistakes(Mistake((), value, f"a SCIM filter of {resource_type.nouns} ({problem})")) from None
        return value

    return Form(read, f"a SCIM filter of {resource_type.nouns}")


RULE: Forms = {
    "name": TEXT,
    "at_least": COUNT,
    "users": _filter("User"),
    "groups": _filter("Group"),
    "changed_by_holders": BOOLEAN,
}


def _rule(value: Any) -> dict[str, Any]:
    rule = read_record(value, RULE, needed=("name",))
    if not {"users", "groups"} & rule.keys():
        raise Mistakes(Mistake(("users",), None, f"{RULE['users'].expected}, unless groups is set"))
    return rule


_RULES = each(Form(_rule, f"a mapping with some of the keys {', '.join(RULE)}"), "a list of rules")


def _rate(value: Any) -> dict[str, float]:
    return {"burst": 1, **read_record(value, {"rate": NUMBER, "burst": COUNT}, needed=("rate",))}


_RATES = each(Form(_rate, 'a rate such as {"rate": 60, "burst": 5}'), 'a list of rates such as {"rate": 60, "burst": 5}')
# By the type of the field.
_BY_TYPE: dict[str, Form] = {
    "bool": BOOLEAN,
    "int": COUNT,
    "float": NUMBER,
    "str": TEXT,
    "tuple[str, ...]": TEXTS,
    "tuple[Rule, ...]": _RULES,
    "tuple[Mapping[str, float], ...]": _RATES,
    "Mapping[str, str]": NAMES,
    "Mapping[str, Body]": record(
        {name: _body(resource_type.root) for name, resource_type in RESOURCE_TYPES.items()}, "a mapping of resource types"
    ),
    **{words.__name__: choice(words) for words in (Deletion, Deactivation, Pagination, MemberAddition, MemberRemoval)},
}


def _form(type_name: str) -> Form:
    name, _separator, is_optional = type_name.partition(" | ")
    return optional(_BY_TYPE[name]) if is_optional else _BY_TYPE[name]


FORMS: Forms = {field.name: _form(str(field.type)) for field in fields(Capabilities)}
