# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a JWT says about itself (RFC 7519). Nothing is verified here: that is the server's part."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

JWT = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*){2}(?:(?:\.[A-Za-z0-9_-]*){2})?")  # signed: three parts; encrypted: five


def is_jwt(text: str) -> bool:
    """Whether a text has the form of a JWT."""
    return JWT.fullmatch(text) is not None


def claims_of(token: str) -> Mapping[str, Any]:
    """The claims of a signed JWT; none if the token is something else."""
    if is_jwt(token) and token.count(".") == 2:
        payload = token.split(".")[1]
        with suppress(ValueError, RecursionError):
            claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
            return claims if isinstance(claims, dict) else {}
    return {}


def instant_of(claims: Mapping[str, Any], name: str) -> datetime | None:
    """The point in time of a claim such as ``exp``; None if there is none."""
    seconds = claims.get(name)
    if isinstance(seconds, (int, float)) and not isinstance(seconds, bool):
        with suppress(ValueError, OverflowError, OSError):
            return datetime.fromtimestamp(seconds, UTC)
    return None
