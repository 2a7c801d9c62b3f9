# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The golden cases: files of YAML in a folder of ``cases``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml


def golden_cases(folder: Path) -> list[Any]:
    """Return each case of each file as a parameter of a test, with the name of the file and of the case."""
    read_all = ((file.stem, yaml.safe_load(file.read_text("utf-8"))) for file in sorted(folder.glob("*.yml")))
    return [pytest.param(case, id=f"{theme}: {case['case']}") for theme, found in read_all for case in found]
