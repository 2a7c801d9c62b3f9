# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as one HTML file that loads nothing from elsewhere: to read on a phone, to search without a network, to print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from ..scim.schema.resource import Body
from .model import DANGER, Report, rows, text, why, word

COLUMNS = ("failed", "deleted", "deactivated", "updated", "created", "unchanged")
WORDS = {"left": "not begun"}
MOST_OPEN = 8  # rows of a change that is shown unfolded

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
summary{padding:.4rem .8rem;cursor:pointer}
details.bare>summary{list-style:none;cursor:default;padding-left:1.85rem}
details.bare>summary::-webkit-details-marker{display:none}
.tag{color:var(--mark);font-weight:600;display:inline-block;min-width:6.6rem}
.soft{color:var(--soft);font-size:.9rem}
.rows{display:grid;grid-template-columns:minmax(9rem,14rem) 1fr;gap:.1rem 1rem;padding:.1rem .8rem .6rem 1rem;font-size:.95rem}
.rows code{color:var(--soft);padding-top:.15rem}
del{color:var(--deleted);text-decoration-thickness:1px}
del.who{text-decoration:none}
ins{color:var(--created);text-decoration:none}
.error{color:var(--failed);padding:0 1rem .5rem;margin:0}
@media (max-width:36rem){.rows{grid-template-columns:1fr;gap:0}.rows>div{margin-bottom:.35rem}.tag{min-width:0;margin-right:.3rem}
main{padding-top:1rem}}
@media print{html{font-size:13px}body{background:#fff}main{max-width:none;padding:0}.tools{display:none}details{break-inside:avoid;
content-visibility:visible}.counts svg,.key i{print-color-adjust:exact;-webkit-print-color-adjust:exact}
details::details-content{content-visibility:visible;height:auto}}
"""

_SCRIPT = """
const all=s=>[...document.querySelectorAll(s)],box=document.querySelector('input[type=search]'),checks=all('.tools input[type=checkbox]'),
changes=all('main>details'),none=document.getElementById('none'),words=new Map();
const said=c=>{if(!words.has(c))words.set(c,c.textContent.toLowerCase());return words.get(c)};
function show(){const wanted=box.value.toLowerCase().split(/\\s+/).filter(Boolean);
const off=new Set(checks.filter(c=>!c.checked).map(c=>c.value));let seen=0;
for(const c of changes){c.hidden=off.has(c.dataset.word)||off.has(c.dataset.type)||!wanted.every(w=>said(c).includes(w));seen+=!c.hidden}
none.hidden=seen>0}
box.addEventListener('input',show);checks.forEach(c=>c.addEventListener('change',show));
addEventListener('beforeprint',()=>changes.forEach(c=>c.open=true));
"""

# No address at all may be asked for anything: what a display name holds can load and send nothing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def as_html(report: Report) -> str:
    """The whole report as one document."""
    return "".join(
        (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n',
            f"<title>{escape(f'{report.title}: {report.url}')}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n",
            *_head(report),
            *_warnings(report.warnings),
            *_changes(report),
            "</main>\n",
            f"<script>{_SCRIPT}</script>\n" if report.changes else "",
            "</body>\n</html>\n",
        )
    )


def _head(report: Report) -> Iterator[str]:
    when = f'<time datetime="{escape(report.time)}">{escape(report.time.replace("T", " ").replace("+00:00", " UTC"))}</time>'
    yield f"<h1>{escape(report.title)}</h1>\n"
    plan = f"<br>Plan <code>{escape(report.plan_digest)}</code> · {escape(report.cost)}" if report.plan_digest else ""
    yield f'<p class="about">{escape(report.url)} · {when}{plan}</p>\n'
    stopped = report.refusal or report.ended
    if stopped:
        first, *items = stopped.splitlines()
        listed = "".join(f"<li>{escape(item.removeprefix('- '))}</li>" for item in items)
        yield f'<div class="card stop"><b>{escape(first)}</b>{f"<ul>{listed}</ul>" if listed else ""}</div>\n'
    if report.plan_digest is not None:
        yield from _counts(report)


def _counts(report: Report) -> Iterator[str]:
    yield '<div class="card counts">\n'
    for kind in ("users", "groups"):
        yield f"<span>{kind.capitalize()}</span>{_bar(report.summary[kind])}\n"
        yield f'<span class="key">{_key(report.summary[kind])}</span>\n'
    moved = report.summary["memberships"]
    yield f'<span>Members</span><span class="key">{_keyed("created", moved["added"], "added")}'
    yield f"{_keyed('deleted', moved['removed'], 'removed')}</span>\n</div>\n"


def _bar(counts: Mapping[str, int]) -> str:
    """Counts as a bar; what is rare is still seen: each part is at least one percent wide."""
    found = [(name, counts.get(name, 0)) for name in COLUMNS if counts.get(name, 0)]
    least = sum(count for _name, count in found) / 100
    total = sum(max(count, least) for _name, count in found)
    parts, at = [], 0.0
    for name, count in found:
        width = 100 * max(count, least) / total
        parts.append(f'<rect x="{at:.2f}" width="{width:.2f}" height="10" fill="var(--{name})"><title>{count} {name}</title></rect>')
        at += width
    inner = "".join(parts) or '<rect width="100" height="10" fill="var(--line)"/>'
    label = ", ".join(f"{count} {name}" for name, count in found) or "none"
    return f'<svg viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="{label}">{inner}</svg>'


def _key(counts: Mapping[str, int]) -> str:
    return "".join(_keyed(name, counts[name], name) for name in COLUMNS if counts.get(name)) or "none"


def _keyed(mark: str, count: int, name: str) -> str:
    return f'<span><i style="--mark:var(--{mark})"></i><b>{count}</b> {name}</span>'


def _warnings(lines: Sequence[str]) -> Iterator[str]:
    if lines:
        items = "".join(f"<li>{escape(line)}</li>" for line in lines)
        yield f'<div class="card"><b>Warnings</b><ul>{items}</ul></div>\n'


def _changes(report: Report) -> Iterator[str]:
    if not report.changes:
        return
    words = Counter(word(change) for change in report.changes)
    types = Counter(change["type"] for change in report.changes)
    yield '<div class="tools"><input type="search" placeholder="Search names, attributes, values" aria-label="Search">'
    yield from (_check(name, f"{WORDS.get(name, name)} {words[name]}", name) for name in DANGER if name in words)
    yield from (_check(name, f"{name.lower()}s {types[name]}", "left") for name in sorted(types, reverse=True) if len(types) > 1)
    yield "</div>\n"
    yield from (_change(change) for change in report.changes)
    yield '<p id="none" class="soft" hidden>Nothing matches.</p>\n'


def _check(value: str, label: str, mark: str) -> str:
    return f'<label style="--mark:var(--{mark})"><input type="checkbox" value="{value}" checked> {label}</label>'


def _change(change: Body) -> str:
    action, listed, said = word(change), [_row(*row) for row in rows(change)], why(change)
    error = change.get("error", "")
    opened = " open" if error or (len(listed) <= MOST_OPEN and change["action"] == "updated") else ""
    reason = f' <span class="soft">({escape(said)})</span>' if said else ""
    head = f'<span class="tag">{WORDS.get(action, action)}</span> {change["type"].lower()} <b>{escape(change["name"])}</b>{reason}'
    inner = (f'<p class="error">{escape(error)}</p>' if error else "") + (f'<div class="rows">{"".join(listed)}</div>' if listed else "")
    data = f'data-word="{action}" data-type="{escape(change["type"])}" style="--mark:var(--{action})"'
    return f"<details {data}{'' if inner else ' class=bare'}{opened}><summary>{head}</summary>{inner}</details>\n"


def _row(path: str, before: Any, after: Any) -> str:
    if before == after:  # hidden
        return f"<code>{escape(path)}</code><div></div>"
    mark = ' class="who"' if path == "leaves" else ""
    old = f"<del{mark}>{escape(text(before))}</del>" if before is not None else ""
    new = f"<ins>{escape(text(after))}</ins>" if after is not None else ""
    return f"<code>{escape(path)}</code><div>{old}{' → ' if old and new else ''}{new}</div>"
