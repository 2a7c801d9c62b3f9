# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ServiceProviderConfig announces (RFC 7643 §5, RFC 9865 §4), read field by field: many providers leave some out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..names import fold
from ..providers.capabilities import Pagination
from ..schema.resource import Body

PATHS = ("/ServiceProviderConfig", "/ServiceProviderConfigs")  # RFC 7644 §4, and the path of SCIM 1.1
REQUIRED = ("patch", "bulk", "filter", "changePassword", "sort", "etag", "authenticationSchemes")  # RFC 7643 §5


@dataclass(frozen=True, slots=True)
class Announced:
    """capabilities: the fields of ``Capabilities`` that are announced. max_results: the size of a filtered listing, None if unknown.
    missing: the required parts of ServiceProviderConfig that are not there.
    """

    capabilities: Mapping[str, Any]
    max_results: int | None
    missing: tuple[str, ...]


def read_announced(answer: Any) -> Announced:
    """The content of a ServiceProviderConfig."""
    parts = folded(document(answer))
    patch, filters, bulk, etag, pages = (folded(parts.get(name)) for name in ("patch", "filter", "bulk", "etag", "pagination"))
    max_results = _limit(filters.get("maxresults"))
    capabilities = {
        "patch": _boolean(patch.get("supported")),
        "filter": _boolean(filters.get("supported")),
        "bulk": _boolean(bulk.get("supported")),
        "etag": _boolean(etag.get("supported")),
        "bulk_operations": _limit(bulk.get("maxoperations")),
        "bulk_payload": _limit(bulk.get("maxpayloadsize")),
        "page_size": _limit(pages.get("maxpagesize")) or max_results,
        "pagination": Pagination.INDEX if _boolean(pages.get("index")) else Pagination.CURSOR if _boolean(pages.get("cursor")) else None,
    }
    known = {name: value for name, value in capabilities.items() if value is not None}
    return Announced(known, max_results, tuple(name for name in REQUIRED if fold(name) not in parts))


def document(answer: Any) -> Body:
    """The ServiceProviderConfig in an answer: itself, or the first element of a ListResponse or an array; empty if there is none."""
    resources = answer if isinstance(answer, list) else folded(answer).get("resources")
    found = resources[0] if isinstance(resources, list) and resources else answer
    return dict(found) if isinstance(found, Mapping) else {}


def folded(value: Any) -> dict[str, Any]:
    """A JSON object with its keys in the form of ``fold``; empty for any other value."""
    return {fold(str(key)): inner for key, inner in value.items()} if isinstance(value, Mapping) else {}


def _boolean(value: Any) -> bool | None:
    return {"true": True, "false": False}.get(str(value).lower())


def _limit(value: Any) -> int | None:
    limit = number(value)
    return limit if limit and limit > 0 else None


def number(value: Any) -> int | None:
    """A whole number, which some providers write as text; None for any other value."""
    try:
        return None if isinstance(value, bool) else int(value)
    except (TypeError, ValueError, OverflowError):  # infinity
        return None
