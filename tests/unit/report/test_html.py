# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTML report: one file that loads nothing, has all of the report, and in which names cannot be markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.report.html import as_html
from ansible_collections.identity.scim.plugins.module_utils._engine.report.model import MOST_ROWS, MOST_ROWS_OF_CHANGE
from ansible_collections.identity.scim.tests.unit.report.reported import CHANGES, change, failed, report

LOADING = {"src", "href", "srcset", "action", "formaction", "data", "poster", "background", "ping", "cite", "manifest"}
VOID = {"meta", "input", "br"}
NASTY = "\"><img src=x onerror=alert(1)></script><script>alert('x')</script>&amp;{{7*7}}"


class Page(HTMLParser):
    """The tags and the text of a page, as a browser reads them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        assert not self._open, f"never closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] not in ("style", "script"):
            self.texts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


ALL = report(
    changes=[failed("zoe", "zoe: refused with 403"), *report().changes],
    planned=False,
    failures=[{"type": "User", "name": "zoe", "error": "zoe: refused with 403"}],
    warnings=["kim is inactive."],
    ended="The credential was refused.",
)


@pytest.mark.parametrize("one", [report(), ALL, report(changes=[]), report(refusal="No.\n- because")], ids=lambda one: one.title)
def test_it_loads_nothing_else(one: object) -> None:
    text = as_html(one)  # type: ignore[arg-type]
    page = Page(text)
    assert not [(tag, name) for tag, attributes in page.tags for name in attributes if name in LOADING]
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest|WebSocket|sendBeacon|import\(|innerHTML|eval\(", text)
    policy = next(meta["content"] for meta in page.of("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    assert policy
    assert policy.startswith("default-src 'none'; ")
    assert "http" not in policy
    assert any(meta.get("name") == "viewport" for meta in page.of("meta"))


def test_it_has_everything_with_dangerous_changes_first() -> None:
    page = Page(as_html(ALL))
    categories = [details["data-category"] for details in page.of("details")]
    assert categories == ["failed", "deleted", "deactivated", "updated", "updated", "created"]
    for text in ("Ended early, 1 failed", "The credential was refused.", "zoe: refused with 403", "kim is inactive.", "set",
                 "not declared", "83298f6822584466", "2026-11-24 18:41:03 UTC", "Boss → Chief", "nick_name",
                 "1 member added, 2 members removed"):  # fmt: skip
        assert text in page.text
    assert "active" not in page.text.replace("deactivated", "").replace("inactive", "").replace("activetrue", "")


def test_counts_are_a_bar() -> None:
    page = Page(as_html(report()))
    assert [svg["aria-label"] for svg in page.of("svg")] == [
        "1 deleted, 1 deactivated, 1 updated, 1 created, 40 unchanged",
        "1 updated",
    ]
    users = page.of("rect")[:5]
    assert sum(float(rect["width"] or 0) for rect in users) == pytest.approx(100, abs=0.1)
    assert all(float(rect["width"] or 0) >= 0.9 for rect in users), "a rare action is visible"
    assert [
        svg["aria-label"]
        for svg in Page(as_html(report(summary={"users": {}, "groups": {}, "memberships": {"added": 0, "removed": 0}}))).of("svg")
    ] == ["none"] * 2


def test_search_and_filters() -> None:
    page = Page(as_html(ALL))
    inputs = page.of("input")
    assert inputs[0]["type"] == "search"
    assert [one["value"] for one in inputs[1:]] == ["failed", "deleted", "deactivated", "updated", "created", "User", "Group"]
    values = {details["data-category"] for details in page.of("details")} | {details["data-type"] for details in page.of("details")}
    assert {one["value"] for one in inputs[1:]} == values
    assert not Page(as_html(report(changes=[]))).of("input")
    assert len(Page(as_html(report(changes=[change("created", "x")]))).of("input")) == 2, "one type needs no filter"


def test_names_are_no_markup() -> None:
    changes = [
        change("updated", NASTY, (NASTY, NASTY, NASTY + NASTY), reason=NASTY, joins=[NASTY], secrets=[NASTY], status="failed", error=NASTY)
    ]
    harmless = [change("updated", "x", ("x", "x", "y"), reason="x", joins=["x"], secrets=["x"], status="failed", error="x")]
    one, other = (
        Page(as_html(report(url=text, time=text, plan_digest=text, changes=found, warnings=[text], refusal=text)))
        for text, found in ((NASTY, changes), ("x", harmless))
    )
    assert [tag for tag, _attributes in one.tags] == [tag for tag, _attributes in other.tags]
    assert one.text.count(NASTY) >= 10


def test_hidden_values_are_not_shown() -> None:
    hidden = {**change("updated", "kim"), "attributes": [{"path": "title"}]}
    page = Page(as_html(report(changes=[hidden])))
    assert "title" in page.text
    assert not page.of("del")
    assert not page.of("ins")


def test_print_unfolds_all_and_hides_the_tools() -> None:
    text = as_html(report())
    assert "beforeprint" in text
    assert re.search(r"@media print\{.*\.tools\{display:none\}", text, re.DOTALL)


def test_a_page_has_no_more_than_a_browser_can_open() -> None:
    created = [change("created", f"u{number}", *((f"a{row}", None, "x") for row in range(9))) for number in range(MOST_ROWS // 10 + 7)]
    page = Page(as_html(report(changes=created, files=["plan.html", "plan.json"])))
    assert len(page.of("details")) == MOST_ROWS // 10
    assert f"7 changes of {len(created)} are not on this page." in page.text
    assert "All of them: plan.json." in page.text
    alone = Page(as_html(report(changes=created, files=["plan.html"])))
    assert "Add plan.json to the option report to get all of them." in alone.text


def test_a_group_of_many_members_does_not_fill_the_page() -> None:
    group = change("created", "Everyone", type="Group", joins=[f"u{number}" for number in range(MOST_ROWS_OF_CHANGE + 5)])
    page = Page(as_html(report(changes=[group, *CHANGES])))
    assert "… and 5 more, which a JSON report has" in page.text
    assert page.text.count("joins") == MOST_ROWS_OF_CHANGE + 1
    assert "not on this page" not in page.text


def test_a_page_with_all_changes_says_nothing_of_others() -> None:
    exactly = [change("created", f"u{number}", *((f"a{row}", None, "x") for row in range(9))) for number in range(MOST_ROWS // 10)]
    page = Page(as_html(report(changes=exactly, files=["plan.html"])))
    assert len(page.of("details")) == len(exactly)
    assert "not on this page" not in page.text
