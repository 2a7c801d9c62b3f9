# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of ``identity.scim.audit_log_info``."""

from __future__ import annotations

from .attributes import Options, max_listed, names, option


def audit_log() -> Options:
    """Return the log to read, the runs to take back, and where to write the declaration that does so."""
    return {
        "path": option("path", "Path to the file that M(identity.scim.directory) wrote as its C(audit_log).", required=True),
        "plan_digest": names(
            "Plan digests of the runs to take back. Set several for one run that was interrupted and finished later.",
            "If empty, the last run in the file is used.",
        ),
        "dest": option(
            "path",
            "Path to a YAML or JSON file. The declaration that takes the run back is written to it.",
            "It is written in check mode too. Only its owner can read it.",
        ),
        **max_listed("Maximum number of items in each list of the result."),
    }
