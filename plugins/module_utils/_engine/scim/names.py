# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Spellings of attribute names: ``userName``, ``user_name`` and ``USERNAME`` are the same attribute (RFC 7643 §2.1)."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import lru_cache

URN = "urn:"
# Since core 2.19, Ansible has a function in Python in its place, for texts of types of its own. It takes four times as long.
intern: Callable[[str], str] = getattr(sys.intern, "unpatched_implementation", sys.intern)


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """Return the form in which all spellings of an attribute name are equal; the ``$`` of ``$ref`` is optional."""
    lowered = name.strip().lower()
    return lowered if lowered.startswith(URN) else lowered.replace("_", "").lstrip("$")


@lru_cache(maxsize=4096)
def snake(name: str) -> str:
    """Return ``x509Certificates`` as Ansible writes it, ``x509_certificates``; a URN stays as it is."""
    if name.lower().startswith(URN):
        return name
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.lstrip("$")).lower()


def join_path(path: str, *parts: str | int) -> str:
    """Return a path below a path: ``join_path("emails", 0, "value")`` is ``emails[0].value``."""
    for part in parts:
        path = f"{path}[{part}]" if isinstance(part, int) else f"{path}.{part}" if path else part
    return path
