# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as one HTML file that loads nothing else: for a phone, for reading offline, and for print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import islice
from typing import Any

from ..escaping import visible
from ..scim.schema.resource import Body
from ..wording import counted
from .model import (
    CATEGORIES,
    HEADINGS,
    LEFT,
    MOST_ROWS_OF_CHANGE,
    Report,
    as_text,
    category,
    differences,
    remarks,
    rows_of,
    shown_in_html,
    where_all_are,
)

COUNTED = ("failed", "deleted", "deactivated", "updated", "created", "unchanged")
MOST_UNFOLDED = 8  # an update with more differences is folded

_STYLE = """
:root{--ink:#1c2430;--soft:#556070;--line:#dfe4ea;--page:#f6f7f9;--card:#fff;--created:#1a7f4b;--updated:#2563ad;--deactivated:#b45309;
--deleted:#b42318;--unchanged:#c3cad3;--failed:#7a1fa2;--left:#556070}
@media screen and (prefers-color-scheme:dark){:root{--ink:#e6e9ee;--soft:#9aa4b1;--line:#303844;--page:#14181e;--card:#1c222b;
--created:#4cc38a;--updated:#6cb2ff;--deactivated:#f0a04b;--deleted:#ff7b6e;--unchanged:#4a5563;--failed:#cf8df0;--left:#9aa4b1}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:62rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.6rem;line-height:1.2;margin:0 0 .4rem}
p{margin:0}
.about{color:var(--soft);font-size:.92rem;overflow-wrap:anywhere;margin:0 0 1.1rem}
.about code{color:var(--ink)}
code{font:.86em ui-monospace,SFMono-Regular,Menlo,monospace}
.card{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.9rem 1rem;margin:0 0 1rem;overflow-wrap:anywhere}
.card ul{margin:.3rem 0 0;padding-left:1.2rem}
.stop{border-left:.4rem solid var(--deleted)}
.counts{display:grid;grid-template-columns:auto 1fr;gap:.35rem 1rem}
.counts svg{width:100%;height:1.1rem;display:block;border-radius:.3rem;margin-top:.2rem}
.key{grid-column:2;display:flex;flex-wrap:wrap;gap:.1rem 1rem;color:var(--soft);font-size:.92rem;margin-bottom:.35rem}
.key b{color:var(--ink)}
.key i{display:inline-block;width:.6rem;height:.6rem;border-radius:.15rem;margin-right:.35rem;background:var(--mark)}
.tools{display:flex;flex-wrap:wrap;gap:.5rem;position:sticky;top:0;background:var(--page);padding:.6rem 0;z-index:1}
.tools input[type=search]{flex:1 1 100%;font:inherit;min-width:0;padding:.45rem .7rem;border:1px solid var(--line);border-radius:.4rem;
background:var(--card);color:inherit}
.tools label{display:flex;align-items:center;gap:.35rem;padding:.2rem .65rem;border:1px solid var(--line);border-radius:1rem;
background:var(--card);font-size:.9rem;cursor:pointer}
.tools input{accent-color:var(--mark);margin:0}
details{background:var(--card);border:1px solid var(--line);border-left:.35rem solid var(--mark);border-radius:.4rem;margin:0 0 .4rem;
content-visibility:auto;contain-intrinsic-size:auto 2.6rem;overflow-wrap:anywhere}
summary{padding:.4rem .8rem .4rem 0;margin-left:1.85rem;list-style-position:outside;cursor:pointer}
details.bare>summary{list-style:none;cursor:default}
details.bare>summary::-webkit-details-marker{display:none}
.tag{color:var(--mark);font-weight:600;display:inline-block;min-width:7.6rem}
.soft{color:var(--soft);font-size:.9rem}
.rows{display:grid;grid-template-columns:minmax(9rem,14rem) 1fr;gap:.1rem 1rem;padding:.1rem .8rem .6rem 1rem;font-size:.95rem}
.rows code{color:var(--soft);padding-top:.15rem}
del{color:var(--deleted);text-decoration-thickness:1px}
del.member{text-decoration:none}
ins{color:var(--created);text-decoration:none}
.error{color:var(--failed);padding:0 1rem .5rem;margin:0}
@media (max-width:36rem){.rows{grid-template-columns:1fr;gap:0}.rows>div{margin-bottom:.35rem}.tag{min-width:0;margin-right:.3rem}
main{padding-top:1rem}}
@media print{html{font-size:13px}body{background:#fff}main{max-width:none;padding:0}.tools{display:none}details{break-inside:avoid;
content-visibility:visible}.counts svg,.key i{print-color-adjust:exact;-webkit-print-color-adjust:exact}
details::details-content{content-visibility:visible;height:auto}}
"""

_SCRIPT = """
const all=s=>[...document.querySelectorAll(s)],search=document.querySelector('input[type=search]'),
checks=all('.tools input[type=checkbox]'),changes=all('main>details'),none=document.getElementById('none'),texts=new Map();
const textOf=c=>{if(!texts.has(c))texts.set(c,c.textContent.toLowerCase());return texts.get(c)};
function show(){const words=search.value.toLowerCase().split(/\\s+/).filter(Boolean);
const off=new Set(checks.filter(c=>!c.checked).map(c=>c.value));let found=0;
for(const c of changes){c.hidden=off.has(c.dataset.category)||off.has(c.dataset.type)||!words.every(w=>textOf(c).includes(w));
found+=!c.hidden}
none.hidden=found>0}
search.addEventListener('input',show);checks.forEach(c=>c.addEventListener('change',show));
addEventListener('beforeprint',()=>changes.forEach(c=>c.open=true));
"""

# The page may request no address at all, so a display name in it can neither load nor send anything.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def as_html(report: Report) -> str:
    """The whole report as one document."""
    return "".join(
        (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n',
            f"<title>{_text(f'{report.title}: {report.url}')}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n",
            *_head(report),
            *_changes(report),
            "</main>\n",
            f"<script>{_SCRIPT}</script>\n" if report.changes else "",
            "</body>\n</html>\n",
        )
    )


def _head(report: Report) -> Iterator[str]:
    time = f'<time datetime="{_text(report.time)}">{_text(report.time.replace("T", " ").replace("+00:00", " UTC"))}</time>'
    plan = f"<br>Plan <code>{_text(report.plan_digest)}</code> · {_text(report.cost)}" if report.plan_digest else ""
    yield f"<h1>{_text(report.title)}</h1>\n"
    yield f'<p class="about">{_text(report.url)} · {time}{plan}</p>\n'
    if report.error:
        first, *items = report.error.split("\n")
        yield f'<div class="card stop"><b>{_text(first)}</b>{_list([item.removeprefix("- ") for item in items]) if items else ""}</div>\n'
    if report.plan_digest is not None:
        yield from _counts(report)
    if report.warnings:
        yield f'<div class="card"><b>Warnings</b>{_list(report.warnings)}</div>\n'


def _list(items: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{_text(item)}</li>' for item in items)}</ul>"


def _counts(report: Report) -> Iterator[str]:
    yield '<div class="card counts">\n'
    for resources in ("users", "groups"):
        counts = [(name, count) for name in COUNTED if (count := report.summary[resources].get(name, 0))]
        keys = "".join(_key(name, count, name) for name, count in counts) or "none"
        yield f'<span>{resources.capitalize()}</span>{_bar(counts)}\n<span class="key">{keys}</span>\n'
    members = report.summary["memberships"]
    added, removed = _key("created", members["added"], "added"), _key("deleted", members["removed"], "removed")
    yield f'<span>Members</span><span class="key">{added}{removed}</span>\n</div>\n'


def _key(color: str, count: int, name: str) -> str:
    return f'<span><i style="--mark:var(--{color})"></i><b>{count}</b> {name}</span>'


def _bar(counts: Sequence[tuple[str, int]]) -> str:
    """Counts as a bar. Each part is at least about one percent wide, so that a rare action is visible."""
    least = sum(count for _name, count in counts) / 100
    total = sum(max(count, least) for _name, count in counts)
    parts, position = [], 0.0
    for name, count in counts:
        width = 100 * max(count, least) / total
        parts.append(f'<rect x="{position:.2f}" width="{width:.2f}" height="10" fill="var(--{name})"><title>{count} {name}</title></rect>')
        position += width
    inner = "".join(parts) or '<rect width="100" height="10" fill="var(--line)"/>'
    label = ", ".join(f"{count} {name}" for name, count in counts) or "none"
    return f'<svg viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="{label}">{inner}</svg>'


def _changes(report: Report) -> Iterator[str]:
    if not report.changes:
        return
    categories = Counter(category(change) for change in report.changes)
    types = Counter(change["type"] for change in report.changes)
    yield '<div class="tools"><input type="search" placeholder="Search names, attributes, values" aria-label="Search">'
    yield from (_check(name, f"{HEADINGS.get(name, name)} {categories[name]}", name) for name in CATEGORIES if name in categories)
    if len(types) > 1:
        yield from (_check(name, f"{name.lower()}s {types[name]}", LEFT) for name in sorted(types, reverse=True))
    yield "</div>\n"
    shown = shown_in_html(report.changes)
    if len(shown) < len(report.changes):
        left_out = f"{counted(len(report.changes) - len(shown), 'change')} of {len(report.changes)} are not on this page."
        yield f'<div class="card"><b>{left_out}</b> A browser could not show them all. {_text(where_all_are(report))}</div>\n'
    yield from map(_change, shown)
    yield '<p id="none" class="soft" hidden>No change matches.</p>\n'


def _check(value: str, label: str, color: str) -> str:
    return f'<label style="--mark:var(--{color})"><input type="checkbox" value="{value}" checked> {label}</label>'


def _change(change: Body) -> str:
    name, error = category(change), change.get("error", "")
    rows = [_row(*row) for row in islice(differences(change), MOST_ROWS_OF_CHANGE)]
    unfolded = error or (len(rows) <= MOST_UNFOLDED and change["action"] == "updated")
    if rows_of(change) > MOST_ROWS_OF_CHANGE:
        rows.append(f"<div></div><div>… and {rows_of(change) - MOST_ROWS_OF_CHANGE} more, which a JSON report has</div>")
    remark = f' <span class="soft">({_text(remarks(change))})</span>' if remarks(change) else ""
    head = f'<span class="tag">{HEADINGS.get(name, name)}</span> {change["type"].lower()} <b>{_text(change["name"])}</b>{remark}'
    body = (f'<p class="error">{_text(error)}</p>' if error else "") + (f'<div class="rows">{"".join(rows)}</div>' if rows else "")
    data = f'data-category="{name}" data-type="{_text(change["type"])}" style="--mark:var(--{name})"'
    return f"<details {data}{'' if body else ' class=bare'}{' open' if unfolded else ''}><summary>{head}</summary>{body}</details>\n"


def _row(path: str, before: Any, after: Any) -> str:
    if before == after:  # hidden
        return f"<code>{_text(path)}</code><div></div>"
    css = ' class="member"' if path == "leaves" else ""
    old = f"<del{css}>{_text(as_text(before))}</del>" if before is not None else ""
    new = f"<ins>{_text(as_text(after))}</ins>" if after is not None else ""
    return f"<code>{_text(path)}</code><div>{old}{' → ' if old and new else ''}{new}</div>"


def _text(text: str) -> str:
    return escape(visible(text))
