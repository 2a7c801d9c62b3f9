# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much is drawn: no test here may fail because the machine is slow."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("collection", max_examples=60, deadline=None)
settings.load_profile("collection")
