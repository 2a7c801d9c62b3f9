# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON Schema of JSON reports, as it is published: readers must expect more keys in a later release of the same version.

``strict`` is for tests, which validate each report that they write: without a key that the schema does not describe.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._engine.plan.plan import Action
from ansible_collections.identity.scim.plugins.module_utils._engine.report.model import (
    DONE,
    FAILED,
    LEFT,
    NO_COUNTS,
    PLANNED,
    VERSION,
    Report,
)

Body = dict[str, Any]
ADDRESS = "https://raw.githubusercontent.com/identity-scim/identity.scim/main/schemas/report.schema.json"
TEXT, COUNT, SECONDS = {"type": "string"}, {"type": "integer", "minimum": 0}, {"type": "number", "minimum": 0}
DIGEST = {"type": "string", "pattern": "^[0-9a-f]{16}$"}
TEXTS = {"type": "array", "items": TEXT}


def _object(description: str, properties: Body, optional: tuple[str, ...] = ()) -> Body:
    return {
        "description": description,
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
    }


def _described(description: str, form: Body) -> Body:
    return {"description": description, **form}


ROW = _object(
    "An attribute that changes. Without values, if the report was written with report_values: none.",
    {
        "path": _described("Such as emails[0].value, in the names of options.", TEXT),
        "before": _described("The value before, or null.", {}),
        "after": _described("The value after, or null.", {}),
    },
    optional=("before", "after"),
)
CHANGE = _object(
    "What a run does, or would do, to one user or group.",
    {
        "type": {"enum": ["User", "Group"]},
        "name": _described("The current user name or display name.", TEXT),
        "id": _described("The id at the provider, or null if it has none yet.", {"type": ["string", "null"]}),
        "action": {"enum": [*sorted({str(action) for action in Action} - {"unchanged"}), "deactivated"]},
        "reason": _described("Why, such as declared.", TEXT),
        "attributes": {"type": "array", "items": ROW},
        "secrets": _described("Secret attributes that are set, by name only.", TEXTS),
        "joins": _described("The names of members who are added to this group.", TEXTS),
        "leaves": _described("The names of members who are removed from this group.", TEXTS),
        "reasons": _described("Why a member is added or removed, by name.", {"type": "object", "additionalProperties": TEXT}),
        "digest": _described("Identifies the content of the change.", DIGEST),
        "status": {"enum": [PLANNED, DONE, FAILED, LEFT]},
        "error": _described("Why it failed.", TEXT),
    },
    optional=("error",),
)
COUNTS = _object("Numbers of users or groups.", dict.fromkeys(NO_COUNTS, COUNT))
FAILURE = _object("A change that failed.", {"name": TEXT, "type": {"enum": ["User", "Group"]}, "error": TEXT})
PROPERTIES: Body = {
    "version": _described("The version of this format. Keys may be added within a version.", {"const": VERSION}),
    "url": _described("Base URL of the tenant.", TEXT),
    "time": _described("When the report was written.", {"type": "string", "format": "date-time"}),
    "planned": _described("Whether nothing was to be written.", {"type": "boolean"}),
    "plan_digest": {
        "description": "Identifies the plan. Null if the run ended before it had one.",
        "anyOf": [DIGEST, {"type": "null"}],
    },
    "summary": _object(
        "Complete counts.",
        {
            "users": COUNTS,
            "groups": COUNTS,
            "memberships": _object("Numbers of memberships.", {"added": COUNT, "removed": COUNT}),
        },
    ),
    "changes": _described("All changes, the most dangerous first.", {"type": "array", "items": CHANGE}),
    "failures": {"type": "array", "items": FAILURE},
    "warnings": TEXTS,
    "refusal": _described("Why the plan must not be applied. Empty otherwise.", TEXT),
    "ended": _described("Why the run ended early. Empty otherwise.", TEXT),
    "requests": _described("Requests that were sent.", COUNT),
    "requests_planned": _described("Requests that applying the plan takes.", COUNT),
    "seconds_planned": {
        "description": "Seconds that they take at the provider's rate, or null if it is not known.",
        "anyOf": [SECONDS, {"type": "null"}],
    },
    "duration": _described("Seconds that the run took.", SECONDS),
    "totals": _described("The numbers to which limits in percent apply.", {"type": "object", "additionalProperties": COUNT}),
    "files": _described("The names of all reports of the run.", TEXTS),
}


def report_schema() -> Body:
    """The JSON Schema (draft 7) of a JSON report.

    :raises LookupError: if it does not describe each field of ``Report``.
    """
    names = [field.name for field in fields(Report)]
    if names != list(PROPERTIES):
        raise LookupError(f"The schema describes {list(PROPERTIES)}, and a report has {names}")
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": ADDRESS,
        "title": "Report of identity.scim",
        **_object("A plan, or what a run did, as the JSON report of identity.scim.directory.", PROPERTIES),
    }


def strict(schema: Any) -> Any:
    """The schema without further keys in objects whose keys it describes."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {"additionalProperties": False} if isinstance(schema.get("properties"), dict) else {}
    return {**{key: strict(value) for key, value in schema.items()}, **closed}
