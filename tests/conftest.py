# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for all tests: none fails because the machine is slow or by chance, and each JSON report is as schemas/report.schema.json
describes it.

Properties draw the same examples in every run. ``--hypothesis-profile=thorough`` draws others, and many.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings
from jsonschema import Draft7Validator

settings.register_profile("collection", max_examples=60, deadline=None, derandomize=True)
settings.register_profile("thorough", max_examples=2000, deadline=None, print_blob=True)
settings.load_profile("collection")


@cache
def reports() -> Draft7Validator:
    from report_schema import report_schema, strict

    return Draft7Validator(strict(report_schema()))


@pytest.fixture(autouse=True)
def _reports_are_as_their_schema(request: pytest.FixtureRequest) -> Iterator[None]:
    """Applies to tests with a folder."""
    folder: Path | None = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None
    yield
    for path in folder.rglob("*.json") if folder else ():
        text = path.read_text("utf-8", "replace") if path.is_file() else ""
        written = json.loads(text) if '"plan_digest"' in text and '"planned"' in text else {}
        if {"plan_digest", "planned"} & set(written):  # the schema itself has these words too
            mistakes = [f"{path}: {error.json_path}: {error.message[:300]}" for error in reports().iter_errors(written)]
            assert not mistakes
