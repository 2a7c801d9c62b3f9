# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin of all modules, under the name of this one: so ansible-playbook loads it before it forks a worker for each task."""

from __future__ import annotations

from ansible_collections.identity.scim.plugins.action.directory import ActionModule

__all__ = ["ActionModule"]
