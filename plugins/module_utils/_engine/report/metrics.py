# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drift as metrics in the text format of Prometheus, for the textfile collector of node_exporter. They are counts, no names of users."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

PREFIX = "identity_scim_drift"
ATTEMPT, SUCCESS, DIFFERENCES = (
    f"{PREFIX}_last_attempt_timestamp_seconds",
    f"{PREFIX}_last_success_timestamp_seconds",
    f"{PREFIX}_differences",
)
HELP: Mapping[str, str] = {
    ATTEMPT: "When the provider was last to be compared with the declaration.",
    SUCCESS: "When the comparison was last complete.",
    DIFFERENCES: "What applying the declaration would change, as of the last complete comparison.",
}
COUNTED: Mapping[str, tuple[str, ...]] = {
    "users": ("created", "updated", "deactivated", "deleted"),
    "groups": ("created", "updated", "deleted"),
    "memberships": ("added", "removed"),
}
_SAMPLE = re.compile(rf'^({"|".join(HELP)})\{{tenant="((?:[^"\\\n]|\\.)*)"(.*)\}} (\S+)$', re.MULTILINE)
_ESCAPES = {"\\": r"\\", '"': r"\"", "\n": r"\n"}

Sample = tuple[str, str, str, str]  # name, tenant and further labels, both escaped, and value


def as_metrics(results: Mapping[str, Mapping[str, Any]], previous: str, time: int) -> str:
    """The text of the file. ``results`` are those of ``identity.scim.directory`` by tenant, ``previous`` is the file that it replaces.

    Tenants that were not compared now keep their samples. One that could not be compared keeps its last success and its differences.
    """
    current = [sample for tenant, result in results.items() for sample in _samples(tenant, result, time)]
    replaced = {(name, tenant) for name, tenant, _labels, _value in current}
    kept: list[Sample] = _SAMPLE.findall(previous)
    samples = sorted([sample for sample in kept if sample[:2] not in replaced] + current)
    return "".join(_family(name, [sample for sample in samples if sample[0] == name]) for name in HELP)


def _samples(tenant: str, result: Mapping[str, Any], time: int) -> Iterator[Sample]:
    name = "".join(_ESCAPES.get(character, character) for character in tenant)
    yield ATTEMPT, name, "", str(time)
    if result.get("plan_digest") is not None and result.get("compared"):
        yield SUCCESS, name, "", str(time)
        for resources, actions in COUNTED.items():
            for action in actions:
                yield DIFFERENCES, name, f',resources="{resources}",action="{action}"', str(result["summary"][resources][action])


def _family(name: str, samples: list[Sample]) -> str:
    lines = [f'{name}{{tenant="{tenant}"{labels}}} {value}\n' for _name, tenant, labels, value in samples]
    return f"# HELP {name} {HELP[name]}\n# TYPE {name} gauge\n{''.join(lines)}"
