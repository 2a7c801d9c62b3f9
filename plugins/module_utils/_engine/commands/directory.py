# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole directory: a module's parameters to a declaration, and what became of it to a result."""

from __future__ import annotations

import os
import time
from contextlib import suppress

from ..apply.executor import ApplyOptions
from ..apply.run import Run
from ..plan.guard import Limits, reviewed
from ..report.audit_log import AuditLog
from ..report.model import unplanned
from ..report.progress import Progress
from ..scim.errors import Invalid, ScimError
from .declared import declared
from .directory_result import check_place, result, write, write_reports
from .policy import directory_policy
from .reconcile import reconcile
from .task import Result, Task


def directory(task: Task) -> Result:
    """The work of ``identity.scim.directory``."""
    began = time.monotonic()
    parameters, client = task.parameters, task.client
    for path in parameters["report"]:
        check_place(path)
    try:
        run = _reconciled(task)
    except ScimError as error:
        # A reviewed report stays, for the next run to finish. An error while writing the others would hide the failure itself.
        paths = [path for path in parameters["report"] if os.path.realpath(path) != os.path.realpath(parameters["expect_plan"] or "")]
        with suppress(Invalid):
            write(unplanned(client.url, task.check, str(error), paths), paths)
        raise
    returned = result(run, client, parameters["max_listed"], parameters["bulk"], time.monotonic() - began, task.check)
    try:
        write_reports(run, returned, client, parameters, task.check)
    except Invalid as unwritten:  # what was done is reported all the same
        returned |= {"failed": True, "msg": "\n".join([*([returned["msg"]] if "msg" in returned else []), str(unwritten)])}
    return returned


def _reconciled(task: Task) -> Run:
    """Plan or apply the declaration with the options of the task."""
    parameters, client = task.parameters, task.client
    policy = directory_policy(parameters, client.types, client.capabilities)
    declaration = declared(parameters, client, policy)
    limits = Limits(parameters["max_removals"], parameters["max_updates"], parameters["max_creates"], parameters["allow_removals"])
    expected = reviewed(parameters["expect_plan"], client.url)
    with AuditLog(None if task.check else parameters["audit_log"], client.url) as audit:
        return reconcile(
            declaration,
            client,
            policy,
            limits,
            task.check,
            [audit.outcome, Progress(task.report_progress).outcome],
            expected=expected,
            options=ApplyOptions(parameters["bulk"], parameters["on_error"]),
        )
