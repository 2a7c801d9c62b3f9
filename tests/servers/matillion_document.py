# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Matillion's page "Create SCIM User", and its group object, as shapes, and everything in a body that is not as they say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

Body = dict[str, Any]

# Shapes: a type, a set of allowed words, [shape of the elements] or {name: shape}.
VALUED = {"display": str, "primary": bool, "type": str, "value": str}
ADDRESS = {
    **dict.fromkeys(["country", "display", "formatted", "locality", "postalCode", "region", "streetAddress", "type"], str),
    "primary": bool,
}
NAME = dict.fromkeys(["familyName", "formatted", "givenName", "honorificPrefix", "honorificSuffix", "middleName"], str)
META = {"created": datetime, "lastModified": datetime, "location": str, "resourceType": str, "version": str}
TEXTS = [
    *["displayName", "externalId", "id", "locale", "nickName", "password"],
    *["preferredLanguage", "profileUrl", "timezone", "title", "userName", "userType"],
]
LISTS = ["emails", "entitlements", "ims", "phoneNumbers", "photos", "roles", "x509Certificates"]
USER: Body = {
    **dict.fromkeys(TEXTS, str),
    **{name: [VALUED] for name in LISTS},
    "meta": META,
    "active": bool,
    "addresses": [ADDRESS],
    "groups": [{"display": str, "ref": str, "type": {"DIRECT"}, "value": str}],
    "name": NAME,
    "schemas": [str],
}
GROUP_TEXTS = ["accountId", "accountName", "displayName", "environment", "externalId", "id", "projectId", "projectName", "role"]
MEMBER: Body = {"display": str, "ref": str, "type": {"USER"}, "value": str}
GROUP: Body = {**dict.fromkeys(GROUP_TEXTS, str), "meta": META, "members": [MEMBER], "schemas": [str]}


def problems(value: Any, shape: Any, path: str) -> Iterator[str]:
    """All that is not as documented, each with its path."""
    match shape:
        case dict():
            if not isinstance(value, dict):
                yield f"{path} must be an object"
            else:
                for name, part in value.items():
                    inner = f"{path}.{name}" if path else name
                    yield from problems(part, shape[name], inner) if name in shape else [f"{inner} is not documented"]
        case [element]:
            if not isinstance(value, list):
                yield f"{path} must be an array"
            else:
                for index, part in enumerate(value):
                    yield from problems(part, element, f"{path}[{index}]")
        case set() if value not in shape:
            yield f"{path} must be one of {', '.join(sorted(shape))}"
        case type() if shape is datetime:
            if not isinstance(value, str) or not _is_date(value):
                yield f"{path} must be a date-time"
        case type() if not isinstance(value, shape):
            yield f"{path} must be a {'boolean' if shape is bool else 'string'}"


def _is_date(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def document_problems(body: Any) -> Iterator[str]:
    """What the page says of the whole body of a user."""
    if not isinstance(body, dict):
        yield "the body must be an object"
        return
    if "meta" not in body:
        yield "meta is required"
    if body.get("schemas") == []:
        yield "schemas must have at least 1 element"
    if body.get("id") == "":
        yield "id must have at least 1 character"
    yield from problems(body, USER, "")
