# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as one HTML file that loads nothing from elsewhere: to read on a phone, to search without a network, to print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from ..scim.resource import Body
from .report import Report

ACTIONS = ("deleted", "deactivated", "updated", "created")
COLUMNS = (*ACTIONS, "unchanged", "failed")

_STYLE = """
:root{--ink:#1c2430;--soft:#5b6675;--line:#dfe4ea;--page:#f6f7f9;--card:#fff;--created:#1a7f4b;--updated:#2563ad;--deactivated:#b45309;
--deleted:#b42318;--unchanged:#9aa4b1;--failed:#7a1fa2}
@media (prefers-color-scheme:dark){:root{--ink:#e6e9ee;--soft:#9aa4b1;--line:#303844;--page:#14181e;--card:#1c222b;--created:#4cc38a;
--updated:#6cb2ff;--deactivated:#f0a04b;--deleted:#ff7b6e;--unchanged:#596474;--failed:#cf8df0}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.6rem;margin:0}
.where{color:var(--soft);overflow-wrap:anywhere;margin:.25rem 0 1.25rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1rem;margin:0 0 1rem}
.refusal{border-left:.4rem solid var(--deleted);white-space:pre-line;overflow-wrap:anywhere}
.bars{display:grid;grid-template-columns:auto 1fr;gap:.6rem 1rem;align-items:center}
.bars svg{width:100%;height:1.4rem;display:block;border-radius:.3rem}
.counts{grid-column:2;color:var(--soft);font-size:.9rem;margin-top:-.4rem}
.counts b{color:var(--ink)}
.tools{display:flex;flex-wrap:wrap;gap:.5rem;position:sticky;top:0;background:var(--page);padding:.6rem 0;z-index:1}
.tools input[type=search]{flex:1 1 14rem;font:inherit;padding:.45rem .7rem;border:1px solid var(--line);border-radius:.4rem;
background:var(--card);color:inherit}
.tools label{display:flex;align-items:center;gap:.3rem;padding:.3rem .6rem;border:1px solid var(--line);border-radius:1rem;
background:var(--card);font-size:.9rem;cursor:pointer}
details{background:var(--card);border:1px solid var(--line);border-left:.35rem solid var(--mark);border-radius:.4rem;margin:0 0 .5rem}
summary{padding:.55rem .8rem;cursor:pointer;overflow-wrap:anywhere}
summary b{font-weight:600}
.tag{color:var(--mark);font-weight:600;margin-right:.4rem}
.soft{color:var(--soft);font-size:.9rem}
table{width:100%;border-collapse:collapse;font-size:.92rem}
td,th{text-align:left;vertical-align:top;padding:.35rem .8rem;border-top:1px solid var(--line);overflow-wrap:anywhere}
th{color:var(--soft);font-weight:500}
td:first-child{width:30%;font-family:ui-monospace,SFMono-Regular,Menlo,monospace;font-size:.85rem}
.before{color:var(--deleted)}.after{color:var(--created)}
footer{color:var(--soft);font-size:.85rem;margin-top:2rem}
@media (max-width:34rem){td,th{padding:.3rem .5rem}td:first-child{width:36%}}
@media print{body{background:#fff;font-size:11pt}.tools{display:none}details{break-inside:avoid}}
"""

_SCRIPT = """
const box=document.querySelector('input[type=search]'),checks=[...document.querySelectorAll('.tools input[type=checkbox]')],
rows=[...document.querySelectorAll('details')],none=document.getElementById('none');
function show(){const words=box.value.toLowerCase().split(/\\s+/).filter(Boolean),on=new Set(checks.filter(c=>c.checked).map(c=>c.value));
let seen=0;for(const row of rows){const text=row.textContent.toLowerCase(),ok=on.has(row.dataset.action)&&words.every(w=>text.includes(w));
row.hidden=!ok;seen+=ok}none.hidden=seen>0}
box.addEventListener('input',show);checks.forEach(c=>c.addEventListener('change',show));
addEventListener('beforeprint',()=>rows.forEach(r=>r.open=true));
"""


# No address at all may be asked for anything: what a display name holds can load and send nothing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"


def as_html(report: Report) -> str:
    """The whole report as one document."""
    title = f"{report.title}: {report.url}"
    return "".join(
        (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n',
            f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n",
            *_head(report),
            *_listed("Failed", [failure["error"] for failure in report.failures]),
            *_listed("Warnings", report.warnings),
            *_changes(report.changes),
            f"<footer>Plan {escape(report.plan_digest)}. {escape(report.cost)} Written by identity.scim.</footer>\n",
            "</main>\n",
            f"<script>{_SCRIPT}</script>\n" if report.changes else "",
            "</body>\n</html>\n",
        )
    )


def _head(report: Report) -> Iterator[str]:
    yield f'<h1>{escape(report.title)}</h1>\n<p class="where">{escape(report.url)} · {escape(report.time)}</p>\n'
    if report.refusal:
        yield f'<div class="card refusal">{escape(report.refusal)}</div>\n'
    yield '<div class="card bars">\n'
    for kind in ("users", "groups"):
        yield f"<span>{kind.capitalize()}</span>{_bar(report.summary[kind])}\n"
        yield f'<span class="counts">{_counts(report.summary[kind])}</span>\n'
    moved = report.summary["memberships"]
    yield f'<span>Members</span><span class="soft"><b>{moved["added"]}</b> added, <b>{moved["removed"]}</b> removed</span>\n</div>\n'


def _bar(counts: Mapping[str, int]) -> str:
    """Counts as a bar; what is rare is still seen: each part is at least one percent wide."""
    found = [(name, counts.get(name, 0)) for name in COLUMNS if counts.get(name, 0)]
    total = sum(max(count, sum(c for _n, c in found) / 100) for _name, count in found)
    parts, at = [], 0.0
    for name, count in found:
        width = 100 * max(count, sum(c for _n, c in found) / 100) / total
        parts.append(f'<rect x="{at:.2f}" width="{width:.2f}" height="10" fill="var(--{name})"><title>{count} {name}</title></rect>')
        at += width
    inner = "".join(parts) or '<rect width="100" height="10" fill="var(--line)"/>'
    label = ", ".join(f"{count} {name}" for name, count in found) or "none"
    return f'<svg viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="{label}">{inner}</svg>'


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"<b>{counts[name]}</b> {name}" for name in COLUMNS if counts.get(name)) or "none"


def _listed(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        items = "".join(f"<li>{escape(line)}</li>" for line in lines)
        yield f'<div class="card"><b>{title}</b><ul>{items}</ul></div>\n'


def _changes(changes: Sequence[Body]) -> Iterator[str]:
    if not changes:
        return
    there = {change["action"] for change in changes}
    boxes = "".join(f'<label><input type="checkbox" value="{action}" checked> {action}</label>' for action in ACTIONS if action in there)
    yield f'<div class="tools"><input type="search" placeholder="Search names, attributes, values" aria-label="Search">{boxes}</div>\n'
    yield from (_change(change) for change in changes)
    yield '<p id="none" class="soft" hidden>Nothing matches.</p>\n'


def _change(change: Body) -> str:
    action, few = change["action"], len(changes_rows := list(_rows(change))) <= 8
    why = [change["reason"]] if change["reason"] not in ("", "declared") else []
    why += [f"{len(change[key])} {word}" for key, word in (("joins", "joining"), ("leaves", "leaving")) if change[key]]
    reason = f' <span class="soft">({escape(", ".join(why))})</span>' if why else ""
    opened = " open" if few and action in ("deleted", "deactivated", "updated") else ""
    head = f'<span class="tag">{action}</span>{change["type"].lower()} <b>{escape(change["name"])}</b>{reason}'
    table = f"<table><tr><th>attribute</th><th>before</th><th>after</th></tr>{''.join(changes_rows)}</table>" if changes_rows else ""
    return f'<details data-action="{action}" style="--mark:var(--{action})"{opened}><summary>{head}</summary>{table}</details>\n'


def _rows(change: Body) -> Iterator[str]:
    for one in change["attributes"]:
        yield _row(one["path"], _value(one, "before"), _value(one, "after"))
    yield from (_row(name, "", "set") for name in change["secrets"])
    yield from (_row("member", "", name) for name in change["joins"])
    yield from (_row("member", name, "") for name in change["leaves"])


def _row(path: str, before: str, after: str) -> str:
    return f'<tr><td>{escape(path)}</td><td class="before">{escape(before)}</td><td class="after">{escape(after)}</td></tr>'


def _value(one: Mapping[str, Any], key: str) -> str:
    value = one.get(key, "…")
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
