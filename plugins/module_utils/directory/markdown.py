# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as Markdown, for a comment on a pull request: the summary first, the changes folded, and never too long to be posted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..scim.resource import Body
from .report import Report

LONGEST = 60_000  # bytes; GitHub takes 65,536 characters
_SPECIAL = re.compile(r"([\\`*_{}\[\]|~]|^[-+#])")
_SIGNS = {"created": "+", "updated": "~", "deactivated": "!", "deleted": "-"}


def as_markdown(report: Report) -> str:
    """The report; changes that do not fit are counted, with a pointer to the whole."""
    text = "\n".join(_head(report)) + "\n"
    left = LONGEST - len(text.encode()) - 200
    shown = 0
    for change in report.changes:
        part = "\n".join(_change(change)) + "\n"
        left -= len(part.encode())
        if left < 0:
            break
        text += part
        shown += 1
    if shown < len(report.changes):
        text += f"\n{len(report.changes) - shown} more changes are not shown here. The JSON and HTML reports hold all of them.\n"
    return text


def _head(report: Report) -> Iterator[str]:
    yield f"## {report.title}"
    yield ""
    if report.refusal:
        yield "> [!CAUTION]"
        yield from (f"> {plain(line)}" for line in report.refusal.splitlines())
        yield ""
    yield "| | created | updated | deactivated | deleted | unchanged | failed |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for kind in ("users", "groups"):
        counts = report.summary[kind]
        columns = ("created", "updated", "deactivated", "deleted", "unchanged", "failed")
        yield f"| {kind} | {' | '.join(_count(counts, column) for column in columns)} |"
    memberships = report.summary["memberships"]
    yield ""
    yield f"Memberships: {memberships['added']} added, {memberships['removed']} removed. {report.cost}"
    yield ""
    yield f"Plan `{report.plan_digest}` for {plain(report.url)}, {report.time}."
    yield ""
    yield from _list("Failed", [failure["error"] for failure in report.failures])
    yield from _list("Warnings", report.warnings)


def _count(counts: Mapping[str, int], column: str) -> str:
    count = counts.get(column, 0)
    return f"**{count}**" if count and column in ("deactivated", "deleted", "failed") else str(count)


def _list(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"**{title}**"
        yield ""
        yield from (f"- {plain(line)}" for line in lines[:50])
        yield ""


def _change(change: Body) -> Iterator[str]:
    sign = _SIGNS.get(change["action"], "~")
    yield "<details>"
    name = f"{change['type'].lower()} <b>{tagless(change['name'])}</b>"
    yield f"<summary><code>{sign}</code> {name} {change['action']}{_why(change)}</summary>"
    yield ""
    rows = list(_rows(change))
    if rows:
        yield "| attribute | before | after |"
        yield "| --- | --- | --- |"
        yield from rows
        yield ""
    yield "</details>"
    yield ""


def _why(change: Body) -> str:
    counts = [f"{len(change[key])} {word}" for key, word in (("joins", "joining"), ("leaves", "leaving")) if change[key]]
    said = [change["reason"]] if change["reason"] not in ("", "declared") else []
    return f" ({tagless(', '.join(said + counts))})" if said or counts else ""


def _rows(change: Body) -> Iterator[str]:
    for one in change["attributes"]:
        yield f"| {plain(one['path'])} | {_value(one, 'before')} | {_value(one, 'after')} |"
    yield from (f"| {plain(name)} | | set |" for name in change["secrets"])
    yield from (f"| member | | {plain(name)} |" for name in change["joins"])
    yield from (f"| member | {plain(name)} | |" for name in change["leaves"])


def _value(one: Mapping[str, Any], key: str) -> str:
    if key not in one:
        return "…"
    value = one[key]
    return "" if value is None else plain(str(value).lower() if isinstance(value, bool) else str(value))


def plain(text: str) -> str:
    """Text that Markdown shows as it is: no tag, no link, no mention of anybody, no cell that ends."""
    return _SPECIAL.sub(r"\\\1", tagless(text))


def tagless(text: str) -> str:
    """Text without tags and mentions: an ``@name`` or ``#1`` from a directory must notify nobody."""
    one_line = " ".join(text.split())
    for raw, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("@", "&#64;"), ("://", "&#58;//"), ("www.", "www&#46;")):
        one_line = one_line.replace(raw, safe)
    return one_line
