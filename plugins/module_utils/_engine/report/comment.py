# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plans of all tenants as one comment on a pull request: refusals and whose access changes first, then as much of each plan as fits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from ..declaration.model import GROUP, USER
from ..scim.schema.identity import name_key
from ..scim.schema.resource import Body
from ..wording import first_lines, join_names
from .markdown import as_markdown, plain, size
from .model import VERSION, Report, by_danger, now, unplanned, without_values

MARKER = "<!-- identity.scim.plan -->"  # the first line, by which the next run finds the comment
LONGEST = 60_000  # bytes; GitHub accepts 65,536 characters, GitLab 1,000,000, Azure DevOps 150,000
MOST_TENANTS = 100  # in the overview
LONGEST_NAME = 200  # bytes, of a tenant, user or group
LONGEST_ERROR = 4_000  # characters
RESERVED = 3_000  # bytes, for the names of tenants that do not fit
COUNTED = ("created", "updated", "deactivated", "deleted")


def as_comment(reports: Mapping[str, Report]) -> str:
    """The comment, from the reports of all tenants. Those that were refused or failed come first, then those with changes."""
    tenants = sorted(reports, key=lambda tenant: (_rank(reports[tenant]), name_key(tenant)))
    lines = [MARKER, *(_overview(reports, tenants) if len(tenants) > 1 else ())]
    left_out = []
    for number, tenant in enumerate(tenants):
        room = (LONGEST - RESERVED - size(lines)) // (len(tenants) - number)
        heading = ["", f"# {_name(tenant)}", ""] if len(tenants) > 1 else [""]
        access = _access(reports[tenant].changes, room // 2)
        plan = [*heading, *as_markdown(reports[tenant], room - size(heading), access).rstrip("\n").split("\n")]
        if size(plan) <= room:
            lines += plan
        else:
            left_out.append(_name(tenant))
            lines += [*heading, *access] if access and size([*heading, *access]) <= room else []
    if left_out:
        lines += ["", f"**Plans that are not shown, because the comment is full:** {join_names(left_out)}. See the reports of the run."]
    return "\n".join(lines) + "\n"


def _rank(report: Report) -> int:
    return 0 if report.error else 1 if report.changes else 2


def report_of(result: Mapping[str, Any], written: Mapping[str, Any] | None, url: str) -> Report:
    """The report of what ``identity.scim.directory`` returned.

    ``written`` is its JSON report, which has all changes. Without it, values are left out, as ``report_values: none`` may ask for.
    """
    digest = result.get("plan_digest")
    if digest is None:
        error = str(result.get("msg") or "The task failed. Its output has the reason.")
        return unplanned(url, planned=True, reason=error[:LONGEST_ERROR])
    if written and written.get("plan_digest") == digest and written.get("version") == VERSION:  # not that of another run
        return Report(**{field.name: written[field.name] for field in fields(Report)})
    warnings = [str(warning) for warning in result.get("warnings") or ()]
    if result["truncated"]:
        known = f"Only the first {len(result['changes'])} changes are known here."
        warnings.insert(0, f"{known} Add a path that ends with .json to scim_report.")
    return Report(
        url=url,
        time=now(),
        planned=True,
        plan_digest=str(digest),
        summary=result["summary"],
        changes=without_values(by_danger(result["changes"])),
        refusal=str(result.get("msg") or "")[:LONGEST_ERROR],
        warnings=warnings,
        requests_planned=result["requests_planned"],
        seconds_planned=result["seconds_planned"],
    )


def _name(name: str) -> str:
    return plain(name, LONGEST_NAME)


def _as_many_as_fit(lines: Iterable[str], count: int, room: int) -> list[str]:
    """The first of ``count`` lines, and how many more there are."""
    fitting: list[str] = []
    for line in lines:
        room -= size([line])
        if room < 0:
            break
        fitting.append(line)
    return first_lines(fitting, len(fitting), count)


def _overview(reports: Mapping[str, Report], tenants: Sequence[str]) -> Iterator[str]:
    yield from ("", f"| tenant | | {' | '.join(f'users {name}' for name in COUNTED)} | groups changed | joins | leaves |")
    yield f"| --- | --- |{' ---: |' * (len(COUNTED) + 3)}"
    yield from first_lines([_row(tenant, reports[tenant]) for tenant in tenants], MOST_TENANTS)


def _row(tenant: str, report: Report) -> str:
    users, groups, members = (report.summary[name] for name in ("users", "groups", "memberships"))
    counts = [*(users[name] for name in COUNTED), sum(groups[name] for name in COUNTED), members["added"], members["removed"]]
    state = report.title if report.error or not report.changes else "Changes"
    return f"| {_name(tenant)} | {state} | {' | '.join(map(str, counts))} |"


def _access(changes: Sequence[Body], room: int) -> list[str]:
    """Who gains and who loses what, those who lose something first: a reviewer thinks in users, a plan has the members of groups."""
    lost: dict[str, list[str]] = {}
    gained: dict[str, list[str]] = {}
    for change in changes:
        if change["type"] == USER and (effect := _effect_on_account(change)):
            of_account = lost if change["action"] in ("deactivated", "deleted") else gained
            of_account.setdefault(change["name"], []).insert(0, f"the account ({effect})")
        for kind, names in ((lost, change["leaves"]), (gained, change["joins"])):
            for name in names if change["type"] == GROUP else ():
                kind.setdefault(name, []).append(change["name"])
    users = [*sorted(lost, key=name_key), *sorted(gained.keys() - lost.keys(), key=name_key)]
    lines = (_line(user, lost.get(user, []), gained.get(user, [])) for user in users)
    return ["**Whose access changes**", "", *_as_many_as_fit(lines, len(users), room), ""] if users else []


def _effect_on_account(change: Body) -> str:
    """How a user gains or loses the account itself; empty if the change leaves it as it is. Values may be hidden."""
    if change["action"] != "updated":
        inactive = any(row["path"] == "active" and row.get("after") is False for row in change["attributes"])
        return "" if change["action"] == "created" and inactive else str(change["action"])
    return "activated" if any(row["path"] == "active" and row.get("after", True) is True for row in change["attributes"]) else ""


def _line(user: str, lost: Sequence[str], gained: Sequence[str]) -> str:
    effects = [f"{verb} {', '.join(map(_name, first_lines(groups)))}" for verb, groups in (("loses", lost), ("gains", gained)) if groups]
    return f"- {_name(user)}: {'; '.join(effects)}"
