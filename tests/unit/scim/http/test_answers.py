# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an answer means, whatever shape it has, and the error message for it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine.redact import Redactor
from ansible_collections.identity.scim.plugins.module_utils._engine.scim import errors
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http import answers, wire
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.answers import (
    DETAIL_LIMIT,
    HTML_LIMIT,
    clean,
    is_scim,
    parse_json,
    readable,
)
from ansible_collections.identity.scim.tests.unit.scim.client.scripted import SCIM_ERROR, TOKEN, USER, Say, serving, to

# -- answers -------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["text/html", "application/json+scim", "application/scim+json; charset=utf-8", ""])
def test_the_content_type_of_an_answer_is_not_trusted(kind: str) -> None:
    with serving(Say(200, b'\xef\xbb\xbf{"id": "1"}', {"Content-Type": kind} if kind else {})) as provider:
        assert to(provider).send("GET", "/Users/1").body == {"id": "1"}


@pytest.mark.parametrize("say", [Say(204), Say(200), Say(200, b" \n")])
def test_no_body_is_none(say: Say) -> None:
    with serving(say) as provider:
        assert to(provider).send("DELETE", "/Users/1").body is None


@pytest.mark.parametrize("content", [b"<html><body>Please sign in</body></html>", b'{"Resources": [', b"\xff\xfe\xfd", b"[" * 100_000])
@pytest.mark.parametrize(("method", "path"), [("GET", "/Users"), ("POST", "/Users/.search")])
def test_something_else_than_json_is_not_scim(method: str, path: str, content: bytes) -> None:
    not_scim = pytest.raises(errors.NotScim, match=r"text/html.*Check the base URL")
    with serving(Say(200, content, {"Content-Type": "text/html"})) as provider, not_scim as caught:
        to(provider).send(method, path)
    assert provider.url in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("say", [Say(201, b"<html>"), Say(201, b'{"id', cut="within")])
def test_a_write_with_an_unreadable_answer_has_succeeded(say: Say) -> None:
    with serving(say) as provider:
        answer = to(provider).send("POST", "/Users", body={}, repeatable=False)
    assert (answer.status, answer.body, len(provider.asked)) == (201, None, 1)


def test_a_listing_that_breaks_off_is_requested_again() -> None:
    with serving(Say(200, b"{", cut="within"), Say(200, USER)) as provider:
        transport = to(provider)
        assert transport.send("GET", "/Users").body == USER
    assert transport.requests == 2


def test_an_answer_has_a_largest_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "ANSWER_LIMIT", 2**20)
    with serving(Say(200, b" " * (2**20 + 1))) as provider:
        with pytest.raises(errors.NotScim, match="more than 1 MiB"):
            to(provider).send("GET", "/Users")
        assert to(provider).send("PUT", "/Users/1", body={}).body is None


def test_an_error_that_comes_with_200_is_an_error() -> None:
    error = {"schemas": [SCIM_ERROR], "status": "404", "detail": "no such user"}
    with serving(Say(200, error)) as provider, pytest.raises(errors.NotFound, match="404: no such user"):
        to(provider).send("GET", "/Users/1")


# -- refusals ------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "kind", "message"),
    [
        (409, {"status": "409", "scimType": "uniqueness", "detail": "Taken."}, errors.Conflict, "409 (uniqueness): Taken."),
        (400, {"status": 400, "SCIMTYPE": "Uniqueness", "detail": "Taken."}, errors.Conflict, "400 (Uniqueness): Taken."),
        (422, {"scimType": "uniqueness", "detail": "Taken."}, errors.Conflict, "422 (uniqueness): Taken."),
        (400, {"scimType": "invalidValue"}, errors.Refused, "400 (invalidValue): Bad Request"),
        (403, {"message": "Not allowed"}, errors.Forbidden, "403: Not allowed"),
        (404, b"", errors.NotFound, "404: Not Found"),
        (405, b"nope", errors.Unsupported, "405: nope"),
        (501, {"error": {"message": "No PATCH"}}, errors.Unsupported, "501: No PATCH"),
        (400, {"error": "x", "error_description": "why"}, errors.Refused, "400: why"),
        (400, {"errors": [{"message": "first"}, {"message": "second"}]}, errors.Refused, "400: first"),
        (400, {"Errors": [{"description": "SCIM 1.1", "code": "400"}]}, errors.Refused, "400: SCIM 1.1"),
        (422, {"title": "Unprocessable", "type": "about:blank"}, errors.Refused, "422: Unprocessable"),
        (400, {"detail": {"scimType": "mutability", "detail": "fixed"}}, errors.Refused, "400 (mutability): fixed"),
        (400, {"errors": [{"scimType": "uniqueness", "detail": "Taken."}]}, errors.Conflict, "400 (uniqueness): Taken."),
        (409, b'"Taken."', errors.Conflict, "409: Taken."),
        (400, ["Wrong.", "Bad."], errors.Refused, "400: Wrong."),
        (422, {"detail": [{"type": "missing", "loc": ["body", "userName"], "msg": "Field required"}]}, errors.Refused,
         "422: userName: Field required"),
        (422, {"detail": [{"loc": ["body", "emails", 0, "value"], "msg": "Field required"}, {"loc": ["body"], "msg": "Bad"}]},
         errors.Refused, "422: emails[0].value: Field required; body: Bad"),
        (400, {"message": "Validation failed", "errors": [{"field": "title", "defaultMessage": "", "message": "is too long"}]},
         errors.Refused, "400: Validation failed. title: is too long"),
        (400, {"title": "Bad", "invalid-params": [{"name": "x", "reason": "no"}]}, errors.Refused, "400: Bad. no"),
        (400, {"detail": "Bad.", "urn:acme:Error": {"messageId": "E17", "rule": "title"}}, errors.Refused,
         "400: Bad. messageid: E17, rule: title"),
        (400, {"detail": "Bad.", "urn:acme:Error": {"message": "The title is fixed."}}, errors.Refused, "400: Bad. The title is fixed."),
        (400, {"detail": '{"scimType": "uniqueness", "message": "Taken."}'}, errors.Conflict, "400 (uniqueness): Taken."),
        (400, {"detail": "[1] is no title"}, errors.Refused, "400: [1] is no title"),
        (413, b"<html><head><title>413 Too &amp; Large</title></head><body>x</body></html>", errors.Refused, "413: 413 Too & Large"),
        (400, b"<!DOCTYPE html><script>alert(1)</script><p>Oh <b>no</b></p>", errors.Refused, "400: Oh no"),
        (412, {"code": 17}, errors.Refused, '412: {"code": 17}'),
        (499, [], errors.Refused, "499: no explanation was given"),
    ],
)  # fmt: skip
def test_a_refusal_has_its_class_and_the_providers_message(status: int, body: Any, kind: type[errors.Refused], message: str) -> None:
    with serving(Say(status, body)) as provider, pytest.raises(errors.Refused) as caught:
        to(provider).send("POST", "/Users", body={}, repeatable=False)
    assert caught.value.__class__ is kind
    assert str(caught.value) == f"POST /Users was refused with {message}"
    assert caught.value.status == status
    assert len(provider.asked) == 1


@pytest.mark.parametrize(
    ("status", "content", "expected"),
    [
        (200, b"{}", True),
        (204, b"", True),
        (204, b"{}", False),
        (404, b'{"detail": "Not Found"}', False),
        (404, b'{"schemas": [], "detail": "Not Found"}', True),
        (422, b'{"detail": [{"loc": ["query", "count"], "msg": "Input should be less than or equal to 500"}]}', True),
        (400, b'{"message": "count is more than 100"}', True),
        (400, b"{}", False),
        (422, b"<p>wrong</p>", False),
    ],
)
def test_a_refusal_with_its_reason_is_no_sign_of_a_wrong_url(status: int, content: bytes, expected: bool) -> None:
    assert is_scim(status, content) is expected


def test_the_providers_message_is_short_and_harmless() -> None:
    with serving(Say(400, {"detail": "\x1b[31mred\u202e\r\n\ttext " + "x" * 5000})) as provider, pytest.raises(errors.Refused) as caught:
        to(provider).send("GET", "/Users")
    assert caught.value.detail.startswith(r"\u001b[31mred\u202e text x")
    assert len(caught.value.detail) <= 300
    assert caught.value.detail.isprintable()


@pytest.mark.parametrize("place", ["detail", "scimType"])
def test_secrets_are_masked_even_where_the_provider_repeats_them(place: str) -> None:
    text = f"{TOKEN} h3ader-value Passw0rd! "
    with serving(Say(400, {place: text * 2 + "y" * 250 + text})) as provider, pytest.raises(errors.Refused) as caught:
        to(provider, http_headers={"X-Key": "h3ader-value"}).send("POST", "/Users", body={"Password": "Passw0rd!"})
    for text in (str(caught.value), caught.value.detail, caught.value.scim_type):
        assert not any(part in text for part in ("token-of", "h3ader", "Passw0rd"))
    assert "********" in str(caught.value)


def test_secrets_are_masked_in_a_page_that_is_not_scim() -> None:
    with serving(Say(200, f"<p>{'x' * 70}{TOKEN}".encode())) as provider, pytest.raises(errors.NotScim) as caught:
        to(provider).send("GET", "/Users")
    assert "token-" not in str(caught.value)


def test_the_password_of_a_patch_is_masked() -> None:
    operation = {"op": "replace", "path": "urn:ietf:params:scim:schemas:core:2.0:User:password", "value": "Passw0rd!"}
    with serving(Say(400, {"detail": "Passw0rd! is weak"})) as provider, pytest.raises(errors.Refused, match=r"400: \*{8} is weak"):
        to(provider).send("PATCH", "/Users/1", body={"Operations": [operation]})


SECRET = "correct horse/battery"
REFERENCES = "".join(f"&#{ord(letter)};" for letter in SECRET)


@pytest.mark.parametrize("written", [SECRET, "correct&#32;horse&#x2F;battery", "correct horse&sol;battery", REFERENCES])
def test_a_secret_in_html_is_masked_however_it_is_written(written: str) -> None:
    """Some of these are secrets only once the references are resolved."""
    for page in (f"<p>no: {written} is <b>weak</b>", f"<title>no: {written} is weak</title><p>else"):
        assert readable(page, Redactor([SECRET])) == "no: ******** is weak"


@pytest.mark.parametrize("shown", range(0, len(SECRET) + 1, 4))
@pytest.mark.parametrize("limit", [DETAIL_LIMIT, 64 * DETAIL_LIMIT])
def test_half_a_secret_is_not_left_where_text_is_cut(limit: int, shown: int) -> None:
    """Blanks are joined after the first cut, so that either cut may be seen."""
    for filler in (" ", "x", "\n"):
        assert "corr" not in readable(filler * (limit - shown) + SECRET + "y" * DETAIL_LIMIT, Redactor([SECRET]))


def test_a_long_secret_that_is_repeated_does_not_bring_the_cut_nearer() -> None:
    """The mask is shorter than it, so that what follows moves to the front."""
    secret = "".join(f"s3cret{number}" for number in range(150))
    assert readable((secret + " ") * 40, Redactor([secret])) == " ".join(["********"] * 33) + " **…"


def test_a_page_that_is_too_long_is_not_read() -> None:
    page = f"<p>{REFERENCES}"
    assert readable(page.ljust(HTML_LIMIT), Redactor([SECRET])) == "********"
    assert readable(page + "x" * HTML_LIMIT, Redactor([SECRET])) == ""


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<title>Sign in</title><body>Please", "Sign in"),
        ("<TITLE lang='en'>Sign in</Title >", "Sign in"),
        ("<title> </title><p>Please", "Please"),
        ("<title>Sign in<p>Please", "Sign in Please"),
        ("<html><style>p {}</style>Please<script>1 < 2", "Please"),
        ("a &amp; b", "a &amp; b"),
        ("<p>a &amp; b", "a & b"),
    ],
)
def test_what_is_read_of_html(page: str, text: str) -> None:
    assert readable(page, Redactor()) == text


def test_escapes_do_not_lengthen_the_text() -> None:
    assert clean("a\x00b", 3) == "a\\…"
    assert clean("abcd", 3) == "ab…"


def test_a_large_answer_has_each_text_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "LARGE", 40)
    user = parse_json(b'{"id": "2819c223", "emails": [{"value": "kim@example.com", "type": "work"}], "userName": "kim@example.com"}')
    group = parse_json(b'{"id": "g", "members": [{"value": "2819c223"}]}')
    assert user["userName"] is user["emails"][0]["value"]
    assert user["id"] is group["members"][0]["value"]
