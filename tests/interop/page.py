# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of docs/providers.md that is made from runs on real servers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .results import FAILED, KNOWN, LIMITED, PASSED, Outcome, Result

VERIFIED, DOCUMENTED, ASSUMED = "✅ **verified here**", "📄 **documented**", "❓ **assumed**"
LONGEST = 300

RUNS = """\
## Servers that were run
`make interop` installs each of these servers, starts it on this machine, and runs the same checks on it: a plan, a first load, changes,
memberships that were changed in the server's own store, renames, deactivation, pruning, deletion, an export, drift and offboarding. What
the server then holds is asked of the server, not of the collection. A check is *limited* where the server cannot do what was declared and
a message of the collection says so. It is *known to fail* where the server does something that the collection cannot detect in time; the
reason says what.

| Server | Version | Date | Checks passed | Limited | Known to fail | Failed | Requests | Profile |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
{rows}

{sections}"""


def runs(results: Sequence[Result]) -> str:
    rows = [
        f"| {one.title} | {one.version} | {one.date} | {len(one.of(PASSED))} of {len(one.checks)} | {len(one.of(LIMITED)) or ''} | "
        f"{len(one.of(KNOWN)) or ''} | {len(one.of(FAILED)) or ''} | {one.requests} | `{one.profile}` |"
        for one in results
    ]
    return RUNS.format(rows="\n".join(rows), sections="\n".join(_section(result) for result in results))


def overview(profiles: Sequence[tuple[str, str, str]]) -> str:
    """A table of all profiles: the title, the name, and how it is known."""
    rows = [f"| {title} | `{name}` | {known} |" for title, name, known in profiles]
    return "\n".join(["| Provider | Profile | Known |", "| --- | --- | --- |", *rows])


def _section(result: Result) -> str:
    lines = [f"### {result.title} {result.version}", f"{VERIFIED} on {result.date}", ""]
    if result.deviations:
        lines += [
            "| It … | as this shows |",
            "| --- | --- |",
            *(f"| {_cell(one.deviation)} | `{_cell(one.shows)}` |" for one in result.deviations),
        ]
    else:
        lines += ["No deviation was found."]
    for outcome, title in ((LIMITED, "Limited"), (KNOWN, "Known to fail"), (FAILED, "Failed")):
        if found := result.of(outcome):
            lines += ["", f"| {title} | Reason | Message of the collection |", "| --- | --- | --- |", *_rows(found)]
    return "\n".join([*lines, ""])


def _rows(outcomes: Sequence[Outcome]) -> Iterator[str]:
    for one in outcomes:
        yield f"| {one.title} | {_cell(one.reason)} | {_cell(one.message)} |"


def _cell(text: str) -> str:
    """Text in a cell of a table: one line, not too long."""
    line = re.sub(r"\s+", " ", text).strip().replace("|", "\\|")
    return line if len(line) <= LONGEST else f"{line[:LONGEST]} …"
