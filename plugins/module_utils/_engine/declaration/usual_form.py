# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads attributes that are declared in the usual form, in one pass: names as SCIM or Ansible writes them, and values that are right.

Nearly all resources of a large directory are declared so. ``parser`` parses all others, in several passes, and alone knows what is wrong
with them: what is read here is what it would return.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..scim.names import intern
from ..scim.schema.resource import Body
from ..scim.schema.types import Attribute, ResourceType
from . import value_rules as rules
from .deviating_values import STANDARD_FORMS

Reader = Callable[[Any], Any]
_PARSED = ("meta", "schemas")  # of pasted documents


class _Unusual(Exception):
    """A value that is not in the usual form."""


def read_usual(resource_type: ResourceType, raw: Mapping[str, Any]) -> Body | None:
    """The attributes of a resource with SCIM names and typed values; None if anything of it is unusual, such as an empty text."""
    try:
        return resource_type.root.compiled(_body_reader)(raw)
    except (_Unusual, rules.Invalid):  # type: ignore[attr-defined]
        return None


def _body_reader(attribute: Attribute) -> Callable[[Any], Body]:
    """Make the function that reads the sub-attributes of an attribute. None as a reader means any printable text."""
    subs = [sub for sub in attribute.sub_attributes if sub.name not in _PARSED]
    known = {name: (sub.name, None if rules.is_any_text(sub) else _reader(sub)) for sub in subs for name in (sub.name, sub.option)}

    def read_body(raw: Any) -> Body:
        if not raw or not isinstance(raw, dict):
            raise _Unusual
        body: Body = {}
        for key, value in raw.items():
            if key not in known:
                raise _Unusual
            name, read = known[key]
            if read is not None:
                body[name] = read(value)
            elif value and isinstance(value, str) and value.isprintable():
                body[name] = intern(str(value))  # a text is kept once, however often it is declared and returned by the provider
            else:
                raise _Unusual
        if len(body) < len(raw):  # two spellings of one name
            raise _Unusual
        return body

    return read_body


def _reader(attribute: Attribute) -> Reader:
    single = _body_reader(attribute) if attribute.is_complex else _simple_reader(attribute)
    return _list_reader(attribute, single) if attribute.multi_valued else single


def _list_reader(attribute: Attribute, single: Reader) -> Reader:
    has_value = attribute.sub("value") is not None

    def read_list(raw: Any) -> list[Any]:
        if not isinstance(raw, list):
            raise _Unusual
        elements = [*map(single, raw)]  # no larger than it must be, as a comprehension is
        if not (has_value and len(elements) == 1 and "value" in elements[0]) and rules.element_errors(attribute, elements):
            raise _Unusual
        return elements

    return read_list


def _simple_reader(attribute: Attribute) -> Reader:
    """Make the function that reads a value by its rule. A text in a form of its own is unusual, see ``deviating_values``."""
    check = rules.simple_check(attribute)
    if not rules.is_text(attribute):
        return check
    kind = rules.kind_of(attribute)
    has_own_forms = kind in STANDARD_FORMS

    def read_text(value: Any) -> str:
        if not value or not isinstance(value, str) or (has_own_forms and not rules.is_standard(kind, value)):
            raise _Unusual
        return intern(str(check(value)))

    return read_text
