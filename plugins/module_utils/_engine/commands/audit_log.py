# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read an audit log: the runs of one tenant, and the declaration that rolls one of them back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..declaration.sources import JSON, YAML
from ..declaration.writer import as_file
from ..files import check_writable, read_text, write_file
from ..report.audit_log import REFUSED
from ..scim.errors import Invalid
from ..scim.schema.resource import Body
from ..scim.schema.types import ResourceType
from ..wording import first_warnings
from .rollback import rollback
from .task import Result

REQUIRED = {"plan_digest", "type", "id", "name", "action", "status", "time"}
START = '{"time": '  # of each line, and of nothing inside a line: there each quote is escaped
MOST_RUNS = 20  # in a message


def audit_log(parameters: Mapping[str, Any], types: Mapping[str, ResourceType]) -> Result:
    """Run ``identity.scim.audit_log_info``."""
    path, dest, most = parameters["path"], parameters["dest"], parameters["max_listed"]
    if dest and Path(dest).suffix.lower() not in YAML + JSON:
        raise Invalid(f'dest: "{dest}" must end with {", ".join(YAML)} or {JSON[0]}.')
    if dest:
        check_writable(dest, "dest")
    lines, warnings = read(path)
    lines = of_tenant(lines, parameters["url"] or "", path)
    digests = chosen(lines, parameters["plan_digest"], path)
    last = max(index for index, line in enumerate(lines) if line["plan_digest"] in digests)
    run = [line for line in lines if line["plan_digest"] in digests and line["status"] != REFUSED]
    found, not_restored = rollback(run, lines[last + 1 :], types)
    if dest:
        declared = {name: found[name] for name in ("users", "groups") if found[name]}
        write_file(dest, as_file(dest, declared, f"Rolls back the run {', '.join(digests)} of {path}."), "dest")
    past = runs(lines)
    return {
        "changed": False,
        "plan_digest": digests,
        **{name: items[:most] for name, items in found.items()},
        "runs": past[max(len(past) - most, 0) :],
        "truncated": any(len(items) > most for items in (*found.values(), past)),
        "warnings": first_warnings([*warnings, *not_restored], most),
    }


def read(path: str) -> tuple[list[Body], list[str]]:
    """The lines of the log, and a warning for each that an interrupted run cut off: it is the last one, or the next run appended to it.

    :raises Invalid: if the file cannot be read, or a line is not one of an audit log.
    """
    try:
        text = read_text(path)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise Invalid(f'path: "{path}" cannot be read: {reason}.') from None
    rows = [(number, row) for number, row in enumerate(text.split("\n"), 1) if row.strip()]
    lines: list[Body] = []
    warnings: list[str] = []
    for number, row in rows:
        line = _parsed(row)
        if line is None:
            cut, start, rest = row.rpartition(START)
            line = _parsed(start + rest) if START.startswith(cut[: len(START)]) else None
            if line is None and (number != rows[-1][0] or text.endswith("\n")):
                raise Invalid(f"{path}:{number}: not a line of an audit log; expected a JSON object with {', '.join(sorted(REQUIRED))}.")
            warnings.append(f"{path}:{number}: an interrupted run cut this line off, so it is ignored. Check whether its write happened.")
        if line is not None:
            lines.append(line)
    return lines, warnings


def _parsed(row: str) -> Body | None:
    try:
        line = json.loads(row)
    except ValueError:
        return None
    return line if isinstance(line, dict) and set(line) >= REQUIRED else None


def of_tenant(lines: Sequence[Body], url: str, path: str) -> list[Body]:
    """The lines of one base URL. Without a URL, all lines, which must be of one tenant.

    :raises Invalid: if there are none, or if the URL is needed and missing.
    """
    urls = sorted({str(line.get("url") or "") for line in lines})
    wanted = url.rstrip("/")
    found = [line for line in lines if str(line.get("url") or "").rstrip("/") == wanted] if wanted else list(lines)
    if not wanted and len(urls) > 1:
        raise Invalid(f'path: "{path}" has the writes of several tenants: {", ".join(urls)}. Set url to one of them.')
    if not found:
        others = f"it has writes to {', '.join(urls)}" if urls else "it is empty"
        raise Invalid(f'path: "{path}" has no write{f" to {url}" if urls else ""}: {others}.')
    return found


def chosen(lines: Sequence[Body], digests: Sequence[str], path: str) -> list[str]:
    """The digests of the runs to roll back; by default that of the last run.

    :raises Invalid: if a digest is not in the log.
    """
    known = list(dict.fromkeys(line["plan_digest"] for line in lines))
    unknown = [digest for digest in digests if digest not in known]
    if unknown:
        last = f"its last {MOST_RUNS} runs" if len(known) > MOST_RUNS else "its runs"
        raise Invalid(f'plan_digest: "{path}" has no run {", ".join(unknown)}; {last} are {", ".join(known[-MOST_RUNS:])}.')
    return list(digests) or [lines[-1]["plan_digest"]]


def runs(lines: Sequence[Body]) -> list[Body]:
    """Each plan that was applied, when it began, and its number of writes."""
    found: dict[str, Body] = {}
    for line in lines:
        run = found.setdefault(line["plan_digest"], {"plan_digest": line["plan_digest"], "time": line["time"], "writes": 0})
        run["writes"] += line.get("operations") != []  # a line that confirms an earlier one has none
    return list(found.values())
