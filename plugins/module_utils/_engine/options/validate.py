# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a declaration that is checked offline."""

from __future__ import annotations

from .attributes import Options
from .directory import POLICY, SOURCES

OWN: Options = {
    "membership": {
        **POLICY["membership"],
        "description": ["As in M(identity.scim.directory), so that the same options can be given to both. It changes nothing here."],
    },
    "junit": {
        "type": "path",
        "description": [
            "A file to which the result is written as JUnit XML too, which pipelines show beside a pull request.",
            "In check mode it is written as well. Only its owner can read it.",
        ],
    },
    "max_listed": {
        "type": "int",
        "default": 100,
        "description": ["How many items RV(problems) and the warnings hold at most."],
    },
}


def validate() -> Options:
    """The options of ``identity.scim.validate``."""
    return {**SOURCES, "match_on": POLICY["match_on"], **OWN}
