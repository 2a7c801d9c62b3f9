# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of a source, in whatever encoding it was saved.

UTF-8 and UTF-16 are recognized for certain. A table that is neither is read as Windows-1252, which spreadsheets of Western Europe write, if
its letters make sense then. Other encodings cannot be told apart: they are stated in the mapping beside the table.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from ..files import read_bytes
from .model import DeclarationError
from .sources import CSV
from .vault import VAULTED

CONFLICT_MARKERS = ("<<<<<<< ", ">>>>>>> ", "=======", "||||||| ")
CONFLICT = re.compile(r"^(?:<{7} |>{7} |\|{7} |={7}$)", re.MULTILINE)
UTF_8, UTF_16, WINDOWS = "utf-8", "utf-16", "windows-1252"
_MARKS = (  # the longer ones first: UTF-32's begins like UTF-16's
    (codecs.BOM_UTF8, UTF_8),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, UTF_16),
    (codecs.BOM_UTF16_BE, UTF_16),
)
_PROBE = 512  # bytes
# In Windows-1252, text of other code pages has symbols inside words, capitals after small letters, or many foreign letters in a row.
_NONSENSE = re.compile(
    "[\x80-\x9f]|[¡-©«-±´¶-¹»-¿×÷¤¦¨ƒˆ˜†‡‰‹›•™](?=[a-z])|(?<=[a-z])[¡-©«-±´¶-¹»-¿×÷¤¦¨ƒˆ˜†‡‰]|(?<=[a-z])[À-ÖØ-ÞŠŒŽŸ]|[À-ÿŠŒŽšœžŸ]{3}"
)


@dataclass(frozen=True, slots=True)
class SourceText:
    """``text`` has ``\\n`` at the end of each line. ``doubtful`` is the first line that a guessed encoding may have made wrong, or 0."""

    text: str
    encoding: str = UTF_8
    doubtful: int = 0


def source_text(file: str, decrypted: bytes | None = None, encoding: str = "") -> SourceText:
    """The text of a file; ``decrypted`` is its content where it is vaulted, ``encoding`` the one that is declared.

    :raises DeclarationError: for a file that cannot be read, is too large, is not text, or is encrypted.
    """
    try:
        content = read_bytes(file) if decrypted is None else decrypted
    except OSError as error:
        raise DeclarationError.at(file, f"the file cannot be read: {error.strerror}") from None
    found = _decoded(file, content, encoding)
    refuse_conflict_markers(file, found.text)
    if found.text.startswith(VAULTED):
        expected = "its password (--vault-password-file), and a task that runs on the controller (connection: local)"
        raise DeclarationError.at(file, "the file is encrypted with Ansible Vault and could not be decrypted", expected)
    return found


def refuse_conflict_markers(file: str, text: str) -> None:
    """:raises DeclarationError: for a file with an unresolved merge. In a CSV file, the markers of git would be users."""
    if any(marker in text for marker in CONFLICT_MARKERS) and (match := CONFLICT.search(text)):
        line = text.count("\n", 0, match.start()) + 1
        raise DeclarationError.at(file, f'found a conflict marker of git, "{match[0][:7]}". Resolve the merge', line=line)


def _decoded(file: str, content: bytes, encoding: str) -> SourceText:
    is_table = file.lower().endswith(CSV)
    try:
        known = encoding or _recognized(content)
        return SourceText(_lines(content.decode("utf-8-sig" if codecs.lookup(known).name == UTF_8 else known)), known)
    except LookupError:
        raise DeclarationError.at(file, "the declared encoding does not exist", "one such as utf-8, utf-16 or windows-1252") from None
    except UnicodeError as error:
        if encoding or not is_table or not isinstance(error, UnicodeDecodeError):
            found = "the file does not have the declared encoding" if encoding else "the file is not UTF-8 text"
            raise DeclarationError.at(file, found, "its true encoding" if encoding else "") from None
        text, doubtful = content.decode("cp1252", "replace"), content.count(b"\n", 0, error.start) + 1
    if "\ufffd" in text or _NONSENSE.search(text):
        hint = 'the encoding in a mapping beside it (encoding: windows-1250), or the file saved as "CSV UTF-8"'
        raise DeclarationError.at(file, "the file is neither UTF-8 nor UTF-16 nor Windows-1252 text", hint, doubtful)
    return SourceText(_lines(text), WINDOWS, doubtful)


def _recognized(content: bytes) -> str:
    """The encoding by its mark, or by the zero bytes that UTF-16 has beside each letter of English; else UTF-8."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    probe = content[:_PROBE]
    even, odd = probe[::2].count(0), probe[1::2].count(0)
    if max(even, odd) * 4 > len(probe) and not min(even, odd):
        return "utf-16-be" if even else "utf-16-le"
    return UTF_8


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
