# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record of writes: a JSON line for each, appended and flushed as it happens, so that an interrupted run is told too."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import IO, Any, Self

from ..scim.errors import Invalid
from .outcome import Outcome
from .present import shown
from .reconcile import Run

ACTORS = ("GITHUB_ACTOR", "GITLAB_USER_LOGIN", "CI_COMMIT_AUTHOR", "BUILD_USER", "AWX_USER_NAME", "TOWER_USER_NAME", "USER")
JOBS = ("GITHUB_RUN_ID", "CI_JOB_URL", "BUILD_URL", "AWX_JOB_ID", "TOWER_JOB_ID")


class AuditLog:
    """Appends to a file of mode 0600; without a path it does nothing."""

    def __init__(self, path: str | None, environment: Mapping[str, str] | None = None) -> None:
        """:raises Invalid: where the file cannot be opened, before anything is written to the provider."""
        known = os.environ if environment is None else environment
        self._actor = {name: known[name] for name in (*ACTORS, *JOBS) if known.get(name)}
        self._file: IO[str] | None = None
        if path:
            try:
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
                self._file = open(descriptor, "a", encoding="utf-8")  # noqa: SIM115
            except OSError as error:
                raise Invalid(f"audit_log: {path} cannot be written: {error.strerror}.") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._file:
            self._file.close()

    def outcome(self, outcome: Outcome, run: Run) -> None:
        """One line, with what was there before and what is there now."""
        if self._file and outcome.sent:
            self._file.write(json.dumps(self._line(outcome, run.digest), ensure_ascii=False) + "\n")
            self._file.flush()

    def _line(self, outcome: Outcome, plan_digest: str) -> dict[str, Any]:
        change = outcome.change
        return {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "actor": self._actor,
            "plan_digest": plan_digest,
            "type": change.type.name,
            "name": change.name,
            "id": outcome.id or (change.before.id if change.before else None),
            "action": str(outcome.action),
            "reason": change.reason,
            "operations": list(outcome.sent),
            "before": shown(change.before) if change.before else None,
            "after": shown(outcome.after) if outcome.after else None,
            "joins": list(change.joins),
            "leaves": list(change.leaves),
            "status": "refused" if outcome.error else "done",
            "error": outcome.error or None,
        }
