# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the service provider is, and with which credential it is asked. Wrong options are told here, before any network."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit

from ..errors import Invalid

HTTP_AGENT = "identity.scim/0.1.0"
PORTS = {"http": 80, "https": 443}
LONGEST = 10**6  # seconds, eleven days: more than that no clock of an operating system need take


class Origin(NamedTuple):
    """Scheme, host and port (RFC 6454 §4): what must be equal for a credential to be sent."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS.get(self.scheme) else f":{self.port}"
        return f"{self.scheme}://{host}{port}"


def origin_of(url: str) -> Origin:
    """The origin of an absolute URL; ``ValueError`` where it has none."""
    parts = urlsplit(url)
    return Origin(parts.scheme, parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0))


def is_loopback(host: str) -> bool:
    """True where what is sent cannot leave this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


@dataclass(frozen=True, slots=True)
class Connection:
    """The options of a connection. Secrets are not in its ``repr``."""

    url: str
    token: str | None = field(default=None, repr=False)
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    token_url: str | None = None
    scopes: tuple[str, ...] = ()
    audience: str | None = None
    url_username: str | None = None
    url_password: str | None = field(default=None, repr=False)
    http_agent: str = HTTP_AGENT
    http_headers: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)
    validate_certs: bool = True
    ca_path: str | None = None
    client_cert: str | None = None
    client_key: str | None = None
    timeout: float = 30
    retries: int = 5
    max_wait: float = 300
    allow_plaintext: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", self.url.rstrip("/"))
        problems = list(self._problems())
        if problems:
            raise Invalid("\n".join(problems))

    @property
    def origin(self) -> Origin:
        return origin_of(self.url)

    def _problems(self) -> Iterator[str]:
        yield from url_problems("url", self.url, self.allow_plaintext)
        if self.token_url:
            yield from url_problems("token_url", self.token_url, self.allow_plaintext, query=True)
        yield from header_problems({**self.http_headers, "User-Agent": self.http_agent})
        if self.client_key and not self.client_cert:
            yield "client_key is given without client_cert: give the certificate that belongs to the key."
        if not 0 < self.timeout <= LONGEST:  # none of these is true of a nan
            yield f"timeout is {self.timeout}: expected are seconds, more than 0 and at most {LONGEST}."
        if self.retries < 0 or not 0 <= self.max_wait <= LONGEST:
            yield f"retries is {self.retries} and max_wait {self.max_wait}: neither can be less than 0, nor max_wait more than {LONGEST} s."


def url_problems(option: str, url: str, allow_plaintext: bool, query: bool = False) -> Iterator[str]:
    """What is wrong with a URL, in words that never repeat a password that stands in it."""
    if re.search(r"[\x00-\x20\x7f\\]", url):
        yield f"{option} holds a space, a line break or a backslash: expected is a URL like https://scim.example.com/v2."
        return
    try:
        parts, origin = urlsplit(url), origin_of(url)
    except ValueError:
        yield f"{option} is no URL (its host or port cannot be read): expected is one like https://scim.example.com/v2."
        return
    if "@" in parts.netloc:
        yield f"{option} holds a user name or password: give them as url_username and url_password."
    elif origin.scheme not in PORTS or not origin.host:
        yield f"{option} is {url!r}: expected is a URL that begins with https:// and names a host, like https://scim.example.com/v2."
    elif origin.scheme == "http" and not allow_plaintext and not is_loopback(origin.host):
        yield f"{option} is {origin}: over plain http anybody on the way reads the credential. Use https, or set allow_plaintext to true."
    if "#" in url or ("?" in url and not query):
        yield f"{option} holds a query or a fragment: give it only as far as the path, like https://scim.example.com/v2."


def header_problems(headers: Mapping[str, str]) -> Iterator[str]:
    """Headers that cannot be sent, by name; their values may be secrets."""
    for name, value in headers.items():
        if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
            yield f"http_headers names {name!r}, which is no name of an HTTP header: letters, digits and hyphens are expected."
        elif name.lower() == "authorization":
            yield "http_headers sets Authorization: give the credential as token, client_id or url_username."
        elif not re.fullmatch(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?|", str(value)):
            yield f"The value of the HTTP header {name} begins or ends with a space, or holds a line break or a letter outside of ASCII."
