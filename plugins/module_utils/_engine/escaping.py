# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Escapes names and values of files and of providers for people to read, and quotes them.

Where names and values are escaped:

- Not in what programs read: results such as ``user`` and ``changes[].name``, and the values of JSON reports, the audit log and exports.
  There, JSON and YAML escape them in their own way, and a parser returns the true value.
- In all text for people, by ``visible``, line by line, where the text leaves the collection: messages (``ScimError``), warnings and
  progress (``module.py``), ``diff``, ``explanation``, the reports, and the summaries of the role (the filter ``identity.scim.visible``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

HALF_A_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")  # an escaped surrogate; two of them may be one character
LONGEST_VALUE = 60
SHORTEST_PASSWORD = 8  # characters; a shorter one cannot be masked safely, so none is accepted
# Only a URN has a colon: {password:secret} without a blank is one key.
_NAME = re.compile(r"(?i:urn:)[A-Za-z_$][A-Za-z0-9_$.:\[\] -]{0,59}|[A-Za-z_$][A-Za-z0-9_$.\[\] -]{0,59}")
# What moves the cursor, ends a line, changes the direction of text or is invisible: controls, surrogates, noncharacters, blanks other than
# the space and the ideographic space, and Unicode's Default_Ignorable_Code_Point. Not str.isprintable(): it depends on Python's version,
# and newer letters would be escaped.
_INVISIBLE = (
    "\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u070f\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3164"
    "\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# The character without which a CI system finds no command: GitHub's ::name (Ansible wraps warnings, so any blank may become the start of a
# line, and a long name may be broken anywhere), Azure's and TeamCity's ##[, ##vso[ and ##teamcity[, and GitLab's section_start:.
_COLON = r"(?<!\S:)(?=:)|(?=:[A-Za-z])|(?<=section_start:)|(?<=section_end:)"
_HASH = r"(?=#[A-Za-z_]*\[)"
_MARKS = ("::", "##", "section_")  # no command is without one of them
# A set at the beginning lets re skip all other characters quickly, which matters in a report of 100,000 changes.
_ESCAPED, _ESCAPED_IN_JSON = (
    re.compile(f"[{invisible}:#](?:(?<![:#])|(?<=:)(?:{_COLON})|(?<=#){_HASH})")
    for invisible in (_INVISIBLE, _INVISIBLE.replace("\x00-\x1f", ""))  # JSON has escaped these, and its own line breaks stay
)
_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}  # as in JSON and YAML


def visible(text: str) -> str:
    r"""Return a text as one line that shows all of it and is no command for a terminal or a CI system.

    Invisible characters are written as an escape of JSON, ``\u202e`` or ``\n`` (``\U000e0001`` where JSON would need two), and so is the
    first character of a command: ``\u003a:error``, ``\u0023#vso[``. A text that is already escaped stays the same.
    """
    if text.isascii() and text.isprintable() and not any(mark in text for mark in _MARKS):
        return text  # nearly all text: a quick test
    return _ESCAPED.sub(_escape, text)


def visible_lines(lines: Iterable[str]) -> str:
    """Join lines to a message. A line break within one of them is escaped, so no name can begin a line."""
    return "\n".join(map(visible, lines))


def visible_json(value: Any, indent: int | None = None) -> str:
    """Return a value as JSON in which each line is ``visible``; a parser returns the true value.

    Without ``indent``, it is one line for any reader.
    """
    return _ESCAPED_IN_JSON.sub(_json_escape, json.dumps(value, indent=indent, ensure_ascii=False))


def _escape(found: re.Match[str]) -> str:
    number = ord(found[0])
    return _SHORT.get(found[0]) or (f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}")


def _json_escape(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1] if ord(found[0]) >= 0x10000 else _escape(found)


def quoted(text: str) -> str:
    """Text in quotes, on one line and not too long, whatever characters it has."""
    return f'"{visible(text[:LONGEST_VALUE])}"' + ("…" if len(text) > LONGEST_VALUE else "")


def excerpt(text: str) -> str:
    """Quote the beginning of a value, for a message about a mistake: if columns are shifted, any value may be a password."""
    return quoted(text) if len(text) < SHORTEST_PASSWORD else f"{quoted(text[: SHORTEST_PASSWORD // 2])}…"


def is_name(text: str) -> bool:
    """Whether a key or heading looks like the name of an attribute, so it can be quoted as a whole."""
    return _NAME.fullmatch(text) is not None


def quoted_key(key: str) -> str:
    """Quote a key or heading; only its beginning if it does not look like a name."""
    return quoted(key) if is_name(key) else excerpt(key)
