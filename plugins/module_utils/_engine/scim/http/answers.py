# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an answer says: its body, or the provider's refusal in the provider's own words, whatever shape they have."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from ...wording import HALF_A_CHARACTER, printable
from ..errors import Conflict, Forbidden, NotFound, NotScim, Refused, Unsupported
from ..names import fold
from .wire import Reply

DETAIL_LIMIT = 300
PREVIEW_LIMIT = 80
READ_LIMIT = 2**14  # of a provider's words: patterns that look for tags take a time that grows with the square
ERROR_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:error"
# SCIM's own name first (RFC 7644 §3.12), then what vendors, gateways and OAuth servers write; the most telling first.
WORDS = (
    "detail", "errordescription", "errorsummary", "errormessage", "message", "description", "faultstring", "reason", "title", "msg",
    "error", "errors", "fault", "errorcauses",
)  # fmt: skip
THROTTLED = re.compile(r"(?:[\w.]+#)?(?:ThrottlingException|TooManyRequests(?:Exception)?)\b")
TOO_FAST = ". A lower rate_limit keeps from meeting it"
BY_STATUS: Mapping[int, type[Refused]] = {403: Forbidden, 404: NotFound, 405: Unsupported, 409: Conflict, 501: Unsupported}


def document(content: bytes) -> Any:
    """The JSON of an answer, whatever its content type says; None for no content, ``ValueError`` for anything else."""
    if not content.strip():
        return None
    text = content.decode("utf-8-sig")
    try:
        value = json.loads(text)
        if HALF_A_CHARACTER.search(text):  # JSON can write what no text can hold (RFC 8259 §8.2), and nothing could print it
            value = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
        return value
    except RecursionError:
        raise ValueError("nested too deeply") from None


def body_of(name: str, url: str, reply: Reply, redact: Callable[[str], str]) -> Any:
    """The body of a successful answer; ``NotScim`` where it is something else than JSON."""
    try:
        return document(reply.content)
    except ValueError:
        kind = clean(reply.headers.get("Content-Type", "")) or "no content type"
        preview = clean(redact(reply.content[: 4 * DETAIL_LIMIT].decode("utf-8", "replace")), PREVIEW_LIMIT)
        raise NotScim(
            f"{name} was answered with {reply.status}, but not with JSON ({kind}): {preview!r}. "
            f"It was asked at {url}: is the base URL right?"
        ) from None


def error_status(body: Any, status: int) -> int:
    """The HTTP status, except where a provider sends an error message with 200: then the one that the message holds."""
    if status >= 400 or not isinstance(body, dict):
        return status
    schemas = body.get("schemas")
    told = str(body.get("status", ""))
    is_error = isinstance(schemas, list) and any(str(schema).lower() == ERROR_SCHEMA for schema in schemas)
    return int(told) if is_error and re.fullmatch("[45][0-9][0-9]", told) else status


def refusal(name: str, status: int, content: bytes, redact: Callable[[str], str], tries: int = 1) -> Refused:
    """The error that an answer stands for."""
    scim_type, detail = told(content, redact)
    unique = status == 400 and scim_type.lower() == "uniqueness"
    of = Conflict if unique else BY_STATUS.get(status, Refused)
    sort = f" ({scim_type})" if scim_type else ""
    more = (f". It was tried {tries} times" if tries > 1 else "") + (TOO_FAST if status == 429 else "")
    return of(f"{name} was refused with {status}{sort}: {detail or phrase(status)}{more}", status, scim_type, detail)


def told(content: bytes, redact: Callable[[str], str]) -> tuple[str, str]:
    """``scimType`` and the provider's words. Redacted before it is cut: half a secret is a secret too."""
    text = content.decode("utf-8", "replace")
    try:
        body = document(content)
    except ValueError:
        return "", readable(text, redact)
    scim_type = next(_find(body, ("scimtype",)), "")
    said = next(_find(body, WORDS), "") or (text if body and not scim_type else "")
    return clean(redact(scim_type), PREVIEW_LIMIT), readable(said, redact)


def readable(text: str, redact: Callable[[str], str]) -> str:
    """A line for people. What is cut off is cut twice, so that half a secret at the first end is not left at the second."""
    return clean(redact(plain(redact(text[: 2 * READ_LIMIT])[:READ_LIMIT])))


def is_throttled(reply: Reply) -> bool:
    """429, or AWS's way to say it with 400. A name that stands within other words is somebody's data, not an exception's name."""
    if reply.status != 400:
        return reply.status == 429
    try:
        body = document(reply.content)
    except ValueError:
        body = None
    named = (reply.headers.get("x-amzn-ErrorType", ""), *_texts(body))
    return any(THROTTLED.match(text) for text in named)


def is_portal(reply: Reply) -> bool:
    """A page to read, with 200: what a portal or a gateway answers to everything. It tells nothing of a write, not even that it arrived."""
    return reply.status == 200 and re.match(rb"\s*<(!doctype\s+html|html)\b", reply.content, re.IGNORECASE) is not None


def phrase(status: int) -> str:
    """HTTP's own words, where the provider has none."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "no explanation was given"


def plain(text: str) -> str:
    """What a person would read of an HTML page: its title, else its text."""
    if not re.search(r"<(!doctype|html|head|body|title|h1|p)\b", text, re.IGNORECASE):
        return text
    title = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
    shown = title[1] if title and title[1].strip() else re.sub(r"<(script|style)\b.*?(</\1>|$)", " ", text, flags=re.IGNORECASE | re.DOTALL)
    return html.unescape(re.sub(r"<[^>]*>", " ", shown))


def clean(text: str, limit: int = DETAIL_LIMIT) -> str:
    """One line without control characters (terminal escapes, reversed text), of a length that people read."""
    line = " ".join(printable(text[: 64 * limit]).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _find(body: Any, names: tuple[str, ...], depth: int = 4) -> Iterator[str]:
    """Texts under these names, in the order of the names; lists and objects under them are looked into."""
    if isinstance(body, str) and body.strip():
        yield body
    elif isinstance(body, list) and depth:
        for item in body:
            yield from _find(item, names, depth - 1)
    elif isinstance(body, dict) and depth:
        folded = {fold(str(key)): value for key, value in body.items()}
        for name in names:
            if name in folded:
                yield from _find(folded[name], names, depth - 1)
        if "scimtype" in names:  # it may stand inside of what a framework wraps around: {"detail": {"scimType": …}}
            for value in body.values():
                if isinstance(value, dict):
                    yield from _find(value, names, depth - 1)


def _texts(body: Any, depth: int = 3) -> Iterator[str]:
    if isinstance(body, str):
        yield body
    elif isinstance(body, (list, dict)) and depth:
        for item in body.values() if isinstance(body, dict) else body:
            yield from _texts(item, depth - 1)
