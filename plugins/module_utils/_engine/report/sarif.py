# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mistakes in files as SARIF 2.1.0, which code scanning of GitHub and others show on their lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from ..escaping import visible_json
from .findings import DESCRIPTIONS, ERROR, WARNING, Finding, listed

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
NAME = "identity.scim.validate"
HOME = "https://github.com/identity-scim/identity.scim"
ROOT = "%SRCROOT%"  # the name that readers know for the root of the repository


def as_sarif(found: Sequence[Finding], category: str) -> str:
    """The text of the file. Of a category, such as a tenant, each upload replaces the one before it."""
    rules = [{"id": str(rule), "shortDescription": {"text": text}} for rule, text in DESCRIPTIONS.items()]
    run: dict[str, Any] = {
        "tool": {"driver": {"name": NAME, "informationUri": HOME, "rules": rules}},
        "automationDetails": {"id": f"{NAME}/{category}/"},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, fingerprint) for finding, fingerprint in listed(found)],
    }
    return visible_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _result(finding: Finding, fingerprint: str) -> dict[str, Any]:
    """GitHub refuses a file in which a result has no location, so one without a file is at the root."""
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(finding.location or "."), "uriBaseId": ROOT}}
    if finding.location:
        place["region"] = {"startLine": finding.line}
    return {
        "ruleId": str(finding.problem.rule),
        "ruleIndex": list(DESCRIPTIONS).index(finding.problem.rule),
        "level": {ERROR: "error", WARNING: "warning"}[finding.level],
        "message": {"text": finding.text},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {f"{NAME}/v1": fingerprint},
    }
