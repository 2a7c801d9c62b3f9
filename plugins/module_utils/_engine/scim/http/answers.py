# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an answer means: its JSON, or the provider's error message, whatever shape that has."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from http.client import responses
from typing import Any

from ...escaping import HALF_A_CHARACTER, visible
from ...wording import counted, sentence
from ..errors import WRONG_VALUE, Conflict, Forbidden, NotFound, NotScim, Refused, Unsupported
from ..names import URN, fold, intern, join_path
from .wire import Reply

DETAIL_LIMIT = 300
PREVIEW_LIMIT = 80
HTML_LIMIT = 2**16
LARGE = 2**22  # characters
READ_AT_MOST = 64  # times the limit of what is shown: a mask may be shorter than its secret
HTML = re.compile(r"<(!doctype|html|head|body|title|h1|p)\b", re.IGNORECASE)
TITLE, TITLE_END = re.compile(r"<title[^<>]*>", re.IGNORECASE), re.compile("</title", re.IGNORECASE)
ERROR_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:error"
# Where a message may be: SCIM's own name first (RFC 7644 §3.12), then those of vendors, gateways and OAuth servers; the most precise first.
MESSAGE_NAMES = (
    "detail", "errordescription", "errorsummary", "errormessage", "message", "description", "faultstring", "reason", "title", "msg",
    "error", "errors", "fault", "errorcauses",
)  # fmt: skip
# Lists of single reasons beside a message: of Spring and many others, of Hibernate and Symfony, and of RFC 9457 (invalid-params).
REASON_NAMES = ("errors", "violations", "invalid-params")
PLACE_NAMES = ("loc", "field", "pointer", "propertypath", "property", "attribute", "path")  # where such a reason is
REQUEST_PARTS = ("body", "query", "path", "header")  # what FastAPI begins a "loc" with
THROTTLED = re.compile(r"(?:[\w.]+#)?(?:ThrottlingException|TooManyRequests(?:Exception)?)\b")
BY_STATUS: Mapping[int, type[Refused]] = {403: Forbidden, 404: NotFound, 410: NotFound, 405: Unsupported, 409: Conflict, 501: Unsupported}


def parse_json(content: bytes) -> Any:
    """The JSON of an answer, whatever its content type; None for no content.

    :raises ValueError: for anything else.
    """
    if not content.strip():
        return None
    text = content.decode("utf-8-sig")
    try:
        value = json.loads(text, object_hook=_with_shared_texts if len(text) > LARGE else None)
        if HALF_A_CHARACTER.search(text):  # JSON can escape what no text can contain (RFC 8259 §8.2), and nothing could print it
            value = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
        return value
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _with_shared_texts(read: dict[str, Any]) -> dict[str, Any]:
    """An object with each text kept once. What reads resources does so too, in half the time, but a large page of groups would have each
    id of each member once more until then.
    """
    for name, value in read.items():
        if isinstance(value, str):
            read[name] = intern(value)
    return read


def json_or(content: bytes, otherwise: Any = None) -> Any:
    """The JSON of an answer, or something else if it is not JSON."""
    try:
        return parse_json(content)
    except ValueError:
        return otherwise


def body_of(name: str, url: str, reply: Reply, redact: Callable[[str], str]) -> Any:
    """The body of a successful answer to the request of this ``name``, below the base ``url``.

    :raises NotScim: if it is not JSON.
    """
    try:
        return parse_json(reply.content)
    except ValueError:
        content_type = clean(reply.headers.get("Content-Type", "")) or "no content type"
        preview = readable(reply.content.decode("utf-8", "replace"), redact, PREVIEW_LIMIT)
        form = "a web page, " if HTML.search(reply.content[:HTML_LIMIT].decode("utf-8", "replace")) else ""
        raise NotScim(
            f'{name} was answered with {reply.status}, but not with JSON ({content_type}): {form}"{preview}". Check the base URL, {url}.'
        ) from None


def is_scim(status: int, content: bytes) -> bool:
    """Whether an answer may be one of SCIM: a success with JSON or without content, an error with schemas (RFC 7644 §3.12), or one that
    says what is wrong with a parameter or value.
    """
    body = json_or(content, "")
    if status == 204 or not isinstance(body, dict):
        return status == 204 and body is None
    return status < 300 or "schemas" in body or (status in WRONG_VALUE and bool(message_of(body)))


def error_status(body: Any, status: int) -> int:
    """The HTTP status, except where a provider sends a SCIM error with 200: then the status in that error."""
    if status >= 400 or not isinstance(body, dict):
        return status
    schemas = body.get("schemas")
    is_error = isinstance(schemas, list) and any(str(schema).lower() == ERROR_SCHEMA for schema in schemas)
    inner = str(body.get("status", ""))
    return int(inner) if is_error and re.fullmatch("[45][0-9][0-9]", inner) else status


def refusal(name: str, status: int, content: bytes, redact: Callable[[str], str], attempts: int = 1) -> Refused:
    """The error for a refused request."""
    scim_type, detail = error_of(content, redact)
    is_conflict = status in WRONG_VALUE and scim_type.lower() == "uniqueness"
    error = Conflict if is_conflict else BY_STATUS.get(status, Refused)
    message = f"{name} was refused with {status}{f' ({scim_type})' if scim_type else ''}: {detail or phrase(status)}"
    if attempts > 1:
        message = f"{sentence(message)} Gave up after {counted(attempts, 'attempt')}."
    if status == 429:
        message = f"{sentence(message)} A lower rate_limit prevents this."
    return error(message, status, scim_type, detail)


def error_of(content: bytes, redact: Callable[[str], str]) -> tuple[str, str]:
    """``scimType`` and the provider's message, each readable or empty."""
    text = content.decode("utf-8", "replace")
    body = _unwrapped(json_or(content, text))
    scim_type = next((value for name, value in _texts(body) if name == "scimtype" and value.strip()), "")
    message = message_of(body) or (text if body and not scim_type else "")
    return readable(scim_type, redact, PREVIEW_LIMIT), readable(message, redact)


def message_of(body: Any) -> str:
    """The provider's message in the JSON of an error, with the reasons that are in a list or in an extension beside it; or empty."""
    body = _unwrapped(body)
    found = [next(_messages(body), "")]
    for key, value in body.items() if isinstance(body, dict) else ():
        if str(key).lower().startswith(URN):
            texts = (f"{name}: {text}" if name else text for name, text in _texts(value) if text.strip())
            found.append(next(_messages(value), "") or ", ".join(texts))
        elif fold(str(key)) in REASON_NAMES:
            found.append(next(_messages(value), ""))
    message = found[0]
    for reason in filter(None, found[1:]):
        message = f"{sentence(message)} {reason}" if message and reason not in message else message or reason
    return message


def is_throttled(reply: Reply) -> bool:
    """429, or AWS's way to say it with 400. Such a name within other words is a value of the request, and no exception."""
    if reply.status != 400:
        return reply.status == 429
    texts = (text for _name, text in _texts(json_or(reply.content)))
    return any(map(THROTTLED.match, (reply.headers.get("x-amzn-ErrorType", ""), *texts)))


def is_portal(reply: Reply) -> bool:
    """A page of HTML with 200: what a portal or a gateway answers to everything. The provider may never have seen the request."""
    return reply.status == 200 and re.match(rb"\s*<(!doctype\s+html|html)\b", reply.content, re.IGNORECASE) is not None


def phrase(status: int) -> str:
    """HTTP's own words for a status, where the provider has none."""
    return responses.get(status, "no explanation was given")


def readable(text: str, redact: Callable[[str], str], limit: int = DETAIL_LIMIT) -> str:
    """What a provider wrote, as one short line with its secrets masked.

    Secrets are masked before tags are removed and the text is cut, since half a secret is a secret too, and again after tags are removed.
    Of a text that is too long for that, only the beginning is read.
    """
    is_whole = len(text) <= HTML_LIMIT
    text = redact(text if is_whole else text[: READ_AT_MOST * limit])
    if HTML.search(text):
        text = redact(text_of_html(text)) if is_whole else ""
    return clean(text, limit)


def text_of_html(page: str) -> str:
    """The title of a page, else its text. Each step takes a time that grows with the length alone, however hostile the page is."""
    begin = TITLE.search(page)
    end = TITLE_END.search(page, begin.end()) if begin else None
    text = page[begin.end() : end.start()] if begin and end else ""
    if not text.strip():
        text = re.sub(r"<(script|style)\b.*?(</\1>|$)", " ", page, flags=re.IGNORECASE | re.DOTALL)
    return html.unescape(re.sub(r"<[^<>]*>", " ", text))


def clean(text: str, limit: int = DETAIL_LIMIT) -> str:
    """One ``visible`` line of at most ``limit`` characters. The provider's line breaks are only layout and become blanks."""
    line = visible(" ".join(text[: READ_AT_MOST * limit].split()))
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _unwrapped(body: Any, depth: int = 4) -> Any:
    """An error in which each text that is JSON itself, as of a service behind the provider, is replaced by what it means."""
    if isinstance(body, str) and body.lstrip()[:1] in ("{", "["):
        return json_or(body.encode("utf-8", "replace"), body) or body
    if isinstance(body, list) and depth:
        return [_unwrapped(item, depth - 1) for item in body]
    if isinstance(body, dict) and depth:
        return {key: _unwrapped(value, depth - 1) for key, value in body.items()}
    return body


def _messages(body: Any, depth: int = 4) -> Iterator[str]:
    """Texts under ``MESSAGE_NAMES``, in their order, and in lists and objects under them. Reasons with a place are one text."""
    if isinstance(body, str) and body.strip():
        yield body
    elif isinstance(body, list) and depth:
        if body and all(map(_place, body)):
            yield "; ".join(dict.fromkeys(_with_place(item) for item in body))
        for item in body:
            yield from _messages(item, depth - 1)
    elif isinstance(body, dict) and depth:
        folded = {fold(str(key)): value for key, value in body.items()}
        for name in filter(folded.__contains__, MESSAGE_NAMES):
            yield from _messages(folded[name], depth - 1)


def _place(reason: Any) -> str:
    """Where a reason is, such as ``emails[0].value``; empty if it does not say so."""
    folded = {fold(str(key)): value for key, value in reason.items()} if isinstance(reason, dict) else {}
    found = next((folded[name] for name in PLACE_NAMES if folded.get(name)), "")
    if not isinstance(found, list):
        return found if isinstance(found, str) else ""
    parts = found[1:] if found[0] in REQUEST_PARTS and len(found) > 1 else found
    return join_path("", *(part if isinstance(part, int) else str(part) for part in parts))


def _with_place(reason: Any) -> str:
    place, message = _place(reason), next(_messages(reason), "")
    return message if place in message else f"{place}: {message}" if message else place


def _texts(body: Any, name: str = "", depth: int = 4) -> Iterator[tuple[str, str]]:
    """Each text with its name in the form of ``fold``, however it is wrapped: a framework may answer {"detail": {"scimType": …}}."""
    if isinstance(body, str):
        yield name, body
    elif isinstance(body, (list, dict)) and depth:
        for key, item in body.items() if isinstance(body, dict) else ((name, item) for item in body):
            yield from _texts(item, fold(str(key)), depth - 1)
