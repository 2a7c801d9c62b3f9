# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CSV text to rows of cells, as spreadsheets write them: without blanks around cells, and without formulas that only keep text as text."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from .model import DeclarationError
from .sources import TSV

DELIMITERS = ",;\t|"
MOST_BEFORE_HEADINGS = 20  # rows of a title, a date and so on
_SEPARATOR = re.compile(r'"?sep=(?P<delimiter>.)"?[;,\t]*', re.IGNORECASE)  # the first line of some files of Excel
_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
FORMULA_STARTS = ("=", "+", "-", "@")
PROBE = 65536  # characters
LONGEST_FORMULA = 255  # characters of a text in a formula of Excel


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row, and the line in which it begins."""

    line: int
    cells: list[str]

    @property
    def filled(self) -> int:
        """The number of cells with a text."""
        return sum(1 for cell in self.cells if cell)


def cell_at(cells: Sequence[str], index: int) -> str:
    """A cell of a row; empty if the row is shorter."""
    return cells[index] if index < len(cells) else ""


def read_rows(file: str, text: str, delimiter: str = "", skip_lines: int = 0) -> Iterator[Row]:
    """The rows that are not empty, without the first lines.

    :raises DeclarationError: for text that is not CSV, and for a cell that seems to have rows in it.
    """
    first = text.split("\n", 1)[0]
    separator = _SEPARATOR.fullmatch(first)
    skipped = max(skip_lines, bool(separator))
    for _number in range(skipped):
        text = text.partition("\n")[2]
    delimiter = delimiter or (separator["delimiter"] if separator else _delimiter(file, text))
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=delimiter != "\t", strict=True)
    line, width = skipped + 1, 0
    try:
        for row in reader:
            width = max(width, len(row))
            if any("\n" in cell and _has_rows(cell, delimiter, width) for cell in row):
                expected = "each quote closed in the cell that it begins"
                raise DeclarationError.at(file, "a cell has a user in it, with a line break and as many cells as a row", expected, line)
            cells = [unwrapped(cell.strip()) for cell in row]
            if any(cells):
                yield Row(line, cells)
            line = skipped + reader.line_num + 1
    except csv.Error as error:
        expected = 'quotes around a whole cell, and "" for a quote inside it'
        raise DeclarationError.at(file, f"not valid CSV: {error}", expected, line) from None


def _has_rows(cell: str, delimiter: str, width: int) -> bool:
    """Whether a cell of several lines seems to have rows in it: two single quotes in two rows make one cell of all that is between them."""
    return "@" in cell and cell.count(delimiter) >= width - 1 > 0


def _delimiter(file: str, text: str) -> str:
    """The character that divides most of the first rows into equally many cells. Others are in cells, or in a title above the headings."""
    if file.lower().endswith(TSV):
        return "\t"
    return max(DELIMITERS, key=lambda delimiter: _evenness(text[:PROBE], delimiter))


def _evenness(text: str, delimiter: str) -> tuple[int, int]:
    """How many of the first rows have equally many cells, and how many cells these are; rows of one cell do not count."""
    widths: Counter[int] = Counter()
    with suppress(csv.Error):
        for row in islice(csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=delimiter != "\t"), MOST_BEFORE_HEADINGS):
            widths[len(row)] += len(row) > 1
    return max(((count, width) for width, count in widths.items()), default=(0, 0))


def unwrapped(cell: str) -> str:
    """The text of a cell: ``="00123"`` keeps zeros from a spreadsheet, and ``'=1`` a text from being a formula."""
    if cell.startswith('="') and (formula := _TEXT_FORMULA.fullmatch(cell)):
        return formula[1].replace('""', '"').strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell
