# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Masks secrets: by name in bodies, by value in text."""

from __future__ import annotations

import re
import threading
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

from .decoding import Decoding, decoded_texts, decodings
from .escaping import SHORTEST_PASSWORD
from .scim.errors import Refused, ScimError
from .scim.names import fold

MASK = "********"  # the only mask, wherever a secret would be printed
LONG = SHORTEST_PASSWORD  # a shorter secret is masked only as a whole word: a header value "1" must not turn 10% into ********0%
FEW = 16  # up to so many beginnings, one search for each is faster than a search for all at once

MOST_TOGETHER = 100  # texts of data that are tested together
BETWEEN = "\0"  # no secret has it, and no encoding

_BLANK = re.compile(r"[\s+]+")
# Where a provider has cut a text: perhaps within an escape, perhaps before a closing quote.
_CUT = re.compile(r"(?:%[0-9a-fA-F]?|\\[ux]?[0-9a-fA-F]{0,3}|&[#\w]{0,8})?(?:\W{0,8}\Z|[\"')\]]?(?:…|\.\.\.))")
Span = tuple[int, int]


def is_secret(name: str) -> bool:
    """Whether an attribute, or the path of a PATCH operation, is a password; in any spelling, and with any URN before it."""
    return fold(name).endswith("password")


def masked(body: Any) -> Any:
    """A resource, a PATCH or a bulk request with its passwords masked."""
    return _replace_passwords(body, lambda password: MASK)


def passwords(body: Any) -> list[str]:
    """The passwords in a resource, a PATCH or a bulk request. Providers may repeat a refused password in their message."""
    found: list[str] = []
    _replace_passwords(body, found.append)  # only to visit them; the copy is discarded
    return found


def _replace_passwords(body: Any, replacement: Callable[[str], Any]) -> Any:
    if isinstance(body, list):
        return [_replace_passwords(item, replacement) for item in body]
    if not isinstance(body, dict):
        return body
    sets_password = is_secret(str(body.get("path", "")))  # a PATCH operation (RFC 7644 §3.5.2)
    return {
        key: replacement(value)
        if isinstance(value, str) and (is_secret(key) or (sets_password and key == "value"))
        else _replace_passwords(value, replacement)
        for key, value in body.items()
    }


@dataclass(frozen=True, slots=True)
class SearchPatterns:
    """What to search for: short secrets by the pattern ``words``, ``LONG`` ones without their blanks by their beginning.

    Blanks are removed, as in one of the decodings of a text: a secret may be broken over lines. ``shortest`` is the length of the shortest
    of the long secrets.
    """

    words: re.Pattern[str] | None
    by_beginning: Mapping[str, Sequence[str]]
    shortest: int

    @classmethod
    def of(cls, secrets: Iterable[str]) -> Self:
        """The patterns for secrets, none of which is empty."""
        words, by_beginning = set[str](), dict[str, list[str]]()
        for secret in secrets:
            needle = _BLANK.sub("", secret)
            if len(needle) >= LONG:
                by_beginning.setdefault(needle[:LONG], []).append(needle)
            elif secret.strip():
                words.add(secret.replace("+", " "))
        pattern = "|".join(map(_word, sorted(words, key=len, reverse=True)))
        shortest = min((len(needle) for needles in by_beginning.values() for needle in needles), default=LONG)
        return cls(re.compile(pattern) if pattern else None, by_beginning, shortest)

    def may_be_in(self, text: str) -> bool:
        """Whether a text must be searched. A quick test: results and logs have many texts, and nearly none has a secret."""
        if self.words and self.words.search(text.replace("+", " ")):
            return True
        try:
            return bool(self.by_beginning) and any(self._beginnings(decoded) for decoded in decoded_texts(text, self.shortest))
        except OverflowError:
            return True

    def spans(self, decoding: Decoding, cut: bool) -> Iterator[Span]:
        """Where secrets are in a decoding. With ``cut``, also where the text was cut off within a secret."""
        text = decoding.text
        if self.words:
            yield from (decoding.span(*match.span()) for match in self.words.finditer(text.replace("+", " ")))
        for begin in self._beginnings(text):
            for needle in self.by_beginning[text[begin : begin + LONG]]:
                same = bisect_left(range(len(needle)), True, LONG, key=lambda last: not text.startswith(needle[: last + 1], begin))
                if same == len(needle) or (cut and _CUT.match(text, begin + same)):
                    yield decoding.span(begin, begin + same)

    def _beginnings(self, text: str) -> list[int]:
        if len(self.by_beginning) <= FEW:
            return [
                match.start()
                for beginning in self.by_beginning
                if beginning in text
                for match in re.finditer(f"(?={re.escape(beginning)})", text)
            ]
        return [place for place in range(len(text) - LONG + 1) if text[place : place + LONG] in self.by_beginning]


def _word(secret: str) -> str:
    return re.escape(secret) if len(secret) >= LONG else rf"(?<!\w){re.escape(secret)}(?!\w)"


def spans_of(text: str, searched: Sequence[SearchPatterns], cut: bool) -> Iterator[Span]:
    """Where secrets are in a text. A text with too many decodings to search is masked whole."""
    try:
        for decoding in decodings(text):
            for patterns in searched:
                yield from patterns.spans(decoding, cut)
    except OverflowError:
        yield 0, len(text)


def _texts(value: Any) -> list[str]:
    """The texts in data, keys included; more than ``MOST_TOGETHER`` if it has more."""
    texts, waiting = list[str](), [value]
    while waiting and len(texts) <= MOST_TOGETHER:
        each = waiting.pop()
        if isinstance(each, str):
            texts.append(each)
        elif isinstance(each, (list, tuple)):
            waiting += each
        elif isinstance(each, Mapping):
            waiting += each.keys()
            waiting += each.values()
    return texts


class Redactor:
    """Masks secrets in text and data, in any composition of encodings. Thread-safe.

    The secrets of the redactor ``within`` are masked too, also those that are added to it later.
    """

    def __init__(self, secrets: Iterable[str] = (), within: Redactor | None = None) -> None:
        self._lock = threading.Lock()
        self._secrets = frozenset(filter(None, secrets))
        self._patterns: SearchPatterns | None = None  # made on first use: most requests succeed
        self._within = within

    def __call__(self, text: str) -> str:
        """Return a message with its secrets masked, also where the message was cut off within a secret."""
        return self._masked(text, cut=True)

    def mask(self, value: Any) -> Any:
        """Return data with the secrets in its texts masked. Only whole secrets are masked: a password may begin with a name."""
        patterns = self._all_patterns()
        return self._mask(value, [each for each in patterns if each.words or each.by_beginning])

    def _mask(self, value: Any, patterns: Sequence[SearchPatterns]) -> Any:
        """Return data with its texts masked. The texts of small data are tested together: one test for each would take longer."""
        if isinstance(value, str):
            return self._masked(value, cut=False)
        if not isinstance(value, (Mapping, list, tuple)):
            return value
        texts = _texts(value)
        if len(texts) <= MOST_TOGETHER:
            together = BETWEEN.join(texts)
            patterns = [each for each in patterns if each.may_be_in(together)]
            if not patterns:
                return value
        if isinstance(value, Mapping):
            return {self._mask(key, patterns): self._mask(item, patterns) for key, item in value.items()}
        return [self._mask(item, patterns) for item in value]

    def add(self, *secrets: str) -> None:
        """Mask more secrets, such as a token that was just issued."""
        with self._lock:
            self._secrets |= frozenset(filter(None, secrets))
            self._patterns = None

    def including(self, secrets: Iterable[str]) -> Redactor:
        """A redactor that masks more secrets, such as those of a single request."""
        more = tuple(secrets)
        return Redactor(more, within=self) if more else self

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Mask secrets in each error that leaves the block."""
        try:
            yield
        except ScimError as error:
            error.args = tuple(map(self, error.args))
            if isinstance(error, Refused):
                error.detail = self(error.detail)
            raise

    def _masked(self, text: str, cut: bool) -> str:
        searched = [patterns for patterns in self._all_patterns() if cut or patterns.may_be_in(text)]
        spans = sorted(spans_of(text, searched, cut)) if searched else []
        pieces, end = list[str](), 0
        for begin, until in spans:
            if begin >= end or not pieces:
                pieces += [text[end:begin], MASK]
            end = max(end, until)
        return "".join([*pieces, text[end:]]) if spans else text

    def _all_patterns(self) -> tuple[SearchPatterns, ...]:
        with self._lock:
            if self._patterns is None:
                self._patterns = SearchPatterns.of(self._secrets)
            return (self._patterns, *(self._within._all_patterns() if self._within else ()))
