# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The secrets in a task's parameters, found by their argument spec, so that invalid parameters are masked too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from ..escaping import SHORTEST_PASSWORD
from ..redact import MASK, is_secret, masked
from ..scim.names import fold

_USER_OF_URL = re.compile(r"^((?:[A-Za-z][A-Za-z0-9+.-]*:)?/*)(.*)@", re.DOTALL)
_QUERY_OF_URL = re.compile(r"([?#]).*", re.DOTALL)
_PARAMETER = re.compile(r"[?&;#]([^=&;#]+)=([^&;#]+)")
_PAIR = re.compile(r"""([\w-]+)["']?\s*[:=]\s*["']?(?=([^\s,}"'][^,}"']*))""")
_PASSWORD_IN_TEXT = re.compile(r"""(password)["']?\s*[:=]\s*(?:"((?:[^"\\]|\\.)+)"|'((?:[^'\\]|\\.)+)'|([^\s,}"']+))""", re.IGNORECASE)
HEADERS = "http_headers"
FREE = ("provider_options", "rate_limit")  # mappings without suboptions, in which a secret can only be a mistake
_PARTS_OF_SECRET_NAMES = (
    "password",
    "passwd",
    "secret",
    "token",
    "credential",
    "assertion",
    "authorization",
    "signature",
    "apikey",
    "accesskey",
)
_SECRET_NAMES = ("pass", "pwd", "sig", "key", "code", "auth", "jwt")


def may_be_secret(name: str) -> bool:
    """Whether a parameter of a URL, or a key that is not an option, looks as if its value were a secret."""
    folded = fold(name).replace("-", "")
    return folded in _SECRET_NAMES or any(part in folded for part in _PARTS_OF_SECRET_NAMES)


def masked_parameters(spec: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """A task's parameters with their secrets masked by place, not by value, so that invalid parameters are masked too.

    Masked are options with ``no_log``, unknown options (a password may be misspelt), anything but a mapping where a mapping with a secret
    is expected, options named like a password, all values of ``http_headers`` (``no_log`` would mask a "1" in all output), user names and
    queries in URLs, and what is named like a secret in ``provider_options`` and ``rate_limit``.
    """
    options = {spelling: option for name, option in spec.items() for spelling in (name, *option.get("aliases", ()))}
    return {name: _masked_parameter(str(name), options.get(name), value) for name, value in given.items()}


def _masked_parameter(name: str, option: Mapping[str, Any] | None, value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if option is None or option.get("no_log", is_secret(name)):
        return MASK
    if name == HEADERS:
        return dict.fromkeys(value, MASK) if isinstance(value, Mapping) else MASK
    if isinstance(value, list) and option.get("type") == "list":
        return [_masked_parameter(name, {**option, "type": "dict"}, item) for item in value]
    suboptions = option.get("options")
    if suboptions and isinstance(value, Mapping):
        return masked_parameters(suboptions, value)
    if suboptions and _has_secret(suboptions):
        return MASK
    if name in FREE:
        return _masked_freely(value)
    return _masked_url(value) if _is_url(name, value) else masked(value)


def _masked_freely(value: Any) -> Any:
    """A value of which no part is declared, with everything masked that is named like a secret."""
    if isinstance(value, Mapping):
        return {name: MASK if may_be_secret(str(name)) else _masked_freely(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_masked_freely(inner) for inner in value]
    return MASK if isinstance(value, str) and any(_secrets_in_text(value)) else value


def _is_url(name: str, value: Any) -> bool:
    return isinstance(value, str) and (name.endswith("url") or "://" in value)


def _masked_url(url: str) -> str:
    return _QUERY_OF_URL.sub(rf"\1{MASK}", _USER_OF_URL.sub(rf"\1{MASK}@", url))


def _has_secret(spec: Mapping[str, Any]) -> bool:
    return any(option.get("no_log") or _has_secret(option.get("options") or {}) for option in spec.values())


def secret_parameters(spec: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[str]:
    """The values of all options with ``no_log``, by name and alias, even if other parameters are not valid, and those of other options that
    look like secrets and are long enough to be masked wherever they are.
    """
    for name, option in spec.items():
        for value in (given[spelling] for spelling in (name, *option.get("aliases", ())) if given.get(spelling)):
            yield from _secrets(option, value)
            yield from (found for found in _misplaced(name, value) if len(found) >= SHORTEST_PASSWORD)


def _misplaced(name: str, value: Any) -> Iterator[str]:
    """Secrets where none belong: in a URL, or in a mapping of numbers and names."""
    if name in FREE:
        yield from _named_secrets(value)
    for item in value if isinstance(value, list) else [value]:
        if _is_url(name, item):
            user = _USER_OF_URL.match(item)
            parameters = [each for each in _PARAMETER.finditer(item) if may_be_secret(unquote(each[1]))]
            found = [user[2].partition(":")[2] or user[2]] if user else []
            found += [each[2] for each in parameters]
            yield from dict.fromkeys((*found, *map(unquote, found)))
            # With what is before it in the URL, a secret of any length is long enough to be masked wherever it is.
            yield from (item[: each.end()] for each in (*([user] if user else ()), *parameters) if len(each[2]) < SHORTEST_PASSWORD)


def _named_secrets(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from [str(inner)] if may_be_secret(str(name)) else _named_secrets(inner)
    elif isinstance(value, str):
        yield from _secrets_in_text(value)


def _secrets_in_text(text: str) -> Iterator[str]:
    for name, value in _PAIR.findall(text):
        if may_be_secret(name):
            yield from dict.fromkeys((value.strip(), value.split()[0]))  # a secret may have blanks, or another pair may follow


def _secrets(option: Mapping[str, Any], value: Any) -> Iterator[str]:
    suboptions = option.get("options") or {}
    if option.get("no_log"):
        yield str(value)
    elif isinstance(value, list):
        for item in value:
            yield from _secrets(option, item)
    elif isinstance(value, Mapping):
        yield from secret_parameters(suboptions, value)
    elif isinstance(value, str) and _has_secret(suboptions):  # Ansible also reads JSON, Python literals and key=value
        yield from (match[2] or match[3] or match[4] for match in _PASSWORD_IN_TEXT.finditer(value))
