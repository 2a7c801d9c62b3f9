# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of ``identity.scim.directory_info``."""

from __future__ import annotations

from .attributes import Options


def directory_info() -> Options:
    """What is exported, and where to."""
    return {
        "dest": {
            "type": "path",
            "description": [
                "Where the declaration is written: a file that ends with C(.yml), C(.yaml) or C(.json), or a folder, "
                "which then holds C(users.yml) and C(groups.yml). Without it, nothing is written.",
                "Files are written only where something differs, whole or not at all, and only their owner can read them.",
                "In a folder, files of an earlier export that hold nobody any more are removed. "
                "They are known by their first line; other files are never touched.",
            ],
        },
        "split_by": {
            "type": "str",
            "description": [
                "An attribute with one value, such as V(enterprise.department). In the folder O(dest), people of each value have a file, "
                "such as C(users-engineering.yml), and people without a value are in C(users.yml).",
            ],
        },
        "filter_users": {
            "type": "str",
            "description": [
                'A SCIM filter, such as C(userName ew "@example.com"), that says which users are exported.',
                "It is evaluated here, on the complete listing, since members are called by the names of all.",
            ],
        },
        "filter_groups": {"type": "str", "description": ["As O(filter_users), for groups."]},
        "max_listed": {
            "type": "int",
            "default": 100,
            "description": ["How many items RV(users), RV(groups) and warnings hold at most. Files hold all."],
        },
    }
