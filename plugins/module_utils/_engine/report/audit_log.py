# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record of writes: a JSON line for each, appended as it happens, so that an interrupted run is told too.

Its fields are described in docs/audit_log.md and are kept stable: ``identity.scim.rollback`` and people's own tools read them.
"""

from __future__ import annotations

import getpass
import json
import os
import socket
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from ..apply.outcome import Outcome
from ..apply.run import Run
from ..plan.diff import returned
from ..scim.errors import Invalid, Stop
from ..scim.schema.resource import Body

# The first of which all variables are set is taken. Of each pipeline: who started it, and where the run is to be seen.
ACTORS = ("{GITHUB_TRIGGERING_ACTOR}", "{GITHUB_ACTOR}", "{GITLAB_USER_LOGIN}", "{AWX_USER_NAME}", "{TOWER_USER_NAME}",
          "{BUILD_USER_ID}", "{BUILD_REQUESTEDFOREMAIL}")  # fmt: skip
JOBS = ("{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}", "{GITHUB_RUN_ID}", "{CI_JOB_URL}",
        "{AWX_HOST}/#/jobs/playbook/{JOB_ID}", "{BUILD_URL}",
        "{SYSTEM_COLLECTIONURI}{SYSTEM_TEAMPROJECT}/_build/results?buildId={BUILD_BUILDID}")  # fmt: skip
DONE, PARTIAL, REFUSED, UNKNOWN = "done", "partial", "refused", "unknown"


class AuditLog:
    """Appends to a file of mode 0600; without a path it does nothing."""

    def __init__(self, path: str | None, url: str, environment: Mapping[str, str] | None = None) -> None:
        """:raises Invalid: where the file cannot be opened, before anything is written to the provider."""
        known = os.environ if environment is None else environment
        self._about = {"actor": _first(ACTORS, known) or _person(), "job": _first(JOBS, known), "url": url}
        self._path = path
        self._ids: dict[str, str] = {}
        self._file: int | None = None
        if path:
            try:
                self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
                if os.fstat(self._file).st_uid == os.geteuid() and path != os.devnull:
                    os.fchmod(self._file, 0o600)  # one that was there before
            except OSError as error:
                raise Invalid(f"audit_log: {path} cannot be written: {error.strerror}.") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._file is not None:
            os.close(self._file)

    def outcome(self, outcome: Outcome, run: Run) -> None:
        """One line, in one piece: tasks for several tenants may share a file.

        :raises Stop: where it cannot be written: what nobody could account for later is not done.
        """
        if outcome.id:
            self._ids[outcome.change.key] = outcome.id
        if self._file is None or not outcome.sent:
            return
        line = json.dumps({"time": _now(), **self._about, **self._told(outcome, run)}, ensure_ascii=False) + "\n"
        left = line.encode("utf-8", "backslashreplace")
        try:
            while left:
                left = left[os.write(self._file, left) :]
        except OSError as error:
            raise Stop(f"audit_log: {self._path} cannot be written: {error.strerror}. The run ends here; run it again.") from None

    def _told(self, outcome: Outcome, run: Run) -> Body:
        change, before = outcome.change, outcome.adopted or outcome.change.before
        after = outcome.after if outcome.after is not before else None  # the provider gave none
        joins, leaves = self._members(change.joins), self._members(change.leaves)
        names = {new: run.plan.names[key] for key, new in {**joins, **leaves}.items() if key in run.plan.names}
        return {
            "plan_digest": run.digest,
            "type": change.type.name,
            "name": before.name if before else change.name,
            "id": outcome.id or (before.id if before else None),
            "action": "deactivated" if change.deactivates else str(outcome.action),
            "reason": change.reason,
            "operations": list(outcome.sent),
            "before": returned(before) if before else None,
            "after": returned(after) if after else None,
            "joins": list(joins.values()),
            "leaves": list(leaves.values()),
            "names": names,
            "status": status_of(outcome),
            "error": outcome.error or None,
            "request_ids": list(outcome.request_ids),
        }

    def _members(self, keys: Iterable[str]) -> dict[str, str]:
        """Ids by the keys of a plan: who was made in this run has an id by now."""
        return {key: self._ids.get(key, key) for key in keys}


def status_of(outcome: Outcome) -> str:
    """How a write ended."""
    if not outcome.error:
        return DONE
    return UNKNOWN if outcome.unknown else PARTIAL if outcome.changed else REFUSED


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _first(templates: Iterable[str], known: Mapping[str, str]) -> str | None:
    given = {name: value for name, value in known.items() if value}
    for template in templates:
        try:
            return template.format_map(given)
        except KeyError:
            continue
    return None


def _person() -> str:
    """Who runs it, where no pipeline does. In a container the user may have no name."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = f"uid {os.getuid()}"
    return f"{name}@{socket.gethostname()}"
