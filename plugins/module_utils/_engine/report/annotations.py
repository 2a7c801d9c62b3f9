# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mistakes in files as workflow commands of GitHub Actions, which it shows on their lines in a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..wording import counted
from .findings import ERROR, WARNING, Finding

MOST_OF_LEVEL = 10  # of each level, GitHub shows no more of a step
NOTICE = "notice"


def as_annotations(found: Sequence[Finding]) -> Iterator[str]:
    """The lines to print. What GitHub would not show is counted in one more line."""
    left_out = []
    for level in (ERROR, WARNING):
        of_level = [finding for finding in found if finding.level == level]
        yield from map(_annotation, of_level[:MOST_OF_LEVEL])
        if len(of_level) > MOST_OF_LEVEL:
            left_out.append(counted(len(of_level) - MOST_OF_LEVEL, f"more {level}"))
    if left_out:
        yield f"::{NOTICE}::{' and '.join(left_out)}: see the log."


def _annotation(finding: Finding) -> str:
    properties = {"title": f"identity.scim: {finding.problem.rule}"}
    if finding.location:
        properties = {"file": finding.location, "line": str(finding.line), **properties}
    given = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{finding.level} {given}::{_data(finding.text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
