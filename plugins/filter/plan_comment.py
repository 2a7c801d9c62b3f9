# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``identity.scim.plan_comment``: the text that the role posts on a pull request."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._engine.files import read_file
from ansible_collections.identity.scim.plugins.module_utils._engine.report.comment import as_comment, report_of

DOCUMENTATION = r"""
name: plan_comment
short_description: Show the plans of several tenants as one comment
version_added: 1.0.0
author:
  - identity.scim contributors (@identity-scim)
description:
  - Returns Markdown with the plans of all tenants, of at most 60,000 bytes. Users who lose or gain their account or a group come first.
  - The role C(identity.scim.directory) posts it on a pull request. Use this filter for another service.
positional: urls, reports
options:
  _input:
    description: For each tenant what M(identity.scim.directory) returned, in check mode.
    type: dict
    required: true
  urls:
    description: For each tenant its base URL.
    type: dict
    default: {}
  reports:
    description:
      - For each tenant the paths of the reports that were written, as in O(identity.scim.directory#module:report). The JSON report
        is read, because it has all changes.
      - Without a JSON report, the comment has no values of attributes.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Write the comment
  ansible.builtin.copy:
    content: "{{ {'production': planned} | identity.scim.plan_comment({'production': scim_url}, {'production': ['plan.json']}) }}"
    dest: comment.md
    mode: "0600"
"""

RETURN = r"""
_value:
  description: The Markdown.
  type: str
"""


def plan_comment(results: Mapping[str, Any], urls: Mapping[str, Any] | None = None, reports: Mapping[str, Any] | None = None) -> str:
    """The comment of all tenants."""
    given = ((str(tenant), result, str((urls or {}).get(tenant, "")), (reports or {}).get(tenant)) for tenant, result in results.items())
    return as_comment({tenant: report_of(result, _written(paths), url) for tenant, result, url, paths in given})


def _written(paths: Any) -> Mapping[str, Any] | None:
    """The JSON report among the reports."""
    for path in paths.split(",") if isinstance(paths, str) else paths or ():
        if str(path).lower().endswith(".json") and (text := read_file(os.path.expanduser(str(path)))):
            with suppress(ValueError):
                report = json.loads(text)
                return report if isinstance(report, dict) else None
    return None


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., str]]:
        return {"plan_comment": plan_comment}
