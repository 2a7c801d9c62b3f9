# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Markdown report: the summary first, changes folded, never too long, and names cannot be markup."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._engine.report.markdown import LONGEST, as_markdown, plain
from ansible_collections.identity.scim.tests.unit.report.reported import change, failed, report

PLAN = """\
## Plan

| | created | updated | deactivated | deleted | unchanged | failed |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
| users | 1 | 1 | **1** | **1** | 40 | 0 |
| groups | 0 | 1 | 0 | 0 | 0 | 0 |

Memberships: 1 added, **2** removed. Applying it takes 5 requests, about 4 s at the provider's rate.

Plan `83298f6822584466` for https&#58;//scim.example.com/v2, 2026-11-24T18:41:03+00:00.

<details open>
<summary><b>Deleted: 1 user</b></summary>

- user **old&#64;example.com** (declared absent)

</details>

<details open>
<summary><b>Deactivated: 1 user</b></summary>

- user **lee&#64;example.com** (not declared)

</details>

<details>
<summary><b>Updated: 1 user and 1 group</b></summary>

- group **Team** (1 member added, 2 members removed)
  - leaves: lee&#64;example.com, old&#64;example.com
  - joins: kim&#64;example.com
- user **kim&#64;example.com**
  - title: ~~Boss~~ → Chief
  - nick\\_name: ~~K~~ (removed)

</details>

<details>
<summary><b>Created: 1 user</b></summary>

- user **new&#64;example.com**
  - user\\_name: new&#64;example.com
  - active: true
  - password: set

</details>
"""
NASTY = ["@octocat", "x @org/team", "#12", "o/r#12", "GH-7", "!3", "a|b", "<script>alert(1)</script>", "[x](https://evil.example)", "`x`",
         "![i](//evil.example/i)", "www.evil.example", "*b* _i_ ~s~", "- item", "1. one", "+ plus", "/close", "$x$", "a\nb", "</details>",
         "<!-- ", "\\", "HTTPS://EVIL", "WWW.evil.example"]  # fmt: skip


def test_a_plan() -> None:
    assert as_markdown(report()) == PLAN


def test_a_refusal() -> None:
    text = as_markdown(
        report(refusal="The plan was refused.\n- 9 of 20 users would be deleted.\n- Run again with allow_removals: 83298f6822584466")
    )
    assert text.splitlines()[:6] == [
        "## Plan refused",
        "",
        "> [!CAUTION]",
        "> The plan was refused.",
        "> - 9 of 20 users would be deleted.",
        "> - Run again with allow\\_removals: 83298f6822584466",
    ]


def test_failures_come_first_with_their_errors() -> None:
    changes = [failed("kim", "kim: refused with 403"), *report().changes]
    text = as_markdown(report(planned=False, changes=changes, failures=[{"error": "kim: refused with 403"}], warnings=["w"] * 25))
    assert text.startswith("## Applied, 1 failed\n")
    assert "<summary><b>Failed: 1 user</b></summary>\n\n- user **kim** (updated)\n  - kim: refused with 403\n" in text
    assert text.count("- w\n") == 20
    assert "- and 5 more" in text


@pytest.mark.parametrize("nasty", NASTY)
def test_names_are_no_markup(nasty: str) -> None:
    text = plain(nasty)
    assert "\n" not in text
    assert not re.search(r"[<>@$]|://|www\.|(?<!\\)[`*_\[\]()|~]|(?<!&)#(?=\w)|!(?=\w)|GH-\d", text, re.IGNORECASE), text
    assert not re.match(r"[-+]|\d+\.", text)
    changes = [change("updated", nasty, ("title", nasty, f"{nasty}{nasty}"), reason=nasty, joins=[nasty])]
    whole = as_markdown(report(changes=changes, warnings=[nasty], refusal=nasty, files=[nasty]))
    assert whole.count("<") == as_markdown(report(changes=[change("updated", "x", ("title", 1, 2))], warnings=["x"], refusal="x")).count(
        "<"
    )


@settings(max_examples=200)
@given(st.text())
def test_any_text_stays_in_its_line_and_its_cell(text: str) -> None:
    shown = plain(text)
    assert len(shown.splitlines()) <= 1
    assert not re.search(r"[<>@]|(?<!\\)(?:\\\\)*\|", shown)


@pytest.mark.parametrize("length", [10, 3_000, 20_000])
def test_never_too_long_and_names_the_complete_reports(length: int) -> None:
    changes = [change("updated", f"{'é' * length}{number}", ("title", "ü" * length, "x")) for number in range(3_000)]
    more = {"warnings": ["@" * length] * 300, "refusal": "\n".join(["- " + "~" * length] * 30)}
    for given_ in ({}, more):
        text = as_markdown(report(changes=changes, files=["plan.md", "plan.html"], **given_))
        assert len(text.encode()) <= LONGEST
        left = re.search(r"\*\*(\d+) more changes are not shown here\.\*\* All of them: plan\.html\.\n$", text)
        assert left
        assert int(left[1]) == 3_000 - text.count("\n- user")
        assert text.count("<details") == text.count("</details>")
    alone = as_markdown(report(changes=changes, files=["plan.md"]))
    assert "Add plan.html or plan.json to the option report" in alone
