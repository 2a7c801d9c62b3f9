# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the service provider is, and the credential for it. Wrong options are refused here, before anything is sent."""

from __future__ import annotations

import base64
import ipaddress
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import quote_plus, urlsplit

from ..errors import Invalid
from .jwt import is_jwt

HTTP_AGENT = "identity.scim/1.0.0"
PORTS = {"http": 80, "https": 443}
LONGEST = 10**6  # seconds, eleven days: as long as every operating system can wait
ISSUERS = ("github", "gitlab")
ASSERTIONS = ("client_assertion", "client_assertion_file", "client_assertion_from")
CREDENTIALS: Mapping[str, tuple[str, ...]] = {
    "token": (),
    "client_id": ("client_secret", *ASSERTIONS),
    "url_username": ("url_password",),
}  # each with one of its secrets
CHOICE = (
    "token, or client_id with client_secret or a client assertion (client_assertion, client_assertion_file or client_assertion_from), "
    "or url_username with url_password"
)
SUCH_AS = "such as https://scim.example.com/v2"
TOKEN = re.compile(r"[\x21-\x7e]+")  # what a bearer token may consist of (a superset of RFC 6750 §2.1)


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL (RFC 6454 §4): what must be equal for a credential to be sent.

    :raises ValueError: if they cannot be read.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = "" if parts.port in (None, PORTS.get(parts.scheme)) else f":{parts.port}"
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"


def is_loopback(url: str) -> bool:
    """Whether what is sent to a URL stays on this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(frozen=True, slots=True)
class Connection:
    """The options of a connection. Secrets are not in its ``repr``.

    :raises Invalid: with all mistakes, one a line.
    """

    url: str
    token: str | None = field(default=None, repr=False)
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    client_assertion: str | None = field(default=None, repr=False)
    client_assertion_file: str | None = None
    client_assertion_from: str | None = None
    client_assertion_audience: str | None = None
    token_expires: date | None = None
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
            raise Invalid(*problems)

    @property
    def basic(self) -> str:
        """``url_username`` and ``url_password`` as HTTP Basic sends them, in UTF-8 (RFC 7617)."""
        return _base64(self.url_username or "", self.url_password or "")

    @property
    def client_basic(self) -> str:
        """``client_id`` and ``client_secret`` as HTTP Basic sends them, each encoded as in a form first (RFC 6749 §2.3.1)."""
        return _base64(quote_plus(self.client_id or ""), quote_plus(self.client_secret or ""))

    @property
    def secrets(self) -> list[str]:
        """What must not be in any output, in each form in which it is sent. Not the values of headers: see ``Transport.redactor``."""
        secrets = [self.token, self.client_secret, self.client_assertion, self.url_password]
        secrets += [self.basic] if self.url_username else []
        secrets += [self.client_basic] if self.client_secret else []
        return [secret for secret in secrets if secret]

    @property
    def secret_option(self) -> str:
        """The option that has the secret of the credential, or says where it comes from."""
        if self.client_id:
            return next((name for name in CREDENTIALS["client_id"] if getattr(self, name)), "client_secret")
        return "token" if self.token else "url_password"

    def _problems(self) -> Iterator[str]:
        yield from url_problems("url", self.url, self.allow_plaintext)
        if self.token_url:
            yield from url_problems("token_url", self.token_url, self.allow_plaintext, query=True)
        yield from self._credential_problems()
        yield from header_problems({**self.http_headers, "User-Agent": self.http_agent})
        if self.client_key and not self.client_cert:
            yield "client_cert is missing: client_key needs the certificate that belongs to it."
        if not 0 < self.timeout <= LONGEST:  # false for a nan, too
            yield f"timeout must be more than 0 and at most {LONGEST} seconds, got {self.timeout:g}."
        if self.retries < 0:
            yield f"retries must be at least 0, got {self.retries}."
        if not 0 <= self.max_wait <= LONGEST:
            yield f"max_wait must be at least 0 and at most {LONGEST} seconds, got {self.max_wait:g}."

    def _credential_problems(self) -> Iterator[str]:
        given = [name for name, secrets in CREDENTIALS.items() if any(getattr(self, each) for each in (name, *secrets))]
        if len(given) != 1:
            yield f"Set exactly one credential: {CHOICE}; found {' and '.join(given) or 'none'}."
        for name in given:
            found = [secret for secret in CREDENTIALS[name] if getattr(self, secret) is not None]
            if len(found) > 1:
                yield f"Set only one of {' and '.join(found)}: {name} has one secret."
            missing = [] if getattr(self, name) is not None else [name]
            missing += [] if found else CREDENTIALS[name][:1]
            if missing:
                yield f"{missing[0]} is missing: {name} and {found[0] if found else missing[0]} must be set together."
        if "client_id" in given and not self.token_url:
            client = f"client_id and {self.secret_option}"
            yield f"token_url is missing: {client} are exchanged for a token there, and the profile has no default."
        yield from self._assertion_problems()
        if self.token and not TOKEN.fullmatch(self.token):
            yield 'token must be the token alone, without "Bearer ", spaces, line breaks or letters outside of ASCII.'
        if ":" in (self.url_username or "") or re.search(r"[\x00-\x1f\x7f]", f"{self.url_username}{self.url_password}"):
            yield "url_username must not contain a colon, nor url_username and url_password a control character (RFC 7617)."

    def _assertion_problems(self) -> Iterator[str]:
        if self.client_assertion and not is_jwt(self.client_assertion):
            yield (
                "client_assertion must be the JWT alone, which has three parts in base64url, separated by dots. "
                "Set client_assertion_file to the path of a file with one."
            )
        if self.client_assertion_from and self.client_assertion_from not in ISSUERS:
            yield f'client_assertion_from must be {" or ".join(ISSUERS)}, got "{self.client_assertion_from}".'
        if self.client_assertion_audience and self.client_assertion_from != "github":
            yield (
                "client_assertion_audience has no effect without client_assertion_from: github. "
                "Any other JWT was issued with its audience: request the right one there."
            )


def _base64(username: str, password: str) -> str:
    return base64.b64encode(f"{username}:{password}".encode()).decode("ascii")


def url_problems(option: str, url: str, allow_plaintext: bool | None, query: bool = False) -> Iterator[str]:
    """What is wrong with a URL; a password in it is not repeated. ``allow_plaintext`` is None where no option can allow it."""
    if re.search(r"[\x00-\x20\x7f\\]", url):
        yield f"{option} must not contain spaces, line breaks or backslashes; expected a URL {SUCH_AS}."
        return
    try:
        parts, origin = urlsplit(url), origin_of(url)
    except ValueError:
        yield f"{option} is not a valid URL: its host or port cannot be read; expected one {SUCH_AS}."
        return
    has_user = re.match(r"(?:[a-z][a-z0-9+.-]*:)?/*[^/?#]*@", url, re.IGNORECASE)  # without https://, urlsplit finds no netloc
    if "@" in parts.netloc or has_user:
        yield f"{option} must not contain a user name or password: set url_username and url_password."
    elif parts.scheme not in PORTS or not parts.hostname:
        yield f'{option} must begin with https:// and a host, {SUCH_AS}, got "{url}".'
    elif parts.scheme == "http" and not allow_plaintext and not is_loopback(url):
        exception = "" if allow_plaintext is None else ", or set allow_plaintext: true"
        yield f"{option} is {origin}: with plain http, the credential can be read on the way. Use https{exception}."
    if "#" in url or ("?" in url and not query):
        yield f"{option} must not contain a query or a fragment: end it with the path, {SUCH_AS}."


def header_problems(headers: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with headers, by name: their values may be secrets."""
    for name, value in headers.items():
        if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
            yield f'http_headers: "{name}" is not a valid name of a header; use letters, digits and hyphens.'
        elif name.lower() == "authorization":
            yield "http_headers must not contain Authorization: set token, client_id or url_username."
        elif not re.fullmatch(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?|", value):
            yield f"The value of the HTTP header {name} must be ASCII, without line breaks and without spaces at its ends."
