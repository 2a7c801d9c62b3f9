# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a value must be: voluptuous schemas made from the attribute table. All mistakes of a resource are found at once."""

from __future__ import annotations

import base64
import binascii
import re
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo, available_timezones

from ..escaping import excerpt, quoted
from ..scim.schema.identity import hidden_character
from ..scim.schema.overlay import UNKNOWN, canonical, instant
from ..scim.schema.types import Attribute, ResourceType, Returned, Type
from .time_zones import WINDOWS_ZONES

try:
    from voluptuous import Invalid, MultipleInvalid, Schema
except ImportError:
    VOLUPTUOUS_IMPORT_ERROR: str | None = traceback.format_exc()
else:
    VOLUPTUOUS_IMPORT_ERROR = None

Check = Callable[[Any], Any]
Path: TypeAlias = "tuple[str | int, ...]"

QUOTED_TEXT = "text: put it in quotes"
WITHOUT_IT = "the text without it"  # without a character that the message names
BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_TAG = r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*|[ixIX]-[A-Za-z0-9-]{1,30}"
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LANGUAGE = "a language tag such as en-US (BCP 47)"
# By format. The JSON Schema for editors uses these as well, so they have only what Python and ECMAScript both understand. Some formats have
# a second pattern, of the forms that products have of their own: they are accepted too (see ``deviating_values``).
_PATTERNS = {
    "email": (
        re.compile(r'[^@\s"<>(),:;\[\]\\]+@[^@\s.,]+(\.[^@\s.,]+)*|"(\\.|[^"\\])+"@[^@\s]+'),
        "an e-mail address such as bjensen@example.com",
    ),
    "uri": (re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+"), "an absolute URI such as https://example.com/bjensen"),
    "relative": (re.compile(r"\S+"), "a URI, without spaces"),
    "phone": (
        re.compile(r"([Tt][Ee][Ll]:)?\+?[0-9(][0-9 ().\-/]{2,}((;|,| ?[Xx]| ?[Ee][Xx][Tt]\.? ?)[A-Za-z0-9=+.\-;]+)*"),
        "a phone number such as +1-201-555-0123 (RFC 3966)",
    ),
    "language": (
        re.compile(rf"({_TAG}|\*)(\s*;\s*q=[01](\.[0-9]{{1,3}})?)?(\s*,\s*({_TAG}|\*)(\s*;\s*q=[01](\.[0-9]{{1,3}})?)?)*"),
        _LANGUAGE,
    ),
    "locale": (re.compile(_TAG), _LANGUAGE),
}
_LANGUAGE_OF_SYSTEMS = r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*([.@][A-Za-z0-9-]{1,12})*"
_OWN_FORMS = {
    "uri": re.compile(r"[^\s:@]+(:[0-9]+)?([/?#][^\s]*)?"),  # www.example.com/kim, or a path
    "phone": re.compile(r"([^0-9@:]{0,30}[0-9]){3}[^@:]{0,60}"),  # with an extension, a note or letters
    "language": re.compile(rf"{_LANGUAGE_OF_SYSTEMS}(\s*,\s*{_LANGUAGE_OF_SYSTEMS})*"),
    "locale": re.compile(_LANGUAGE_OF_SYSTEMS),
}
_ZONE_OF_OTHERS = re.compile(r"\((UTC|GMT)[^()]{0,8}\) .{2,80}|[A-Z][\w .]{2,40} Time( \([^()]{2,30}\))?")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One wrong value: its ``path`` of SCIM names and indexes, what was found, what was expected."""

    path: Path
    found: str
    expected: str


def check(resource_type: ResourceType, attributes: dict[str, Any]) -> tuple[dict[str, Any], list[Mistake]]:
    """The attributes (SCIM names) with each value in its attribute's type, and all mistakes in them."""
    try:
        return _compiled(resource_type)(attributes), []
    except MultipleInvalid as invalid:
        return attributes, [
            Mistake(tuple(part if isinstance(part, int) else str(part) for part in e.path), e.msg, e.error_message) for e in invalid.errors
        ]


def _invalid(found: str, expected: str, *path: str | int) -> Exception:
    return Invalid(found, list(path), expected)


@lru_cache(maxsize=64)
def _compiled(resource_type: ResourceType) -> Any:
    return Schema(_complex(resource_type.root))


def _value(attribute: Attribute) -> Check:
    single = _complex(attribute) if attribute.is_complex else simple_check(attribute)
    return _list(attribute, single) if attribute.multi_valued else single


def simple_check(attribute: Attribute) -> Check:
    """Make the function that returns one value in the type of its attribute."""
    return _NOT_TEXT.get(attribute.type, _text)(attribute)


def _complex(attribute: Attribute) -> Check:
    """A complex value. A voluptuous schema for each would take three times as long, which matters for 100,000 users."""
    checks = {sub.name: _value(sub) for sub in attribute.sub_attributes}
    texts = {sub.name for sub in attribute.sub_attributes if is_any_text(sub)}

    def checked(value: Any) -> Any:
        if not isinstance(value, dict):
            raise _invalid(describe(value), "a mapping of sub-attributes")
        result, errors = value, []
        for name, inner in value.items():
            if inner is None or (name in texts and isinstance(inner, str) and inner.isprintable()) or name not in checks:
                continue
            try:
                typed = checks[name](inner)
            except Invalid as invalid:
                errors += _below(name, invalid)
            else:
                if typed is not inner:
                    result = dict(value) if result is value else result  # what is checked is not changed
                    result[name] = typed
        if errors:
            raise MultipleInvalid(errors)
        return result

    return checked


def _list(attribute: Attribute, single: Check) -> Check:
    """A list in which every item is checked: a list schema of voluptuous stops at the first wrong one."""

    def checked(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise _invalid(describe(value), "a list")
        result, errors = [], []
        for index, item in enumerate(value):
            try:
                result.append(single(item))
            except Invalid as invalid:
                errors += _below(index, invalid)
        errors += element_errors(attribute, value)
        if errors:
            raise MultipleInvalid(errors)
        return result

    return checked


def _below(key: str | int, invalid: Any) -> list[Any]:
    """The errors of a value with the name or index of the value in their paths."""
    invalid.prepend([key])
    return list(invalid.errors) if isinstance(invalid, MultipleInvalid) else [invalid]


def _unchanged(value: Any) -> Any:
    return value


def element_errors(attribute: Attribute, elements: list[Any]) -> list[Any]:
    """The rules for the elements of a multi-valued attribute together (RFC 7643 §2.4)."""
    mappings = [element for element in elements if isinstance(element, dict)]
    errors = []
    if len(mappings) > 1 and sum(1 for element in mappings if BOOLEANS.get(str(element.get("primary")).lower())) > 1:
        errors.append(_invalid("more than one element has primary: true", "at most one"))
    needs_value = attribute.sub("value") is not None
    seen: set[str] = set()
    for index, element in enumerate(elements):
        if isinstance(element, dict) and (not element or (needs_value and element.get("value") in (None, ""))):
            errors.append(_invalid("has no value", "a value", *([index, "value"] if needs_value else [index])))
            continue
        if len(elements) == 1:
            break
        key = _element_key(attribute, element, needs_value)
        if key in seen:
            errors.append(_invalid("is in the list twice", "each element once", index))
        seen.add(key)
    return errors


def _element_key(attribute: Attribute, element: Any, has_value: bool) -> str:
    """What makes an element different from others: value and type in canonical form, or all of it where there is no value."""
    if not isinstance(element, dict):
        return repr(canonical(attribute, element))
    names = ("value", "type") if has_value else [name for name in element if element[name] is not None and name != "primary"]
    return repr(sorted((name, canonical(attribute.sub(name) or UNKNOWN, element.get(name))) for name in names))


def describe(value: Any) -> str:
    """What was found, for a message; of a boolean or number, also what YAML may have made it from."""
    if isinstance(value, bool):
        words = "yes and on" if value else "no and off"
        return f"found the boolean {str(value).lower()} (YAML reads words such as {words} as {str(value).lower()})"
    if isinstance(value, (int, float)):
        return f"found the number {value} (YAML reads text such as 00123 as a number)"
    if isinstance(value, (dict, list)):
        return f"found a {'mapping' if isinstance(value, dict) else 'list'}"
    return f"found {excerpt(str(value))}"


def is_any_text(attribute: Attribute) -> bool:
    """Whether every printable text is a value of the attribute."""
    return is_text(attribute) and not attribute.is_complex and not attribute.multi_valued and _format(attribute) not in (*_FORMATS, "name")


def is_text(attribute: Attribute) -> bool:
    """Whether the values of a simple attribute are texts without a form that its type gives them."""
    return attribute.type not in _NOT_TEXT


def _text(attribute: Attribute) -> Check:
    check_format = _FORMATS.get(_format(attribute))
    secret, identifies = attribute.returned is Returned.NEVER, attribute.format in ("name", "email")

    def checked(value: Any) -> str:
        if not isinstance(value, str):
            if not isinstance(value, (bool, int, float)):
                raise _invalid(describe(value), "text")
            raise _invalid("found a value that is not text" if secret else describe(value), QUOTED_TEXT)
        if secret:
            return value
        if identifies and (hidden := hidden_character(value)):
            raise _invalid(f"found {hidden} in {quoted(value)}", WITHOUT_IT)
        if not value.isprintable() and _UNPRINTABLE.search(value):
            raise _invalid("found a control character", "printable text")
        if "\ufffd" in value:
            raise _invalid("found the character U+FFFD, which a wrong encoding leaves", "the text in its true encoding")
        if check_format and value:
            check_format(value)
        return value

    return checked


def _boolean(value: Any) -> bool:
    known = value if isinstance(value, bool) else BOOLEANS.get(str(value).lower())
    if known is None:
        raise _invalid(describe(value), "true or false")
    return known


def _number(attribute: Attribute) -> Check:
    convert = int if attribute.type is Type.INTEGER else float

    def checked(value: Any) -> int | float:
        try:
            number = convert(str(value))
            if isfinite(number):  # JSON has neither NaN nor infinity
                return number
        except (ValueError, OverflowError):
            pass
        raise _invalid(describe(value), "an integer" if convert is int else "a number")

    return checked


def _matching(pattern: re.Pattern[str], own_form: re.Pattern[str] | None, expected: str) -> Check:
    def checked(value: str) -> None:
        if not pattern.fullmatch(value) and not (own_form and own_form.fullmatch(value)):
            raise _invalid(describe(value), expected)

    return checked


def _timezone(value: str) -> None:
    if is_standard("timezone", value) or value in WINDOWS_ZONES or _ZONE_OF_OTHERS.fullmatch(value):
        return
    if not any(zone.lower() == value.lower() for zone in available_timezones()):
        raise _invalid(describe(value), "an IANA time zone such as Europe/Paris")


def _is_zone(value: str) -> bool:
    try:
        ZoneInfo(value)
    except (OSError, ValueError, KeyError):
        return not available_timezones()  # none if the machine has no tzdata
    return True


def kind_of(attribute: Attribute) -> str:
    """What the text of an attribute must be, such as ``phone``; empty if it may be anything."""
    return _format(attribute)


def is_standard(kind: str, value: str) -> bool:
    """Whether a text has the form that the RFC requires of its kind, and no form of its own."""
    return _is_zone(value) if kind == "timezone" else _PATTERNS[kind][0].fullmatch(value) is not None


def _certificate(value: str) -> None:
    """DER is a SEQUENCE (0x30) that states the length of the rest (X.690 §8.1.3)."""
    try:
        der = base64.b64decode("".join(value.split()), validate=True)
        octets = der[1] & 0x7F if der[1] > 0x7F else 0
        length = int.from_bytes(der[2 : 2 + octets], "big") if der[1] > 0x7F else der[1]
        is_whole = der[0] == 0x30 and len(der) == 2 + octets + length
    except (binascii.Error, ValueError, IndexError):
        is_whole = False
    if not is_whole:
        raise _invalid(describe(value), "a DER certificate in base64, without BEGIN and END lines")


def _date_time(attribute: Attribute) -> Check:
    text = _text(attribute)

    def checked(value: Any) -> str:
        moment = text(value)
        if instant(moment) is None:
            raise _invalid(describe(value), "a date and time such as 2027-01-31T09:00:00Z")
        return str(moment)

    return checked


def _format(attribute: Attribute) -> str:
    """A reference to a resource may be relative, such as ../Users/2819 (RFC 7643 §2.3.7)."""
    return "relative" if attribute.format == "uri" and "external" not in attribute.reference_types else attribute.format


def pattern(attribute: Attribute) -> str:
    """The regular expression that the whole text of an attribute must match; empty if there is none."""
    rule, own_form = _PATTERNS.get(_format(attribute)), _OWN_FORMS.get(_format(attribute))
    return f"{rule[0].pattern}|{own_form.pattern}" if rule and own_form else rule[0].pattern if rule else ""


_FORMATS: dict[str, Check] = {name: _matching(standard, _OWN_FORMS.get(name), expected) for name, (standard, expected) in _PATTERNS.items()}
_FORMATS.update(timezone=_timezone, certificate=_certificate)
_NOT_TEXT: dict[Type, Callable[[Attribute], Check]] = {
    Type.BOOLEAN: lambda _attribute: _boolean,
    Type.INTEGER: _number,
    Type.DECIMAL: _number,
    Type.DATE_TIME: _date_time,
}
