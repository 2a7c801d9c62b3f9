# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a provider does to a secret before it repeats it, it is masked."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable
from urllib.parse import quote, quote_plus

from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._engine.redact import MASK, Redactor

Encoding = Callable[[str], str]

ENCODINGS: dict[str, Encoding] = {
    "quote": lambda text: quote(text, safe=""),
    "quote, without /": quote,
    "form": quote_plus,
    "lower-case percent": lambda text: re.sub("%[0-9A-F]{2}", lambda match: match[0].lower(), quote(text, safe="")),
    "percent of all": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "json": json.dumps,
    "json, not ASCII": lambda text: json.dumps(text, ensure_ascii=False),
    r"json with \/": lambda text: json.dumps(text).replace("/", r"\/"),
    r"json with \u": lambda text: "".join(f"\\u{unit:04X}" for unit in units(text)),
    "repr": repr,
    "html": html.escape,
    "html, decimal": lambda text: "".join(f"&#{ord(letter)};" for letter in text),
    "html, hexadecimal": lambda text: "".join(f"&#x{ord(letter):x};" for letter in text),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 within, 1": lambda text: base64.b64encode(b"x:" + text.encode() + b";").decode(),
    "base64 within, 2": lambda text: base64.urlsafe_b64encode(b"{" + text.encode() + b"}").decode(),
    "base64 in lines": lambda text: base64.encodebytes(b"a longer text, of more than one line: " + text.encode()).decode(),
    "base64 after letters": lambda text: "abc" + base64.b64encode(text.encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "hex after a digit": lambda text: "0" + text.encode().hex().upper(),
    "broken over lines": lambda text: "\n  ".join(text[place : place + 5] for place in range(0, len(text), 5)),
    "with blanks": " ".join,
}


def units(text: str) -> list[int]:
    """The UTF-16 code units of a text, which JSON escapes."""
    content = text.encode("utf-16-be")
    return [int.from_bytes(content[place : place + 2], "big") for place in range(0, len(content), 2)]


letters = st.one_of(st.sampled_from("aZ09/+=-_.~%&\\\"'<> ;:#üß漢😀"), st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Z"]))
secrets = st.text(letters, min_size=12, max_size=40).filter(lambda secret: len(re.sub(r"[\s+]", "", secret)) >= 8)


@given(secrets, st.lists(st.sampled_from(list(ENCODINGS)), max_size=4))
@example("correct/horse+battery", ["json", "base64 within, 1", "lower-case percent"])
def test_a_secret_in_any_composition_of_encodings(secret: str, names: list[str]) -> None:
    text = secret
    for name in names:
        text = ENCODINGS[name](text)
    shown = Redactor([secret])(f"The password <{text}> is weak.")
    assert MASK in shown
    assert MASK in Redactor([secret]).mask([f"<{text}>"])[0]
    assert Redactor([secret])(shown) == shown
    assert secret not in shown


@given(secrets, st.lists(st.sampled_from(list(ENCODINGS)), max_size=3), st.integers(0, 250))
def test_a_secret_among_much_other_data(secret: str, names: list[str], place: int) -> None:
    """Texts are tested together, in data of any size."""
    text = secret
    for name in names:
        text = ENCODINGS[name](text)
    data = [{"userName": f"kim{number}", "photos": [{"value": "iVBORw0KGgo" * 9}]} for number in range(place // 3)]
    data.insert(place % (len(data) + 1), {"nickName": f"<{text}>", "active": True})
    shown = Redactor([secret, "another-secret"]).mask({"users": data, "changed": False})
    assert MASK in shown["users"][place % len(data)]["nickName"]
    assert [user for user in shown["users"] if "nickName" not in user] == [user for user in data if "nickName" not in user]


@given(secrets, st.integers(8, 40), st.sampled_from(["", "…", "...", '..."', "'"]))
def test_the_beginning_of_a_secret_where_a_text_is_cut(secret: str, size: int, end: str) -> None:
    shown = Redactor([secret])(f"Too weak: {secret[:size]}{end}")
    assert len(re.sub(r"[\s+]", "", secret[:size])) < 8 or secret[:8] not in shown


@given(st.text(max_size=200))
def test_other_text_stays(text: str) -> None:
    assert Redactor(["correct/horse+battery"])(text) == text


@given(st.text(st.sampled_from("%25&amp;\\u0041aA="), max_size=3000))
def test_no_text_takes_long(text: str) -> None:
    """Escapes of escapes, without end: a text is looked through, or masked whole."""
    assert Redactor(["correct/horse+battery"])(text * 20) in (text * 20, MASK)
