# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ServiceProviderConfig says of bulk (RFC 7643 §5), read field by field: many providers leave some out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PATHS = ("/ServiceProviderConfig", "/ServiceProviderConfigs")  # RFC 7644 §4, and what SCIM 1.1 called it


def announced_bulk(answer: Any) -> dict[str, Any]:
    """Fields of ``Capabilities``; a limit that is not said is left out."""
    bulk = answer.get("bulk") if isinstance(answer, Mapping) else None
    said = {str(key).lower(): value for key, value in bulk.items()} if isinstance(bulk, Mapping) else {}
    limits = {"bulk_operations": said.get("maxoperations"), "bulk_payload": said.get("maxpayloadsize")}
    known = {name: limit for name, limit in limits.items() if isinstance(limit, int) and limit > 0}
    return {"bulk": said.get("supported") in (True, "true", "True"), **known}
