# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module is asked to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..scim.client.client import Client

Result = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Task:
    """One module's parameters, the provider they are for, whether it is check mode, and where progress lines go."""

    parameters: Mapping[str, Any]
    client: Client
    check: bool
    tell: Callable[[str], None]


Work = Callable[[Task], Result]
