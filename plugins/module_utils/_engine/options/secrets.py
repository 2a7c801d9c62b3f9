# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The secrets in a task's parameters, found by their argument spec, so that invalid parameters are masked too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..redact import MASK, is_secret, masked

_USER_OF_URL = re.compile(r"^((?:[A-Za-z][A-Za-z0-9+.-]*:)?/*).*@", re.DOTALL)
_PASSWORD_IN_TEXT = re.compile(r"""(password)["']?\s*[:=]\s*(?:"((?:[^"\\]|\\.)+)"|'((?:[^'\\]|\\.)+)'|([^\s,}"']+))""", re.IGNORECASE)
HEADERS = "http_headers"


def masked_parameters(spec: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """A task's parameters with their secrets masked by place, not by value, so that invalid parameters are masked too.

    Masked are options with ``no_log``, unknown options (a password may be misspelt), anything but a mapping where a mapping with a secret
    is expected, options named like a password, all values of ``http_headers`` (``no_log`` would mask a "1" in all output), and user names
    in URLs.
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
    return _USER_OF_URL.sub(rf"\1{MASK}@", value) if isinstance(value, str) and name.endswith("url") else masked(value)


def _has_secret(spec: Mapping[str, Any]) -> bool:
    return any(option.get("no_log") or _has_secret(option.get("options") or {}) for option in spec.values())


def secret_parameters(spec: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[str]:
    """The values of all options with ``no_log``, by name and alias, even if other parameters are not valid."""
    for name, option in spec.items():
        for value in (given[spelling] for spelling in (name, *option.get("aliases", ())) if given.get(spelling)):
            yield from _secrets(option, value)


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
