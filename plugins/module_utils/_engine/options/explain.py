# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of ``identity.scim.explain_info``."""

from __future__ import annotations

from .attributes import Options, option
from .directory import GUARD, POLICY, SOURCES
from .resources import RECONCILING


def explain() -> Options:
    """Return the user to explain, and the options of ``directory`` that decide the desired state."""
    return {
        "user": option("str", "User name of the user to explain, in any case, or its id, external id or a former name.", required=True),
        **SOURCES,
        **RECONCILING,
        **POLICY,
        **{name: GUARD[name] for name in ("protected_users", "protected_groups")},
    }
