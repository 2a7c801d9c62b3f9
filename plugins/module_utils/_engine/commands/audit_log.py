# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An audit log read back: the runs of one tenant, and what takes one of them back."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..declaration.sources import JSON, YAML
from ..declaration.writer import as_file
from ..files import write_file
from ..report.audit_log import REFUSED
from ..scim.errors import Invalid
from ..scim.schema.resource import Body
from ..scim.schema.types import ResourceType
from ..wording import bounded
from .rollback import Undone, undone
from .task import Result

NEEDED = ("plan_digest", "type", "id", "name", "action", "status", "time")


def audit_log(parameters: Mapping[str, Any], types: Mapping[str, ResourceType]) -> Result:
    """The work of ``identity.scim.audit_log_info``."""
    path, dest, most = parameters["path"], parameters["dest"], parameters["max_listed"]
    if dest and Path(dest).suffix.lower() not in YAML + JSON:
        raise Invalid(f"dest: {dest} ends with none of {', '.join(YAML + JSON)}.")
    lines, warnings = read(path)
    lines = of_tenant(lines, parameters["url"] or os.environ.get("SCIM_URL") or "", path)
    digests = chosen(lines, parameters["plan_digest"], path)
    last = max(index for index, line in enumerate(lines) if line["plan_digest"] in digests)
    run = [line for line in lines if line["plan_digest"] in digests and line["status"] != REFUSED]
    found = undone(run, lines[last + 1 :], types)
    if dest:
        write_file(dest, _text(dest, found, f"# Takes back the run {', '.join(digests)} of {path}.\n"), "dest")
    lists = {"users": found.users, "groups": found.groups, "created": found.created, "gone": found.gone, "runs": runs(lines)}
    return {
        "changed": False,
        "plan_digest": digests,
        **{name: list(listed[max(len(listed) - most, 0) :] if name == "runs" else listed[:most]) for name, listed in lists.items()},
        "truncated": any(len(listed) > most for listed in lists.values()),
        "warnings": bounded([*warnings, *found.warnings], most),
    }


def read(path: str) -> tuple[list[Body], list[str]]:
    """The lines of the log. The last one may have been cut off where the machine went down.

    :raises Invalid: for a file that cannot be read, and for a line that is none of a log.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise Invalid(f"path: {path} cannot be read: {reason}.") from None
    rows = [(number, row) for number, row in enumerate(text.split("\n"), 1) if row.strip()]
    lines: list[Body] = []
    for number, row in rows:
        try:
            line = json.loads(row)
            if not isinstance(line, dict) or set(NEEDED) - set(line):
                raise ValueError("it has not the fields of a write")
        except ValueError as error:
            if number == rows[-1][0] and not text.endswith("\n"):
                return lines, [f"{path}:{number}: the last line was cut off, and is left out. Look whether that write happened."]
            raise Invalid(f"{path}:{number}: this is no line of an audit log: {error}.") from None
        lines.append(line)
    return lines, []


def of_tenant(lines: Sequence[Body], url: str, path: str) -> list[Body]:
    """Those of one base URL; without one, the log must be of one tenant only.

    :raises Invalid: where nothing is left, or nobody can say whose lines are meant.
    """
    urls = sorted({str(line.get("url") or "") for line in lines})
    wanted = url.rstrip("/")
    found = [line for line in lines if str(line.get("url") or "").rstrip("/") == wanted] if wanted else list(lines)
    if not wanted and len(urls) > 1:
        raise Invalid(f"{path} is the log of several tenants: {', '.join(urls)}. Give the url of one.")
    if not found:
        others = f" It is the log of {', '.join(urls)}." if urls else " It is empty: nothing was written."
        raise Invalid(f"{path} holds no write{f' to {url}' if urls else ''}.{others}")
    return found


def chosen(lines: Sequence[Body], digests: Sequence[str], path: str) -> list[str]:
    """The digests that are meant: the last run's where none is given.

    :raises Invalid: for one that is not in the log, naming those that are.
    """
    known = list(dict.fromkeys(line["plan_digest"] for line in lines))
    unknown = [digest for digest in digests if digest not in known]
    if unknown:
        raise Invalid(f"{path} has no run {', '.join(unknown)}. Its runs are: {', '.join(known[-20:])}.")
    return list(digests) or [lines[-1]["plan_digest"]]


def runs(lines: Sequence[Body]) -> list[Body]:
    """Each plan that was applied, when it began, and how many writes it took."""
    found: dict[str, Body] = {}
    for line in lines:
        one = found.setdefault(line["plan_digest"], {"plan_digest": line["plan_digest"], "time": line["time"], "writes": 0})
        one["writes"] += 1
    return list(found.values())


def _text(dest: str, found: Undone, head: str) -> str:
    declared = {name: list(listed) for name, listed in (("users", found.users), ("groups", found.groups)) if listed}
    return as_file(dest, declared, head)
