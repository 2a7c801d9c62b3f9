# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of ``identity.scim.directory_info``."""

from __future__ import annotations

from .attributes import Options, max_listed, option


def directory_info() -> Options:
    """Return what to export, and where to."""
    return {
        "dest": option(
            "path",
            "Path to write the declaration to: a file that ends with C(.yml), C(.yaml), C(.json) or C(.csv), or a folder, "
            "which then contains C(users.yml) and C(groups.yml). If not set, no file is written.",
            "A C(.csv) file has the users with the names of their groups, for a spreadsheet. It does not declare the groups themselves.",
            "A file is written only if its content differs, and either completely or not at all. Only its owner can read it.",
            "In a folder, files of an earlier export that contain no user or group any more are removed. "
            "They are recognized by their first line. Other files are never changed.",
        ),
        "split_by": option(
            "str",
            "Attribute with one value, such as V(enterprise.department), by which to split the users in the folder O(dest). Users "
            "with the same value are in one file, such as C(users-engineering.yml), and users without a value in C(users.yml).",
        ),
        "filter_users": option(
            "str",
            'SCIM filter that selects the users to export, such as C(userName ew "@example.com").',
            "The module evaluates it itself, on the complete listing, because it needs the names of all users to name members.",
        ),
        "filter_groups": option("str", "Same as O(filter_users), for groups."),
        **max_listed("Maximum number of items in RV(users), RV(groups) and the warnings. The files contain all of them."),
    }
