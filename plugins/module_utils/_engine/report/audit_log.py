# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit log: a JSON line for each write, appended as soon as it is done, so that an interrupted run has its lines as well.

docs/audit_log.md describes the fields. They are stable: ``identity.scim.rollback`` and the users' own tools read them.
"""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Self

from ..apply.outcome import Outcome
from ..apply.run import Run
from ..escaping import visible_json
from ..files import open_to_append
from ..plan.diff import action_of, returned
from ..scim.errors import Stop
from ..scim.schema.resource import Body

# Of each CI system: who started the job, and the address of the job. The first template is used whose variables are all set.
ACTORS = ("{GITHUB_TRIGGERING_ACTOR}", "{GITHUB_ACTOR}", "{GITLAB_USER_LOGIN}", "{AWX_USER_NAME}", "{TOWER_USER_NAME}",
          "{BUILD_USER_ID}", "{BUILD_REQUESTEDFOREMAIL}")  # fmt: skip
JOBS = ("{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}", "{GITHUB_RUN_ID}", "{CI_JOB_URL}",
        "{AWX_HOST}/#/jobs/playbook/{JOB_ID}", "{BUILD_URL}",
        "{SYSTEM_COLLECTIONURI}{SYSTEM_TEAMPROJECT}/_build/results?buildId={BUILD_BUILDID}")  # fmt: skip
DONE, PARTIAL, REFUSED, UNKNOWN = "done", "partial", "refused", "unknown"


class AuditLog:
    """Appends to a file of mode 0600. Without a path it writes nothing."""

    def __init__(
        self, path: str | None, url: str, environment: Mapping[str, str] | None = None, mask: Callable[[Body], Body] = dict
    ) -> None:
        """Open the file. ``mask`` masks the secrets that a provider repeats in its answers.

        :raises Invalid: if the file cannot be opened; nothing was sent to the provider then.
        """
        environment = os.environ if environment is None else environment
        self._origin = {"actor": _first(ACTORS, environment) or _local_user(), "job": _first(JOBS, environment), "url": url}
        self._path = path
        self._mask = mask
        self._ids: dict[str, str] = {}
        self._logged: dict[int, int] = {}  # how many requests of a change are in its earlier line
        self._file = open_to_append(path, "audit_log") if path else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._file is not None:
            os.close(self._file)

    def outcome(self, outcome: Outcome, run: Run) -> None:
        """Append the line of one outcome, if something was sent.

        :raises Stop: if it cannot be written, because a write without a record must not be followed by another.
        """
        if outcome.id:
            self._ids[outcome.change.key] = outcome.id
        if self._file is None or not outcome.sent:
            return
        time = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = visible_json({"time": time, **self._origin, **self._mask(self._fields(outcome, run))}) + "\n"
        self._logged[id(outcome.change)] = len(outcome.sent)
        unwritten = line.encode("utf-8", "backslashreplace")
        try:
            while unwritten:  # nearly always once, so that the lines of several tasks do not mix in one file
                unwritten = unwritten[os.write(self._file, unwritten) :]
        except OSError as error:
            raise Stop(
                f'audit_log: "{self._path}" cannot be written: {error.strerror}. The run was stopped. '
                "Run the task again to apply the remaining changes."
            ) from None

    def _fields(self, outcome: Outcome, run: Run) -> Body:
        change, before = outcome.change, outcome.adopted or outcome.change.before
        after = outcome.after if outcome.after is not before else None  # the provider returned none
        joins, leaves = self._members(change.joins), self._members(change.leaves)
        names = {member: run.plan.names[key] for key, member in {**joins, **leaves}.items() if key in run.plan.names}
        return {
            "plan_digest": run.digest,
            "type": change.type.name,
            "name": before.name if before else change.name,
            "id": outcome.id or (before.id if before else None),
            "action": action_of(change, outcome.action),
            "reason": change.reason,
            "operations": list(outcome.sent[self._logged.get(id(outcome.change), 0) :]),
            "before": returned(before) if before else None,
            "after": returned(after) if after else None,
            "joins": list(joins.values()),
            "leaves": list(leaves.values()),
            "unseen": sorted(change.unseen | outcome.unseen),
            "names": names,
            "status": status_of(outcome),
            "error": outcome.error or None,
            "confirmed": outcome.confirmed,
            "request_ids": list(outcome.request_ids),
        }

    def _members(self, keys: Iterable[str]) -> dict[str, str]:
        """The ids of members by their keys in the plan: a resource that this run created has an id now."""
        return {key: self._ids.get(key, key) for key in keys}


def status_of(outcome: Outcome) -> str:
    """How a write ended."""
    if not outcome.error:
        return DONE
    return UNKNOWN if outcome.unknown else PARTIAL if outcome.changed else REFUSED


def _first(templates: Iterable[str], environment: Mapping[str, str]) -> str | None:
    variables = {name: value for name, value in environment.items() if value}
    for template in templates:
        try:
            return template.format_map(variables)
        except KeyError:
            continue
    return None


def _local_user() -> str:
    """The user who runs Ansible outside of a CI system. In a container the user may have no name."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = f"uid {os.getuid()}"
    return f"{name}@{socket.gethostname()}"
