# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ends a run between two writes: at SIGTERM, at Ctrl-C, or if Ansible no longer waits for the result."""

from __future__ import annotations

import os
import select
import signal
import sys
from threading import Thread
from time import sleep

from .scim.http.pacing import Pacing

EVERY_SECONDS = 0.5


def end_between_writes(pacing: Pacing) -> None:
    """Stop the run at SIGTERM and Ctrl-C, and when no process waits for its result any more.

    Ansible does not kill a module when a task's ``timeout`` is over. It only stops reading, and the module would go on writing.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _frame: pacing.stop(f"The run was ended by {signal.Signals(number).name}."))
    Thread(target=watch, args=(pacing, os.getppid()), daemon=True).start()


def watch(pacing: Pacing, parent: int) -> None:
    """Stop the run once its result has no reader."""
    while not has_no_reader(parent):
        sleep(EVERY_SECONDS)
    pacing.stop("Ansible no longer waits for the result.")


def has_no_reader(parent: int) -> bool:
    """Whether this process has another parent by now, or its standard output is a pipe that no process reads."""
    if os.getppid() != parent:
        return True
    poll = select.poll()
    try:
        poll.register(sys.__stdout__ or 1, 0)
        return any(event & (select.POLLERR | select.POLLNVAL) for _descriptor, event in poll.poll(0))
    except (OSError, ValueError):
        return False
