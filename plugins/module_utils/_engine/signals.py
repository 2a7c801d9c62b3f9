# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ends a run between two writes: a signal, or a controller that has gone away."""

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
    """SIGTERM and Ctrl-C end the run, and so does the end of whoever waits for the result.

    Ansible kills no module when a task's ``timeout`` is over: it only stops reading, and the module would go on writing to the provider.
    """
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, _frame: pacing.stop(f"The run was ended by {signal.Signals(number).name}."))
    Thread(target=_watch, args=(pacing, os.getppid()), daemon=True).start()


def _watch(pacing: Pacing, parent: int) -> None:
    while not _alone(parent):
        sleep(EVERY_SECONDS)
    pacing.stop("Ansible no longer waits for the result.")


def _alone(parent: int) -> bool:
    """Whether the parent is another one, or nobody reads what this process would print: a pipe without a reader reports an error."""
    if os.getppid() != parent:
        return True
    poll = select.poll()
    try:
        poll.register(sys.__stdout__ or 1, 0)
        return any(event & (select.POLLERR | select.POLLNVAL) for _fd, event in poll.poll(0))
    except (OSError, ValueError):
        return False
