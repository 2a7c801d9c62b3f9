# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the modules that tell why: about one person, and about a run that is over."""

from __future__ import annotations

from .attributes import Options
from .directory import GUARD, POLICY, SOURCES
from .resources import RECONCILING


def explain() -> Options:
    """The options of ``identity.scim.explain_info``: those of ``directory`` that decide what is wanted, and whom it is about."""
    user: Options = {
        "user": {
            "type": "str",
            "required": True,
            "description": ["The user name of one person, in any case, or the id, the external id, or a name that they had before."],
        }
    }
    protected = {name: GUARD[name] for name in ("protected_users", "protected_groups")}
    policy = {name: {**option, "description": [_not_here(text) for text in option["description"]]} for name, option in POLICY.items()}
    return {**user, **SOURCES, **RECONCILING, **policy, **protected}


def _not_here(text: str) -> str:
    """The limits are those of the module that applies."""
    return text.replace("O(max_removals)", "C(max_removals)")


def audit_log() -> Options:
    """The options of ``identity.scim.audit_log_info``."""
    return {
        "path": {"type": "path", "required": True, "description": ["The file that M(identity.scim.directory) wrote as C(audit_log)."]},
        "plan_digest": {
            "type": "list",
            "elements": "str",
            "default": [],
            "description": [
                "The digests of the runs that are meant. Several are one run that was interrupted and finished.",
                "Without it, the last run of the file is meant.",
            ],
        },
        "dest": {
            "type": "path",
            "description": [
                "A file, as YAML or JSON, to which the declaration is written that takes the run back.",
                "In check mode it is written as well. Only its owner can read it.",
            ],
        },
        "max_listed": {"type": "int", "default": 100, "description": ["How many items each list in the result holds at most."]},
    }
