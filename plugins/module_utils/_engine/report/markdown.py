# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as Markdown, for a comment on a pull request: the summary first, the changes folded, short enough to be posted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from ..escaping import visible
from ..scim.schema.resource import Body
from ..wording import counted, first_lines
from .model import FAILED, HEADINGS, LEFT, NO_COUNTS, Report, as_text, category, differences, remarks, where_all_are

LONGEST = 60_000  # bytes; GitHub accepts 65,536 characters
LONGEST_LINE = 2_000  # bytes, of a name or value as well
LONGEST_CHARACTER = 8  # bytes that one character may become
LONGEST_WARNING = 400
MOST_LINES = 20  # of a refusal, and of the warnings
_UNFOLDED = (FAILED, LEFT, "deleted", "deactivated")
_SPECIAL = re.compile(r"([\\`*_{}\[\]()|~])|^(?=[-+]|\d+[.)])")
_REPLACED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;", "$": "&#36;", "://": "&#58;//"}
_REPLACED_AT = re.compile("|".join([*map(re.escape, _REPLACED), r"www\."]), re.IGNORECASE)
# GitHub and GitLab look for @name, #1, !1 and GH-1 after Markdown has become HTML, so a character reference does not hide them.
_REFERENCE = re.compile(r"(?<![A-Za-z0-9])@(?=\w)|[#!%](?=\w)|\bGH-(?=\d)", re.IGNORECASE)
_ZERO_WIDTH_SPACE = "\u200b"


def as_markdown(report: Report, longest: int = LONGEST, first: Sequence[str] = ()) -> str:
    """The report in about ``longest`` bytes. Changes that do not fit are counted, and the files that hold all of them are named.

    ``first`` are lines to show below the title and the reason of a refusal.
    """
    lines = [*_title(report), *first, *_counts(report)]
    room = longest - size(lines) - 1_000
    count = 0
    for name, found in groupby(report.changes, category):
        changes = list(found)
        lines += ["", f"<details{' open' if name in _UNFOLDED else ''}>", f"<summary><b>{_heading(name, changes)}</b></summary>", ""]
        for change in changes:
            part = list(_change(change))
            room -= size(part)
            if room < 0:
                break
            lines += part
            count += 1
        lines += ["", "</details>"]
        if room < 0:
            break
    if count < len(report.changes):
        lines += ["", f"**{len(report.changes) - count} more changes are not shown here.** {plain(where_all_are(report))}"]
    return "\n".join(lines) + "\n"


def size(lines: Sequence[str]) -> int:
    """The bytes of lines in a file."""
    return sum(len(line.encode()) + 1 for line in lines)


def _title(report: Report) -> Iterator[str]:
    yield from (f"## {report.title}", "")
    if report.error:
        yield "> [!CAUTION]"
        yield from (f"> {_item(line)}" for line in first_lines(report.error.split("\n"), MOST_LINES))
        yield ""


def _counts(report: Report) -> Iterator[str]:
    if report.plan_digest is None:
        yield f"For {plain(report.url)}, {report.time}."
        return
    yield f"| | {' | '.join(NO_COUNTS)} |"
    yield f"| --- |{' ---: |' * len(NO_COUNTS)}"
    for resources in ("users", "groups"):
        counts = report.summary[resources]
        yield f"| {resources} | {' | '.join(_count(name, counts[name]) for name in NO_COUNTS)} |"
    members = report.summary["memberships"]
    yield from ("", f"Memberships: {members['added']} added, {_count('deleted', members['removed'])} removed. {report.cost}")
    yield from ("", f"Plan `{report.plan_digest}` for {plain(report.url)}, {report.time}.")
    if report.warnings:
        yield from ("", "**Warnings**", "")
        yield from (f"- {plain(line, LONGEST_WARNING)}" for line in first_lines(report.warnings, MOST_LINES))


def _item(line: str) -> str:
    """A line of a refusal, which may be an item of a list."""
    return f"- {plain(line[2:])}" if line.startswith("- ") else plain(line)


def _count(name: str, count: int) -> str:
    return f"**{count}**" if count and name in ("deactivated", "deleted", "failed") else str(count)


def _heading(name: str, changes: Sequence[Body]) -> str:
    counts = [(sum(change["type"] == resource_type for change in changes), resource_type.lower()) for resource_type in ("User", "Group")]
    return f"{HEADINGS.get(name, name).capitalize()}: {' and '.join(counted(count, noun) for count, noun in counts if count)}"


def _change(change: Body) -> Iterator[str]:
    remark = remarks(change)
    yield f"- {change['type'].lower()} **{plain(change['name'])}**{f' ({plain(remark)})' if remark else ''}"
    if change.get("error"):
        yield f"  - {plain(change['error'], LONGEST_WARNING)}"
    if change["action"] == "deleted":  # the name is enough here; the other formats show each lost value
        return
    for path, rows in groupby(differences(change), lambda row: row[0]):
        if path in ("joins", "leaves"):
            yield f"  - {path}: {plain(', '.join(str(before if after is None else after) for _path, before, after in rows))}"
        else:
            yield from (f"  - {plain(path)}{_values(before, after)}" for _path, before, after in rows)


def _values(before: Any, after: Any) -> str:
    if before == after:  # hidden
        return ""
    old = f" ~~{plain(as_text(before))}~~" if before is not None else ""
    new = f" {plain(as_text(after))}" if after is not None else " (removed)"
    return f":{old}{' →' if old and after is not None else ''}{new}"


def plain(text: str, longest: int = LONGEST_LINE) -> str:
    """Text that Markdown shows as it is, in one line: no tag, link or mention, and it cannot end a cell of a table."""
    line = " ".join(visible(text[: 4 * longest]).split())
    escaped = _escaped(line[: longest + 1])
    return escaped if len(escaped.encode()) <= longest else f"{_escaped(line[: longest // LONGEST_CHARACTER])}…"


def _escaped(line: str) -> str:
    line = _SPECIAL.sub(lambda found: f"\\{found[1]}" if found[1] else _ZERO_WIDTH_SPACE, line)
    line = _REFERENCE.sub(lambda found: found[0] + _ZERO_WIDTH_SPACE, line)
    return _REPLACED_AT.sub(lambda found: _REPLACED.get(found[0]) or f"{found[0][:3]}&#46;", line)  # else www. in any case
