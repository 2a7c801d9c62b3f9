# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a URL can be a base URL, and the form in which the provider documents it."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from ...escaping import visible
from ..errors import Invalid
from .catalog import CATALOG
from .profile import Profile
from .profiles import AUTO

ENDPOINTS = ("Users", "Groups", "Me", "Bulk", "Schemas", "ResourceTypes", "ServiceProviderConfig")
USUAL = "https://example.com/scim/v2"


def refuse_wrong_base_url(url: str, provider: str, profile: Profile) -> None:
    """:raises Invalid: for the URL of an endpoint, and for one without the path that the provider documents.

    ``provider`` is the option. With a profile that is named, the host may have any path.
    """
    try:
        parts = urlsplit(url)
    except ValueError:  # ``Connection`` reports it
        return
    segments = parts.path.rstrip("/").split("/")
    place = next((index for index in (-1, -2) if len(segments) > -index and segments[index] in ENDPOINTS), 0)
    base = urlunsplit((parts.scheme, parts.netloc, "/".join(segments[:place]), "", "")) if place else ""
    if place and (profile.matches(base) or not profile.hosts):
        raise Invalid(f'url: "{_shown(url)}" is an endpoint, not the base URL. Remove "/{"/".join(segments[place:])}": {_shown(base)}')
    host = (parts.hostname or "").lower()
    known = profile if profile.hosts else next(filter(lambda each: _is_host_of(each, host), CATALOG), None)
    if provider != AUTO or known is None or not urlsplit(known.example).path.strip("/"):
        return
    if known is not profile or not parts.path.strip("/"):
        raise Invalid(
            f'url: "{_shown(url)}" does not have the path of {known.title}. Its base URL has the form {known.example}. '
            f"For another service on this host, set provider: rfc."
        )


def base_url_hint(url: str, profile: Profile) -> str:
    """What to check where no request was answered with SCIM."""
    form = f"The base URL of {profile.title} has the form {profile.example}" if profile.example else f"Many have the form {USUAL}"
    return f"No request was answered with SCIM: url may not be the base URL ({_shown(url)}). {form}."


def _is_host_of(profile: Profile, host: str) -> bool:
    """Whether a host is that of a provider alone, whatever the path."""
    return any(not pattern.startswith("*/") and profile.matches(f"https://{host}/{pattern.partition('/')[2]}") for pattern in profile.hosts)


def _shown(url: str) -> str:
    """A URL without a user, a password or a query in it."""
    parts = urlsplit(url)
    return visible(urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", "")))
