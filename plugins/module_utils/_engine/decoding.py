# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decodes a text in every way: percent encoding, JSON, HTML, base64, hex and removed blanks, nested in any order.

The text is decoded, not the secret encoded: each encoding has several spellings of one secret, and nested encodings have endlessly many.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import unquote_to_bytes

MOST_TIMES = 256  # all decodings together may be so many times as long as the text
MOST_CHARACTERS = 2**22  # of all decodings together: each character takes some twenty bytes of memory
MOST_TIMES_OF_LONG = 16  # the same without the places of characters, for a text that is longer than that

_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2})+")
_BACKSLASH = re.compile(
    r"\\(?:(?P<pair>u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|u(?P<u>[0-9a-fA-F]{4})|u\{(?P<braces>[0-9a-fA-F]{1,6})\}"
    r"|U(?P<U>[0-9a-fA-F]{8})|x(?P<x>[0-9a-fA-F]{2})|(?P<letter>.))",
    re.DOTALL,
)
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[a-zA-Z][a-zA-Z0-9]{1,31};)")
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_BLANKS = (re.compile(r"\s+"), re.compile(r"[\s+]+"))  # in a form, + is a blank
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{11,}")  # eleven letters hold eight bytes
_ENCODED = re.compile(r"[%\\&\s+]|[A-Za-z0-9/_-]{11}")  # a quick test: a text without these has no other decoding
_HEX = re.compile(r"[0-9a-fA-F]{16,}")
_TEXT = re.compile(  # UTF-8 within whatever else was decoded
    rb"(?:[\x00-\x7f]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}){8,}"
)
Piece = tuple[str, int, int]  # decoded characters, with the begin and end of their source in the decoding before


@dataclass(frozen=True, slots=True)
class Decoding:
    """One decoding of a text, with the begin and end of each character's source in that text."""

    text: str
    begins: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, text: str) -> Self:
        """The text itself, not decoded."""
        return cls(text, range(len(text)), range(1, len(text) + 1))

    def rewritten(self, pattern: re.Pattern[str], pieces: Callable[[re.Match[str]], Iterable[Piece]]) -> Decoding:
        """The decoding with each match replaced by its ``pieces``."""
        text, begins, ends, last = list[str](), list[int](), list[int](), 0
        for match in pattern.finditer(self.text):
            for characters, begin, end in ((self.text[last : match.start()], last, match.start()), *pieces(match)):
                same = end - begin == len(characters)
                text.append(characters)
                begins += self.begins[begin:end] if same else [self.begins[begin]] * len(characters)
                ends += self.ends[begin:end] if same else [self.ends[end - 1]] * len(characters)
            last = match.end()
        if not last:
            return self
        return Decoding("".join([*text, self.text[last:]]), [*begins, *self.begins[last:]], [*ends, *self.ends[last:]])

    def span(self, begin: int, end: int) -> tuple[int, int]:
        """The begin and end, in the text, of a part of the decoding."""
        return self.begins[begin], self.ends[end - 1]


def decodings(text: str) -> Iterator[Decoding]:
    """The text itself, and all that can be decoded from it.

    :raises OverflowError: if that is more than ``MOST_TIMES`` or ``MOST_CHARACTERS``, so that the time is limited by the text's length.
    """
    if not _ENCODED.search(text):
        yield Decoding.of(text)
        return
    waiting, left, known = [Decoding.of(text)], min(MOST_TIMES * len(text), MOST_CHARACTERS), set[tuple[str, int, int]]()
    while waiting:
        decoding = waiting.pop()
        key = (decoding.text, *decoding.span(0, len(decoding.text))) if decoding.text else ("", 0, 0)
        if key in known:
            continue
        known.add(key)
        yield decoding
        found = [*_decoded(decoding, _BASE64, 4, _from_base64, 6), *_decoded(decoding, _HEX, 2, _from_hex, 4)]
        # One step at a time: the text after a secret may look encoded too.
        found += [decoding.rewritten(pattern, pieces) for pattern, pieces in _STEPS]
        left -= sum(len(each.text) for each in found if each is not decoding)
        if left < 0:
            raise OverflowError
        waiting += found


def decoded_texts(text: str, shortest: int) -> Iterator[str]:
    """The text of each decoding that has at least ``shortest`` characters, without their places, which is much faster.

    :raises OverflowError: if that is too much to search.
    """
    hidden = re.compile(rf"[^\udc80-\udcff]{{{shortest},}}")  # what is UTF-8 within whatever else was decoded
    waiting, known, runs = [text], set[str](), set[str]()
    left = min(MOST_TIMES * len(text), max(MOST_CHARACTERS, MOST_TIMES_OF_LONG * len(text)))
    while waiting:
        text = waiting.pop()
        if text in known or len(text) < shortest:
            continue
        known.add(text)
        yield text
        left -= len(text)
        for run in _BASE64.findall(text):
            if 3 * len(run) >= 4 * shortest - 3 and run not in runs:
                runs.add(run)
                contents = [_from_base64(run[skipped:]) for skipped in range(4)]
                contents += [_from_hex(letters[skipped:]) for letters in _HEX.findall(run) for skipped in range(2)]
                waiting += [found for each in contents for found in hidden.findall(each.decode("utf-8", "surrogateescape"))]
                left -= 4 * len(run)
        for mark, pattern, pieces in _ESCAPES:
            if mark in text:
                waiting.append(pattern.sub(lambda match, of=pieces: "".join(piece[0] for piece in of(match)), text))  # type: ignore[misc]
        packed = "".join(text.split())
        waiting += [packed, packed.replace("+", "")]
        if left < 0:
            raise OverflowError


def _of_percent(match: re.Match[str]) -> Iterator[Piece]:
    begin = match.start()
    for character in unquote_to_bytes(match[0]).decode("utf-8", "surrogateescape"):
        end = begin + 3 * len(character.encode("utf-8", "surrogateescape"))
        is_half = "\udc80" <= character <= "\udcff"  # of a character: its other bytes may follow after a blank
        yield match[0][begin - match.start() : end - match.start()] if is_half else character, begin, end
        begin = end


def _of_backslash(match: re.Match[str]) -> Iterator[Piece]:
    if match["pair"]:
        text = chr(0x10000 + ((int(match[0][2:6], 16) & 0x3FF) << 10) + (int(match[0][8:], 16) & 0x3FF))
    elif code := match["u"] or match["braces"] or match["U"] or match["x"]:
        text = chr(min(int(code, 16), 0x10FFFF))
    else:
        text = _CONTROLS.get(match["letter"], match["letter"])
    yield text, *match.span()


def _of_reference(match: re.Match[str]) -> Iterator[Piece]:
    yield html.unescape(match[0]), *match.span()


_ESCAPES: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], Iterable[Piece]]], ...] = (
    ("%", _PERCENT, _of_percent),
    ("\\", _BACKSLASH, _of_backslash),
    ("&", _REFERENCE, _of_reference),
)
_STEPS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Iterable[Piece]]], ...] = (
    *((pattern, pieces) for _mark, pattern, pieces in _ESCAPES),
    *((blanks, lambda _match: ()) for blanks in _BLANKS),
)


def _decoded(
    decoding: Decoding, pattern: re.Pattern[str], alignments: int, decode: Callable[[str], bytes], bits: int
) -> Iterator[Decoding]:
    """The text in each match of the ``pattern``. Each letter holds so many ``bits``, and the encoded text may begin at any letter."""
    for match in pattern.finditer(decoding.text):
        letters = match[0]
        for skipped in range(alignments):
            for segment in _TEXT.finditer(content := decode(letters[skipped:])):
                text, begins, ends = content[slice(*segment.span())].decode("utf-8", "surrogateescape"), list[int](), list[int]()
                byte = segment.start()
                for character in text:
                    begins.append(decoding.begins[match.start() + skipped + byte * 8 // bits])
                    byte += len(character.encode("utf-8", "surrogateescape"))
                    ends.append(decoding.ends[match.start() + skipped + (byte * 8 - 1) // bits])
                yield Decoding(text, begins, ends)


def _from_base64(letters: str) -> bytes:
    whole = letters[: len(letters) - (len(letters) % 4 == 1)]  # one letter alone holds no byte
    return base64.b64decode(whole.replace("-", "+").replace("_", "/") + "=" * (-len(whole) % 4))


def _from_hex(letters: str) -> bytes:
    return bytes.fromhex(letters[: len(letters) // 2 * 2])
