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
    """The parameters of a module, the client of its provider, whether it is check mode, and where to report progress."""

    parameters: Mapping[str, Any]
    client: Client
    check: bool
    report_progress: Callable[[str], None]


Work = Callable[[Task], Result]
