# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of ``identity.scim.validate``."""

from __future__ import annotations

from .attributes import Options, max_listed, option
from .directory import POLICY, SOURCES
from .resources import MATCH_ON


def validate() -> Options:
    """Return what to check, and where to write the result."""
    return {
        **SOURCES,
        **MATCH_ON,
        "membership": {
            **POLICY["membership"],
            "description": ["Accepted so that you can set the same options as for M(identity.scim.directory). It has no effect here."],
        },
        "junit": option(
            "path",
            "Path to a JUnit XML file to write the result to. Pipelines show it on a pull request.",
            "It is written in check mode too. Only its owner can read it.",
        ),
        "sarif": option(
            "path",
            "Path to a SARIF 2.1.0 file to write the result to. Code scanning of GitHub shows it on the lines of the files.",
            "Paths in it begin at the root of the git repository. The name of the file is the category of the result: use another one for "
            "each tenant.",
            "It is written in check mode too, and empty of results if there are none. Only its owner can read it.",
        ),
        "code_climate": option(
            "path",
            "Path to a Code Quality report (JSON of Code Climate) to write the result to. GitLab shows it in a merge request.",
            "Paths in it begin at the root of the git repository.",
            "It is written in check mode too, and empty if there is nothing to report. Only its owner can read it.",
        ),
        **max_listed("Maximum number of items in RV(problems) and the warnings."),
    }
