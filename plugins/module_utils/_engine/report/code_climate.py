# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mistakes in files as a Code Quality report, which GitLab shows in a merge request and on the changed lines."""

from __future__ import annotations

from collections.abc import Sequence

from ..escaping import visible_json
from .findings import ERROR, WARNING, Finding, listed

SEVERITIES = {ERROR: "major", WARNING: "minor"}


def as_code_climate(found: Sequence[Finding]) -> str:
    """The text of the file, with all that GitLab reads of a report. Each finding needs a path: one without a file is at the root."""
    issues = [
        {
            "type": "issue",
            "check_name": str(finding.problem.rule),
            "description": finding.text,
            "categories": ["Bug Risk"],
            "severity": SEVERITIES[finding.level],
            "fingerprint": fingerprint,
            "location": {"path": finding.location or ".", "lines": {"begin": finding.line}},
        }
        for finding, fingerprint in listed(found)
    ]
    return visible_json(issues, indent=2) + "\n"
