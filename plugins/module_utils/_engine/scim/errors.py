# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that can go wrong. A message says where, what is wrong, what was found and what to do.

ScimError
├── Invalid            a declaration or an option is wrong; nothing was sent
├── PlanRefused        a limit or a protection forbids the plan; nothing was written
├── Stop               the run cannot go on with any other resource
│   ├── Unauthorized       the credential is refused (401), or no token is issued for it
│   ├── Unreachable        no answer after all attempts, TLS not trusted, a redirect elsewhere
│   ├── NotScim            an answer, but not from a SCIM service provider
│   ├── TryLater           the provider asks to wait longer than max_wait allows
│   └── Interrupted        a signal, a time limit, or Ansible stopped waiting
├── AnswerLost         a write was sent and its answer is lost: whether it was applied is unknown
└── Refused            the provider refused one request
    ├── Forbidden          403
    ├── NotFound           404 and 410
    ├── Conflict           409, or 400 or 422 with scimType uniqueness
    └── Unsupported        405 and 501
"""

from __future__ import annotations

from ..escaping import visible_lines

RESUME = "Run the task again: it continues where this run ended."
UNKNOWN = "It is unknown whether the provider applied it."
WRONG_VALUE = (
    400,
    422,
)  # statuses of a refused parameter, path or value (RFC 7644 §3.12; FastAPI and Rails answer 422)


class ScimError(Exception):
    """Base of all errors that this collection raises; ``str()`` is what the user reads.

    Each argument is a line. A line break within an argument is part of a name or a value, and is escaped.
    """

    def __init__(self, *lines: str) -> None:
        super().__init__(*lines)

    def __str__(self) -> str:
        return visible_lines(self.args)


class Invalid(ScimError):
    """The declaration or an option is wrong. The message has all mistakes, one per line."""


class PlanRefused(ScimError):
    """The plan was refused before its first write."""


class Stop(ScimError):
    """The run ends here."""


class OutOfReach(Stop):
    """The run ends here, and nothing more can be read either."""


class Unauthorized(OutOfReach):
    """The credential was refused."""


class Unreachable(OutOfReach):
    """The service provider could not be reached."""


class NotScim(OutOfReach):
    """The answer is not that of a SCIM service provider."""


class TryLater(OutOfReach):
    """The provider's Retry-After is longer than ``max_wait``. A later run applies the remaining changes."""


class Interrupted(OutOfReach):
    """The run was ended between two writes. Unless ``begun``, the write that was next was not sent."""

    begun = True


class AnswerLost(ScimError):
    """The answer to a write did not arrive. Look before writing again."""


class Refused(ScimError):
    """The provider answered one request with an error (RFC 7644 §3.12); ``detail`` is the provider's message. ``repeated``: the request was
    sent before without a final answer, so that it may have been carried out then.
    """

    repeated = False

    def __init__(self, message: str, status: int, scim_type: str = "", detail: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.scim_type = scim_type
        self.detail = detail


class Forbidden(Refused):
    """403: the credential is valid, its rights are not enough."""


class NotFound(Refused):
    """404 or 410: no such resource, or no such endpoint."""


class Conflict(Refused):
    """The resource exists already, or a value that must be unique is taken (RFC 7644 §3.3)."""


class Unsupported(Refused):
    """405 or 501: the provider does not support this at all."""
