# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that command terminals and CI systems, and what finds such a command in text that is printed."""

from __future__ import annotations

import re

# Each name as a provider may have it, and as people must see it.
NAMES = {
    "\x1b]0;owned\x07\x1b[2J": r"\u001b]0;owned\u0007\u001b[2J",
    "\x9b31mred": r"\u009b31mred",
    "del\x7f\x08": r"del\u007f\b",
    "two\nlines": r"two\nlines",
    "kim\r\n+title: Boss": r"kim\r\n+title: Boss",
    "a\x0bb\x0cc\x1cd\x85e\u2028f\u2029g": r"a\u000bb\fc\u001cd\u0085e\u2028f\u2029g",
    "gnp.\u202egpj\u202c": r"gnp.\u202egpj\u202c",
    "\u2066x\u2069\u200e\u200f\u061c": r"\u2066x\u2069\u200e\u200f\u061c",
    "ad\u200bmin\u200d\u2060\ufeff\u00ad": r"ad\u200bmin\u200d\u2060\ufeff\u00ad",
    "filler\u3164\u115f\u2800\ufe0f\u034f": r"filler\u3164\u115f\u2800\ufe0f\u034f",
    "tag\U000e0041": r"tag\U000e0041",
    "no\u00a0break\u2007": r"no\u00a0break\u2007",
    "::error file=a::owned": r"\u003a:error file=a\u003a:owned",
    " \t::stop-commands::x": r" \t\u003a:stop-commands\u003a:x",
    "wrapped ::set-output name=x::1": r"wrapped \u003a:set-output name=x::1",
    "x\n::add-mask::y": r"x\n\u003a:add-mask\u003a:y",
    "x ##[error]owned": r"x \u0023#[error]owned",
    "###[x": r"#\u0023#[x",
    "##vso[task.setvariable variable=a]b": r"\u0023#vso[task.setvariable variable=a]b",
    "##VSO[task.complete]": r"\u0023#VSO[task.complete]",
    "##teamcity[message text='x']": r"\u0023#teamcity[message text='x']",
    "section_start:1:x\r\x1b[0K": r"section_start\u003a1:x\r\u001b[0K",
    "section_end:1:x": r"section_end\u003a1:x",
}
PLAIN_IDS = [f"name {number}" for number in range(len(NAMES))]  # mutmut passes ids on, and cannot pass these names
HARMLESS = (
    "Jörg 😀",
    "山田　太郎",
    "Data & AI (EU)",
    "urn:example:a",
    "http://[::1]:8080",
    "## Team",
    "A:B",
    "C# [x]",
    r"DOMAIN\kim",
    "שלום",
    "",
)

_COMMANDS = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xa0\xad\u034f\u061c\u115f\u2007\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe0f\ufeff\U000e0041]"
    r"|^\s*::|\s::|::(?-i:[A-Za-z])|##(?-i:[A-Za-z_]*)\[|section_(?:start|end):",
    re.IGNORECASE | re.MULTILINE,
)


def commands(text: str) -> list[str]:
    """Everything in a text that is a command for a terminal or a CI system, or invisible. Line breaks are allowed."""
    return [found[0] for found in _COMMANDS.finditer(text)]
