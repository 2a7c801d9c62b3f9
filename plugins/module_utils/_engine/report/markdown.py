# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as Markdown, for a comment on a pull request: the summary first, the changes folded, and never too long to be posted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from ..scim.schema.resource import Body
from .model import Report, rows, text, why, word

LONGEST = 60_000  # bytes; GitHub takes 65,536 characters
LONGEST_LINE = 2_000  # bytes; of a name or a value as well
LONGEST_LETTER = 8  # bytes of what one letter may become
LONGEST_WARNING = 400
MOST_LINES = 20  # of a refusal and of warnings
COLUMNS = ("created", "updated", "deactivated", "deleted", "unchanged", "failed")
HEADINGS = {"left": "Not begun"}
_OPEN = ("failed", "left", "deleted", "deactivated")
_SPECIAL = re.compile(r"([\\`*_{}\[\]()|~])|^(?=[-+]|\d+[.)])")
_SEEMING = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;", "$": "&#36;", "://": "&#58;//", "www.": "www&#46;"}
_SEEMING_AT = re.compile("|".join(map(re.escape, _SEEMING)), re.IGNORECASE)
# What GitHub and GitLab look for once Markdown is HTML, so that a character reference does not hide it: @name, #1, !1, GH-1.
_REFERENCE = re.compile(r"(?<![A-Za-z0-9])@(?=\w)|[#!%](?=\w)|\bGH-(?=\d)", re.IGNORECASE)
_NOTHING = "\u200b"


def as_markdown(report: Report) -> str:
    """The report; changes that do not fit are counted, with a pointer to the whole."""
    lines = list(_head(report))
    left = LONGEST - sum(len(line.encode()) + 1 for line in lines) - 1_000
    shown = 0
    for action, found in groupby(report.changes, word):
        changes = list(found)
        lines += ["", f"<details{' open' if action in _OPEN else ''}>", f"<summary><b>{_heading(action, changes)}</b></summary>", ""]
        for change in changes:
            part = list(_change(change))
            left -= sum(len(line.encode()) + 1 for line in part)
            if left < 0:
                break
            lines += part
            shown += 1
        lines += ["", "</details>"]
        if left < 0:
            break
    if shown < len(report.changes):
        lines += ["", f"**{len(report.changes) - shown} more changes are not shown here.** {_whole(report)}"]
    return "\n".join(lines) + "\n"


def _whole(report: Report) -> str:
    others = [name for name in report.files if not name.lower().endswith(".md")]
    return f"All of them: {plain(', '.join(others))}." if others else "Add plan.html or plan.json to the option report to have all of them."


def _head(report: Report) -> Iterator[str]:
    yield f"## {report.title}"
    yield ""
    if report.refusal or report.ended:
        yield "> [!CAUTION]"
        yield from (f"> {_item(line)}" for line in (report.refusal or report.ended).splitlines()[:MOST_LINES])
        yield ""
    if report.plan_digest is None:
        yield f"For {plain(report.url)}, {report.time}."
        return
    yield f"| | {' | '.join(COLUMNS)} |"
    yield f"| --- |{' ---: |' * len(COLUMNS)}"
    for kind in ("users", "groups"):
        yield f"| {kind} | {' | '.join(_count(report.summary[kind], column) for column in COLUMNS)} |"
    memberships = report.summary["memberships"]
    yield ""
    yield f"Memberships: {memberships['added']} added, {_strong(memberships['removed'])} removed. {report.cost}"
    yield ""
    yield f"Plan `{report.plan_digest}` for {plain(report.url)}, {report.time}."
    yield from _warnings(report.warnings)


def _count(counts: Mapping[str, int], column: str) -> str:
    count = counts.get(column, 0)
    return _strong(count) if column in ("deactivated", "deleted", "failed") else str(count)


def _strong(count: int) -> str:
    return f"**{count}**" if count else "0"


def _warnings(lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield from ("", "**Warnings**", "")
        yield from (f"- {plain(line, LONGEST_WARNING)}" for line in lines[:MOST_LINES])
        if len(lines) > MOST_LINES:
            yield f"- and {len(lines) - MOST_LINES} more"


def _item(line: str) -> str:
    """A line of a refusal, which may be a list's."""
    return f"- {plain(line[2:])}" if line.startswith("- ") else plain(line)


def _heading(action: str, changes: Sequence[Body]) -> str:
    counts = [(sum(change["type"] == kind for change in changes), kind.lower()) for kind in ("User", "Group")]
    counted = " and ".join(f"{count} {kind}{'s' if count != 1 else ''}" for count, kind in counts if count)
    return f"{HEADINGS.get(action, action.capitalize())}: {counted}"


def _change(change: Body) -> Iterator[str]:
    reason = why(change)
    yield f"- {change['type'].lower()} **{plain(change['name'])}**{f' ({plain(reason)})' if reason else ''}"
    if change.get("error"):
        yield f"  - {plain(change['error'], LONGEST_WARNING)}"
    if change["action"] == "deleted":  # of who is deleted the name is enough; all that is lost is in the other forms
        return
    yield from (f"  - {plain(path)}{_values(before, after)}" for path, before, after in _gathered(rows(change)))


def _gathered(found: Iterable[tuple[str, Any, Any]]) -> Iterator[tuple[str, Any, Any]]:
    """Rows, with all who join in one and all who leave in another."""
    for path, same in groupby(found, lambda row: row[0]):
        listed = list(same)
        if path in ("joins", "leaves"):
            yield path, None, ", ".join(str(before if after is None else after) for _path, before, after in listed)
        else:
            yield from listed


def _values(before: Any, after: Any) -> str:
    if before == after:  # hidden
        return ""
    old = f" ~~{plain(text(before))}~~" if before is not None else ""
    new = f" {plain(text(after))}" if after is not None else " (gone)"
    return f":{old}{' →' if old and after is not None else ''}{new}"


def plain(words: str, longest: int = LONGEST_LINE) -> str:
    """Text that Markdown shows as it is, in one line: no tag, no link, no mention of anybody, no cell that ends."""
    line = " ".join(words[: 4 * longest].split())
    shown = _neutral(line[: longest + 1])
    return shown if len(shown.encode()) <= longest else f"{_neutral(line[: longest // LONGEST_LETTER])}…"


def _neutral(line: str) -> str:
    escaped = _SPECIAL.sub(lambda found: f"\\{found[1]}" if found[1] else _NOTHING, line)
    broken = _REFERENCE.sub(lambda found: found[0] + _NOTHING, escaped)
    return _SEEMING_AT.sub(lambda found: _seeming(found[0]), broken)


def _seeming(found: str) -> str:
    return _SEEMING.get(found) or f"{found[:3]}&#46;"  # www. in any case
