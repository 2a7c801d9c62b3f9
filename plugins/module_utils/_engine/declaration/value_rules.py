# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a value must be, as voluptuous schemas made from the attribute table. All mistakes of a resource are found at once."""

from __future__ import annotations

import base64
import binascii
import re
import traceback
from collections.abc import Callable, Iterable
from functools import lru_cache
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from ..scim.schema.overlay import UNKNOWN, canonical, instant
from ..scim.schema.types import Attribute, ResourceType, Returned, Type

try:
    from voluptuous import Invalid, MultipleInvalid, Schema
except ImportError:
    VOLUPTUOUS_IMPORT_ERROR: str | None = traceback.format_exc()
else:
    VOLUPTUOUS_IMPORT_ERROR = None

Check = Callable[[Any], Any]

BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_TAG = r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*|[ixIX]-[A-Za-z0-9-]{1,30}"
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# The JSON Schema for editors has these as well, so they are written in what Python and ECMAScript both understand.
_PATTERNS = {
    "email": re.compile(r'[^@\s"<>(),:;\[\]\\]+@[^@\s.,]+(\.[^@\s.,]+)*|"(\\.|[^"\\])+"@[^@\s]+'),
    "uri": re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+"),
    "relative": re.compile(r"\S+"),
    "phone": re.compile(r"([Tt][Ee][Ll]:)?\+?[0-9(][0-9 ().\-/]{2,}((;|,| ?[Xx]| ?[Ee][Xx][Tt]\.? ?)[A-Za-z0-9=+.\-;]+)*"),
    "language": re.compile(rf"({_TAG}|\*)(\s*;\s*q=[01](\.[0-9]{{1,3}})?)?(\s*,\s*({_TAG}|\*)(\s*;\s*q=[01](\.[0-9]{{1,3}})?)?)*"),
    "locale": re.compile(_TAG),
}


class Mistake(Exception):
    """One wrong value: ``path`` of names and indexes, what was found, what was expected."""

    def __init__(self, path: tuple[str | int, ...], message: str) -> None:
        super().__init__(message)
        self.path = path


@lru_cache(maxsize=64)
def _compiled(resource_type: ResourceType) -> Any:
    return Schema(_mapping(_subs(resource_type.root)))


def check(resource_type: ResourceType, attributes: dict[str, Any]) -> tuple[dict[str, Any], list[Mistake]]:
    """The attributes (SCIM names) with each value in its attribute's type, and all that is wrong with them."""
    try:
        return _compiled(resource_type)(attributes), []
    except MultipleInvalid as invalid:
        return attributes, [Mistake(tuple(p if isinstance(p, int) else str(p) for p in e.path), e.msg) for e in invalid.errors]


def _subs(attribute: Attribute) -> dict[str, Check]:
    return {sub.name: _value(sub) for sub in attribute.sub_attributes}


def _value(attribute: Attribute) -> Check:
    single = _mapping(_subs(attribute)) if attribute.is_complex else _SIMPLE[attribute.type](attribute)
    return _each(attribute, single) if attribute.multi_valued else single


def _mapping(subs: dict[str, Check]) -> Check:
    """A complex value. A voluptuous schema of its own for each would take three times as long, and there are 100,000 people."""

    def checked(value: Any) -> Any:
        if not isinstance(value, dict):
            raise Invalid(f"{describe(value)}; expected a mapping of sub-attributes")
        try:
            return {name: None if inner is None else subs.get(name, _as_it_is)(inner) for name, inner in value.items()}
        except Invalid:
            said = [(name, subs.get(name, _as_it_is), inner) for name, inner in value.items() if inner is not None]
            raise MultipleInvalid(_errors(said)) from None

    return checked


def _each(attribute: Attribute, inner: Check) -> Check:
    """A list whose every item is checked: voluptuous by itself stops at the first bad one."""

    def checked(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise Invalid(f"{describe(value)}; expected a list")
        try:
            good, errors = [inner(item) for item in value], []
        except Invalid:
            errors = _errors((index, inner, item) for index, item in enumerate(value))
        errors += _together(attribute, value)
        if errors:
            raise MultipleInvalid(errors)
        return good

    return checked


def _errors(parts: Iterable[tuple[str | int, Check, Any]]) -> list[Any]:
    """All that is wrong, each with its path: every value is checked once more, under its name or index. Only mistakes cost this."""
    errors = []
    for key, inner, value in parts:
        try:
            inner(value)
        except Invalid as invalid:
            invalid.prepend([key])
            errors += invalid.errors if isinstance(invalid, MultipleInvalid) else [invalid]
    return errors


def _as_it_is(value: Any) -> Any:
    return value


def _together(attribute: Attribute, elements: list[Any]) -> list[Any]:
    """What the elements of a multi-valued attribute must be to each other (RFC 7643 §2.4)."""
    mappings = [element for element in elements if isinstance(element, dict)]
    errors = []
    if sum(1 for element in mappings if BOOLEANS.get(str(element.get("primary")).lower())) > 1:
        errors.append(Invalid("more than one element has primary: true; expected at most one"))
    needs_value = attribute.sub("value") is not None
    seen: set[str] = set()
    for index, element in enumerate(elements):
        if isinstance(element, dict) and (not element or (needs_value and element.get("value") in (None, ""))):
            errors.append(Invalid("has no value; expected a value", path=[index, "value"] if needs_value else [index]))
            continue
        form = _form(attribute, element, needs_value)
        if form in seen:
            errors.append(Invalid("stands twice in the list; expected it once", path=[index]))
        seen.add(form)
    return errors


def _form(attribute: Attribute, element: Any, has_value: bool) -> str:
    """What tells an element from the others, in whichever case it is written: value and type, or where it has no value, all of it."""
    if not isinstance(element, dict):
        return repr(canonical(attribute, element))
    names = ("value", "type") if has_value else [name for name in element if element[name] is not None and name != "primary"]
    return repr(sorted((name, canonical(attribute.sub(name) or UNKNOWN, element.get(name))) for name in names))


def describe(value: Any) -> str:
    """A value as it is quoted in a message: short, and with what YAML made of it."""
    if value is True or value is False:
        return f"found the boolean {str(value).lower()}, which YAML makes of words such as {'yes and on' if value else 'no and off'}"
    if isinstance(value, (int, float)):
        return f"found the number {value}, which YAML may have made of something else, such as 00123"
    if isinstance(value, (dict, list)):
        return f"found a {'mapping' if isinstance(value, dict) else 'list'}"
    text = str(value)
    return f"found {text[:60]!r}" + ("…" if len(text) > 60 else "")


def _text(attribute: Attribute) -> Check:
    form = _FORMATS.get(_format(attribute))
    secret = attribute.returned is Returned.NEVER

    def checked(value: Any) -> str:
        if isinstance(value, (bool, int, float)):
            raise Invalid(f'{"found no text" if secret else describe(value)}; expected text: quote it ("…")')
        if not isinstance(value, str):
            raise Invalid(f"{describe(value)}; expected text")
        if secret:
            return value
        if _UNPRINTABLE.search(value):
            raise Invalid("found a control character; expected printable text")
        if form and value:
            form(value)
        return value

    return checked


def _boolean(_attribute: Attribute) -> Check:
    def checked(value: Any) -> bool:
        known = value if isinstance(value, bool) else BOOLEANS.get(str(value).lower())
        if known is None:
            raise Invalid(f"{describe(value)}; expected true or false")
        return known

    return checked


def _number(attribute: Attribute) -> Check:
    convert = int if attribute.type is Type.INTEGER else float

    def checked(value: Any) -> int | float:
        try:
            if isinstance(value, bool):
                raise ValueError
            number = convert(str(value))
            if not isfinite(number):  # JSON has neither NaN nor infinity
                raise ValueError
            return number
        except (ValueError, OverflowError):
            raise Invalid(f"{describe(value)}; expected a{'n integer' if convert is int else ' number'}") from None

    return checked


def _matching(form: re.Pattern[str], expected: str) -> Check:
    def checked(value: str) -> None:
        if not form.fullmatch(value):
            raise Invalid(f"{describe(value)}; expected {expected}")

    return checked


def _timezone(value: str) -> None:
    try:
        ZoneInfo(value)
    except (OSError, ValueError, KeyError):
        known = available_timezones()
        if known:
            likely = next((f", perhaps {zone}" for zone in known if zone.lower() == value.lower()), "")
            raise Invalid(f"{describe(value)}; expected an IANA time zone such as Europe/Paris{likely}") from None


def _certificate(value: str) -> None:
    """DER is a SEQUENCE (0x30) whose encoded length is that of the rest (X.690 §8.1.3)."""
    try:
        der = base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        der = b""
    size = len(der) - 2
    if size >= 0 and der[1] & 0x80:
        octets = der[1] & 0x7F
        size, length = len(der) - 2 - octets, int.from_bytes(der[2 : 2 + octets], "big")
    else:
        length = der[1] if size >= 0 else -1
    if not der or der[0] != 0x30 or length != size:
        raise Invalid(f"{describe(value)}; expected a DER certificate in base64, without BEGIN and END lines")


def _date_time(attribute: Attribute) -> Check:
    text = _text(attribute)

    def checked(value: Any) -> str:
        moment = text(value)
        if instant(moment) is None:
            raise Invalid(f"{describe(value)}; expected a date and time such as 2027-01-31T09:00:00Z")
        return str(moment)

    return checked


def _format(attribute: Attribute) -> str:
    """A reference to a resource may be relative, such as ../Users/2819 (RFC 7643 §2.3.7)."""
    return "relative" if attribute.format == "uri" and "external" not in attribute.reference_types else attribute.format


def pattern(attribute: Attribute) -> str:
    """The regular expression that the whole text of an attribute has to match; nothing where there is none."""
    known = _PATTERNS.get(_format(attribute))
    return known.pattern if known else ""


_EXPECTED = {
    "email": "an e-mail address such as bjensen@example.com",
    "uri": "an absolute URI such as https://example.com/bjensen",
    "relative": "a URI, without spaces",
    "phone": "a phone number such as +1-201-555-0123 (RFC 3966)",
    "language": "a language tag such as en-US (BCP 47)",
    "locale": "a language tag such as en-US (BCP 47)",
}
_FORMATS: dict[str, Check] = {name: _matching(_PATTERNS[name], expected) for name, expected in _EXPECTED.items()}
_FORMATS.update(timezone=_timezone, certificate=_certificate)
_SIMPLE: dict[Type, Callable[[Attribute], Check]] = {
    Type.STRING: _text,
    Type.REFERENCE: _text,
    Type.BINARY: _text,
    Type.BOOLEAN: _boolean,
    Type.INTEGER: _number,
    Type.DECIMAL: _number,
    Type.DATE_TIME: _date_time,
}
