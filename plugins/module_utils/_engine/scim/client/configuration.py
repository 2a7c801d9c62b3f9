# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ServiceProviderConfig says of bulk (RFC 7643 §5) and of pages (RFC 9865 §4), read field by field: many providers leave some out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PATHS = ("/ServiceProviderConfig", "/ServiceProviderConfigs")  # RFC 7644 §4, and what SCIM 1.1 called it


def announced_bulk(answer: Any) -> dict[str, Any]:
    """Fields of ``Capabilities``; a limit that is not said is left out."""
    said = _said(answer, "bulk")
    limits = {"bulk_operations": said.get("maxoperations"), "bulk_payload": said.get("maxpayloadsize")}
    known = {name: limit for name, limit in limits.items() if isinstance(limit, int) and limit > 0}
    return {"bulk": said.get("supported") in (True, "true", "True"), **known}


def has_cursors_only(answer: Any) -> bool:
    """Whether pages are asked for by a cursor, and by nothing else."""
    said = _said(answer, "pagination")
    return said.get("cursor") is True and said.get("index") is not True


def _said(answer: Any, name: str) -> dict[str, Any]:
    part = answer.get(name) if isinstance(answer, Mapping) else None
    return {str(key).lower(): value for key, value in part.items()} if isinstance(part, Mapping) else {}
