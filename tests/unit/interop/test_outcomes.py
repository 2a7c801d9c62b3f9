# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a check ends: a limit of the server counts only where a message of the collection says it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from interop import __main__ as interop
from interop.checks import CHECKS, Lab, Never, Wrong, unchanged
from interop.results import FAILED, KNOWN, LIMITED, PASSED, RESULTS, Deviation, Outcome, Result, all_results, read, write
from interop.server import Known, Limit
from servers.proxy import Exchange
from servers.serving import Answer, Request
from servers.tables import Seen

LIMIT = Limit("cannot rename users", "userName is immutable")
SAID = "ada: PATCH was refused with 400 (mutability): userName is immutable"


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    server: Any = SimpleNamespace(name="server", base="/v2", limits={"rename_user": LIMIT}, known={})
    access: Any = SimpleNamespace(direct=SimpleNamespace(url="http://127.0.0.1:2/v2"))
    proxy: Any = SimpleNamespace(origin="http://127.0.0.1:1")
    run: Any = None
    return Lab(server, access, proxy, run, tmp_path)


def ended(lab: Lab, function: Callable[[Lab], None], name: str = "rename_user") -> Outcome:
    return interop.outcome_of(lab, name, "A title", function)


def raising(error: Exception, *messages: str) -> Callable[[Lab], None]:
    def function(lab: Lab) -> None:
        lab.messages += messages
        raise error

    return function


def test_passed(lab: Lab) -> None:
    assert ended(lab, lambda lab: None) == Outcome("rename_user", "A title", PASSED, 0)


def test_a_limit_that_a_message_says(lab: Lab) -> None:
    found = ended(lab, raising(Wrong("it is still called ada"), "a warning", SAID))
    assert (found.outcome, found.reason, found.message) == (LIMITED, "cannot rename users", SAID)


def test_a_limit_that_no_message_says_is_a_failure(lab: Lab) -> None:
    assert ended(lab, raising(Wrong("it is still called ada"), "a warning")).outcome == FAILED


def test_a_limit_of_another_check_is_none(lab: Lab) -> None:
    assert ended(lab, raising(Wrong("it is still called ada"), SAID), "delete").outcome == FAILED


@pytest.mark.parametrize("error", [Never("two accounts"), AssertionError("requests is 3"), KeyError("users")])
def test_no_limit_excuses_these(lab: Lab, error: Exception) -> None:
    found = ended(lab, raising(error, SAID))
    assert found.outcome == FAILED
    assert str(error) in found.reason


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(Wrong("the title is missing"), KNOWN), (Wrong("the name is missing"), FAILED), (Never("the title is missing"), FAILED)],
)
def test_a_known_failure_is_that_one_only(lab: Lab, error: Exception, outcome: str) -> None:
    lab.server.known = {"rename_user": Known("It shows what it does not store.", "title is missing$")}
    assert ended(lab, raising(error)).outcome == outcome
    assert ended(lab, raising(error), "other").outcome == FAILED


def test_a_known_failure_that_passes_is_not_known_any_more(lab: Lab) -> None:
    lab.server.known = {"rename_user": Known("It shows what it does not store.", "title")}
    assert ended(lab, lambda lab: None).outcome == FAILED


def test_what_a_check_finds_limited(lab: Lab) -> None:
    def function(lab: Lab) -> None:
        lab.limited["does not store title"] = "http://127.0.0.1:1/v2: title is not stored"

    found = ended(lab, function)
    assert (found.outcome, found.reason, found.message) == (LIMITED, "does not store title", "http://provider/v2: title is not stored")


def test_nothing_of_a_check_is_left_for_the_next(lab: Lab) -> None:
    ended(lab, raising(Wrong("it is still called ada"), SAID))
    assert ended(lab, raising(Wrong("it is still called ben"))).outcome == FAILED


def test_each_check_has_a_log(lab: Lab) -> None:
    ended(lab, raising(Wrong("it is still called ada"), SAID))
    assert SAID in (lab.folder / "rename_user.log").read_text()


# -- a second run -------------------------------------------------------------------------------------------------------------------------


def again(*paths: str, warnings: tuple[str, ...] = (), **result: Any) -> Seen:
    body = b'{"Operations": [%s]}' % b", ".join(b'{"op": "add", "path": "%s"}' % path.encode() for path in paths)
    exchanges = [Exchange(Request("PATCH", "/v2/Users/1", body=body, root="/v2"), Answer(200))] if paths else []
    return Seen({"changed": False, "warnings": list(warnings), **result}, exchanges)


def test_unchanged(lab: Lab) -> None:
    unchanged(lab, again())
    assert not lab.limited


@pytest.mark.parametrize("seen", [again("title"), again("title", warnings=("nickName is not stored",)), again(changed=True)])
def test_not_unchanged(lab: Lab, seen: Seen) -> None:
    with pytest.raises(Wrong):
        unchanged(lab, seen)


@pytest.mark.parametrize(("warning", "limits"), [("nick_name is not stored", 1), ("title is not stored", 0)])
def test_a_put_tries_what_its_answer_does_not_show(lab: Lab, warning: str, limits: int) -> None:
    body, answer = b'{"schemas": [], "userName": "ada", "nickName": "Ada"}', b'{"id": "1", "userName": "ada"}'
    put = Exchange(Request("PUT", "/v2/Users/1", body=body, root="/v2"), Answer(200, body=answer))
    with nullcontext() if limits else pytest.raises(Wrong):
        unchanged(lab, Seen({"changed": False, "warnings": [warning]}, [put]))
    assert list(lab.limited) == ["each run tries again to store nickName"] * limits


def test_what_is_tried_again_is_named(lab: Lab) -> None:
    unchanged(lab, again("title", "phoneNumbers", warnings=("The provider does not store title and phone_numbers",)))
    assert list(lab.limited) == ["each run tries again to store phoneNumbers, title"]


# -- results ------------------------------------------------------------------------------------------------------------------------------

RESULT = Result(
    "server",
    "A server",
    "1.2.3",
    "2026-11-30",
    "rfc",
    [Outcome("plan", "A plan", PASSED, 2), Outcome("load", "A load", LIMITED, 5, "does not store title", 'a "message"\nof two lines')],
    [Deviation("refuses PATCH of title", "PATCH /Users/USER (replace title) → 400")],
)


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    assert read(write(RESULT, tmp_path)) == RESULT
    assert all_results(tmp_path) == [RESULT]
    assert (RESULT.requests, interop.summary(RESULT)) == (7, "1 of 2 checks passed, 1 limited, 7 requests")


def test_the_table_has_a_row_for_each_check() -> None:
    lines = interop.table({"server": RESULT}).splitlines()
    assert len(lines) == 1 + len(CHECKS)
    assert lines[1].endswith("passed")
    assert lines[3].endswith("-")


@pytest.mark.parametrize("path", sorted(RESULTS.glob("*.yml")), ids=lambda path: path.stem)
def test_the_results_kept_are_of_all_checks(path: Path) -> None:
    result = read(path)
    assert result.name == path.stem
    assert [one.check for one in result.checks] == list(CHECKS)
    assert all(one.reason and one.message for one in result.of(LIMITED))


def test_a_server_that_cannot_run_here_is_not_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    packages = SimpleNamespace(missing=lambda: "Java 17 or newer")
    server: Any = SimpleNamespace(name="server", packages=packages)
    assert interop.one(server, tmp_path, False) == interop.NOT_RUN
    assert capsys.readouterr().out == "server: not run: this machine lacks Java 17 or newer\n"
    assert not list(tmp_path.iterdir())
