# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``identity.scim.drift_metrics``: the text that the role writes for Prometheus."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._engine.report.metrics import as_metrics

DOCUMENTATION = r"""
name: drift_metrics
short_description: Show the drift of several tenants as metrics of Prometheus
version_added: 1.0.0
author:
  - identity.scim contributors (@identity-scim)
description:
  - Returns the text format of Prometheus with the last attempt, the last success and the differences of each tenant.
  - It has no names of users.
  - The role C(identity.scim.directory) writes it to C(scim_metrics).
positional: previous
options:
  _input:
    description: For each tenant what M(identity.scim.directory) returned, in check mode.
    type: dict
    required: true
  previous:
    description: The text of the file that is replaced. A tenant that could not be compared keeps its last success and its differences.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Write the metrics
  ansible.builtin.copy:
    content: "{{ {'production': compared} | identity.scim.drift_metrics }}"
    dest: /var/lib/node_exporter/scim.prom
    mode: "0644"
"""

RETURN = r"""
_value:
  description: The text of the file.
  type: str
"""


def drift_metrics(results: Mapping[str, Any], previous: str = "") -> str:
    """The metrics of all tenants."""
    return as_metrics({str(tenant): result for tenant, result in results.items()}, previous, int(time.time()))


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., str]]:
        return {"drift_metrics": drift_metrics}
