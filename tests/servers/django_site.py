# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two real service providers, written by others for Django: django-scim2 and django-scim2-server, each in a process of its own.

What django-scim2 0.23 is like, tried out:

- A user has ``userName``, ``externalId``, ``name.givenName``, ``name.familyName``, one e-mail address and ``active``; all else is dropped
  in silence. ``name.formatted`` and ``displayName`` are made of the two names. What is empty is an empty text. ``attributes`` is ignored.
- Filters know ``userName`` and the names; whatever else is asked for, any group too, nobody is found, and the answer is a 200. They fold
  case, and the check of a conflict does not.
- PATCH of a user knows ``replace`` of these but ``externalId``; anything else is a 501. PUT takes all of them, and keeps the address where
  none is given.
- PATCH of a group knows ``add`` and ``remove`` of members, the latter with a list of values; the RFC's path is a 501, as is a new name.
  **POST and PUT of a group overlook members**, and answer as if all was well. Members are users.
- **A user and a group may have one id**: both are counted from 1 (RFC 7643 §3.1 wants ids that are unique among all resources).
- A conflict is a 409 without scimType; the status of an error is a number. /Me and /Bulk are a 501 without a body.

What django-scim2-server 1.1 is like:

- The same attributes, ``name.formatted`` and ``displayName`` not among them; PATCH and PUT know them all, and drop all else in silence.
- Filters fold case, and the check of a conflict does not. A group's name that is taken is Django's 500 in HTML.
- ``count`` above 1,000 is refused. **DELETE of a user only deactivates.** ``members.value`` cannot be asked for. No /Me, no /Bulk.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

TOKEN = "django-site-token"
SITES = ("django_scim", "django_scim2_server")


class DjangoSite:
    """A running site; ``empty()`` forgets everybody."""

    def __init__(self, site: str, token: str = TOKEN) -> None:
        self.site = site
        self.token = token
        command = [sys.executable, "-m", "servers.django_project", site, token]
        self._process = subprocess.Popen(
            command, cwd=Path(__file__).parents[1], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self.url = self._line()

    def _line(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline().strip()
        assert line, "The site ended; what it has to say is on standard error."
        return line

    def empty(self) -> None:
        assert self._process.stdin
        self._process.stdin.write("empty\n")
        self._line()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """At the end of its input it ends by itself."""
        self._process.communicate()
