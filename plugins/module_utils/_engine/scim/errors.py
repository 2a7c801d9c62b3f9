# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that can go wrong. Each message is whole sentences: what, where, what was expected, how to go on.

ScimError
├── Invalid            a declaration or an option is wrong; nothing was sent
├── Guarded            a plan would do what a limit or a protection forbids; nothing was written
├── Stop               the run cannot go on, whichever resource comes next
│   ├── Unauthorized       the credential is not accepted (401), or no token is given for it
│   ├── Unreachable        no answer after all retries, TLS not trusted, a redirect elsewhere
│   ├── NotScim            an answer, but none of a SCIM service provider
│   ├── TryLater           the provider asks for more patience than max_wait allows
│   └── Interrupted        a signal, a time limit, a controller that went away
├── AnswerLost         a write was sent and its answer never came: it may have happened or not
└── Refused            the provider's refusal of one request
    ├── Forbidden          403
    ├── NotFound           404
    ├── Conflict           409, or 400 with scimType uniqueness
    └── Unsupported        405 and 501
"""

from __future__ import annotations


class ScimError(Exception):
    """Base of all errors that this collection raises; ``str()`` is what the user reads."""


class Invalid(ScimError):
    """What was declared is wrong. The message holds all mistakes, one a line."""


class PlanRefused(ScimError):
    """The plan was refused before its first write."""


class Stop(ScimError):
    """The run ends here."""


class Unauthorized(Stop):
    """The credential was refused."""


class Unreachable(Stop):
    """The service provider could not be asked."""


class NotScim(Stop):
    """Something else than a SCIM service provider answered."""


class TryLater(Stop):
    """The provider's Retry-After is longer than ``max_wait``. A later run goes on where this one ended."""


class Interrupted(Stop):
    """The run was told to end, between two writes. Unless ``begun``, the write that was next was not sent."""

    begun = True


class AnswerLost(ScimError):
    """The answer to a write did not arrive. Look before writing again."""


class Refused(ScimError):
    """The provider answered one request with an error (RFC 7644 §3.12)."""

    def __init__(self, message: str, status: int, scim_type: str = "", detail: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.scim_type = scim_type
        self.detail = detail


class Forbidden(Refused):
    """403: the credential is good, its rights are not enough."""


class NotFound(Refused):
    """404: no such resource, or no such endpoint."""


class Conflict(Refused):
    """The resource is there already, or a value that must be unique is taken (RFC 7644 §3.3)."""


class Unsupported(Refused):
    """405 or 501: the provider does not do this at all."""
