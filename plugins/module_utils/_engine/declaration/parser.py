# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Raw declarations to entries: names, types, and every mistake at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from ..scim.names import URN, fold
from ..scim.schema.resource import Body, split_path
from ..scim.schema.types import Attribute, ResourceType, Returned, Type
from . import value_rules as rules
from .model import ABSENT, ADDITIVE, EXACT, PRESENT, Entry, Member, Origin, Problem

WORDS = ("state", "clear", "expires", "delete_after", "previously", "groups", "members", "membership", "extensions")
_WORDS = {fold(word): word for word in WORDS}
SHORTEST_PASSWORD = 8


class Reading:
    """One resource on its way from raw to ``Entry``; collects problems as it goes."""

    def __init__(self, resource_type: ResourceType, origin: Origin) -> None:
        self.resource_type = resource_type
        self.origin = origin
        self.problems: list[Problem] = []

    def problem(self, path: Iterable[str | int], found: str, expected: str) -> None:
        """Note a mistake at a path of names and indexes below this resource."""
        place = self.origin.path
        for part in path:
            place += f"[{part}]" if isinstance(part, int) else f".{part}" if place else str(part)
        self.problems.append(Problem(replace(self.origin, path=place), found, expected))

    def worded(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """The words of ``WORDS`` in our spelling, and the attributes as they are written."""
        worded = {_WORDS.get(fold(str(key)), str(key)): value for key, value in raw.items()}
        if len(worded) < len(raw):
            spelled = Counter(_WORDS.get(fold(str(key)), str(key)) for key in raw)
            for word in (word for word, times in spelled.items() if times > 1):
                self.problem((word,), "is declared twice, in two spellings", "one of them")
        return worded

    # -- names ---------------------------------------------------------------------------------------------------------------------------

    def named(self, attribute: Attribute, raw: Mapping[str, Any], path: tuple[str | int, ...] = ()) -> Body:
        """A mapping with SCIM names instead of whatever spelling was used; unknown and doubled names are problems."""
        body: Body = {}
        for key, value in raw.items():
            sub = attribute.sub(str(key))
            if sub is None:
                self.problem((*path, str(key)), "is no attribute of SCIM", attribute.nearest(str(key)))
            elif sub.name in body and body[sub.name] != value:
                self.problem((*path, str(key)), "is declared twice, in two spellings", "one of them")
            else:
                body[sub.name] = self._inner(sub, value, (*path, sub.option)) if sub.is_complex else value
        return body

    def _inner(self, attribute: Attribute, value: Any, path: tuple[str | int, ...]) -> Any:
        if isinstance(value, list):
            elements = [self._inner(attribute, element, (*path, index)) for index, element in enumerate(value)]
            # An element of nulls is refused by the rules: left out, a list of templated nulls would be a wipe.
            return [{} if element is OMITTED else element for element in elements]
        if not isinstance(value, Mapping):
            return value
        # A templated null in a suboption arrives as '' on ansible-core 2.18 and as null on 2.19: both say nothing.
        said = {key: inner for key, inner in value.items() if inner != ""}
        body = self.named(attribute, said, path)
        if all(inner is None or inner is OMITTED for inner in body.values()):
            return OMITTED
        return {name: inner for name, inner in body.items() if inner is not OMITTED}

    # -- values --------------------------------------------------------------------------------------------------------------------------

    def attributes(self, raw: Mapping[str, Any]) -> Body:
        """The attributes with SCIM names, in their types; None for those that are to be cleared."""
        extensions, core = self._extensions(raw)
        body = self.named(self.resource_type.root, core)
        body = {name: None if value == "" else value for name, value in body.items() if value is not OMITTED}
        for attribute in self.resource_type.needed:
            blank = body.get(attribute.name, "-") is None or str(body.get(attribute.name, "-")).isspace()
            if blank:
                self.problem((attribute.option,), "is empty", "a value, or nothing at all")
        checked, mistakes = rules.check(self.resource_type, body)
        for mistake in mistakes:
            found, _semicolon, expected = str(mistake).partition("; expected ")
            self.problem(self._options(mistake.path), found, expected or "another value")
        return {**checked, **extensions}

    def _extensions(self, raw: Mapping[str, Any]) -> tuple[Body, Body]:
        """Unknown extensions, by URN and as they are, and the rest. A known one under ``extensions`` is as good as at the top."""
        core = {str(key): value for key, value in raw.items() if key not in WORDS}
        if "extensions" not in raw and not any(key.lower().startswith(URN) for key in core):
            return {}, core
        given = raw.get("extensions") or {}
        if not isinstance(given, Mapping):
            self.problem(("extensions",), rules.describe(given), "a mapping, by the URN of each extension")
            given = {}
        unknown: Body = {}
        for urn, value in [*core.items(), *((str(urn), value) for urn, value in given.items())]:
            is_urn, known = urn.lower().startswith(URN), self.resource_type.root.sub(urn) is not None
            if urn.lower() == self.resource_type.schema.urn.lower():
                self.problem((urn,), f"is the schema of the {self.resource_type.name.lower()} itself", "its attributes, without the URN")
            elif (urn in given or is_urn) and core.get(urn, value) != value:
                self.problem(("extensions", urn), "is declared twice", "one of them")
            elif known:
                core[urn] = value
            elif not is_urn and urn in given:
                self.problem(("extensions", urn), "is no URN", "the URN of an extension, such as urn:example:scim:badge:1.0:User")
            elif is_urn and value is not None and not isinstance(value, Mapping):
                self.problem((urn,), rules.describe(value), "a mapping of attributes")
            elif is_urn and (inner := _said(value)) is not OMITTED:
                unknown[urn] = inner
        return unknown, {
            name: value for name, value in core.items() if self.resource_type.root.sub(name) or not name.lower().startswith(URN)
        }

    def _options(self, path: Iterable[str | int]) -> list[str | int]:
        attribute: Attribute | None = self.resource_type.root
        options: list[str | int] = []
        for part in path:
            attribute = attribute.sub(part) if attribute is not None and isinstance(part, str) else attribute
            options.append(attribute.option if attribute is not None and isinstance(part, str) else part)
        return options

    def texts(self, key: str, raw: Any) -> list[str]:
        """A list of texts; empty where none is given."""
        if raw is None:
            return []
        if not isinstance(raw, (list, tuple)):
            self.problem((key,), rules.describe(raw), "a list")
            return []
        wrong = [(index, item) for index, item in enumerate(raw) if not isinstance(item, str)]
        for index, item in wrong:
            self.problem((key, index), rules.describe(item), 'text: quote it ("…")')
        return [item for item in raw if isinstance(item, str)]

    def members(self, key: str, raw: Any) -> tuple[Member, ...] | None:
        """Groups of a user or members of a group: names, ids, or mappings of attributes that select one."""
        if raw is None:
            return None
        if self.resource_type.root.sub(key) is None:
            self.problem((key,), f"is no attribute of a {self.resource_type.name}", "groups" if key == "members" else "members")
            return None
        if not isinstance(raw, list):
            self.problem((key,), rules.describe(raw), "a list")
            return None
        found = (self._member((key, index), item) for index, item in enumerate(raw))
        return tuple(member for member in found if member is not None)

    def _member(self, path: tuple[str | int, ...], item: Any) -> Member | None:
        if isinstance(item, str) and item.strip():
            return Member(item, written={"display": item})
        if not isinstance(item, Mapping):
            self.problem(path, rules.describe(item), 'a name or an id as text (quote it: "…"), or a mapping of attributes that select one')
            return None
        expires = self.day((*path, "expires"), item.get("expires"))
        written = {str(key): value for key, value in item.items() if value not in (None, "") and str(key) != "expires"}
        said = {_SELECTING.get(fold(key), fold(key)): value for key, value in written.items()}
        # What pasted documents hold besides (RFC 7643 §4.1.2: type is direct or indirect) does not tell one group from another.
        selector = {key: value for key, value in said.items() if key not in ("type", "ref")}
        for key in (key for key in ("id", "displayname") if not isinstance(selector.get(key, ""), str)):
            self.problem((*path, key), rules.describe(selector[key]), 'text: quote it ("…")')
        name = selector.get("id") or (selector.get("displayname") if len(selector) == 1 else None)
        if not selector:
            self.problem(path, "selects nothing", "a name, an id (value), or attributes that select one")
            return None
        return Member(str(name) if name else "", {} if name else selector, expires, written, bool(selector.get("id")))

    def day(self, path: tuple[str | int, ...], raw: Any) -> date | None:
        """A date; None where none is given."""
        if raw in (None, ""):
            return None
        try:
            return date.fromisoformat(str(raw))
        except ValueError:
            self.problem(path, rules.describe(raw), "a date such as 2027-01-31")
            return None

    def word(self, key: str, raw: Any, known: tuple[str, ...]) -> str | None:
        """One of some words."""
        if raw is None or raw in known:
            return None if raw is None else str(raw)
        self.problem((key,), rules.describe(raw), " or ".join(known))
        return None

    # -- what values are to each other ---------------------------------------------------------------------------------------------------

    def secret(self, password: Any, body: Body) -> dict[str, str]:
        """The password, apart. Ansible masks every occurrence of it in its output, so it may be part of nothing else."""
        if password in (None, ""):
            return {}
        if len(str(password)) < SHORTEST_PASSWORD:
            self.problem(("password",), "is too short to be masked safely in Ansible's output", f"{SHORTEST_PASSWORD} characters or more")
        elif any(str(password).casefold() in text.casefold() for text in _texts(body)):
            self.problem(("password",), "is part of another declared value, which would be masked with it", "something else")
        return {"password": str(password)}


class _Omitted:
    def __repr__(self) -> str:
        return "OMITTED"


OMITTED = _Omitted()


def _said(value: Any) -> Any:
    """What an extension that only the provider knows says: as in those that are known, an empty text says nothing, and neither do nulls."""
    if not isinstance(value, Mapping):
        return value
    said = {name: inner for name, inner in value.items() if inner != ""}
    return OMITTED if all(inner is None for inner in said.values()) else said


_SELECTING = {"display": "displayname", "name": "displayname", "value": "id"}


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def parse_entry(
    resource_type: ResourceType, raw: Mapping[str, Any], origin: Origin, match_on: Iterable[str]
) -> tuple[Entry, list[Problem]]:
    """One entry from what was written, and all that is wrong with it.

    ``raw`` has any spelling of SCIM's names beside the words of ``WORDS``; a None in it means: cleared. ``match_on`` are SCIM names.
    """
    reading = Reading(resource_type, origin)
    raw = reading.worded(raw)
    body = cleared(reading, reading.attributes(raw), raw.get("clear"))
    if "members" in body:  # they are no attribute like others: whoever leaves is counted, guarded and told
        body.pop("members")
        if raw.get("members"):
            reading.problem(("clear",), "members is declared as well", "either a value or clear")
        raw["members"] = []
    resource_id = body.pop("id", None)
    if raw.get("id") == "" or (resource_id is not None and not str(resource_id).strip()):
        reading.problem(("id",), "is empty", "the id of a resource, or no id")
    if raw.get("schemas") == []:
        reading.problem(("schemas",), "is empty", "at least one URN, or no schemas")
    pasted = {name: body.pop(name) for name in ("meta", "schemas") if name in body}
    secrets = reading.secret(body.pop("password", None), body)
    entry = Entry(
        type=resource_type,
        attributes={name: value for name, value in body.items() if name not in resource_type.read_only},
        id=resource_id,
        secrets=secrets,
        state=reading.word("state", raw.get("state"), (PRESENT, ABSENT)) or PRESENT,
        groups=reading.members("groups", raw.get("groups")),
        members=reading.members("members", raw.get("members")),
        membership=reading.word("membership", raw.get("membership"), (EXACT, ADDITIVE, ABSENT)),
        expires=reading.day(("expires",), raw.get("expires")),
        delete_after=reading.day(("delete_after",), raw.get("delete_after")),
        previously=tuple(reading.texts("previously", raw.get("previously"))),
        pasted={name: value for name, value in pasted.items() if value},
        origin=origin,
    )
    if not reading.problems and not any(entry.value(key) for key in match_on):
        options = [a.option for a in map(resource_type.root.sub, match_on) if a is not None]
        reading.problem((), "nothing tells which resource is meant", f"a value for {' or '.join(options)}")
    return entry, reading.problems


def cleared(reading: Reading, body: Body, paths: Any) -> Body:
    """The body with None at those places (RFC 7643 §2.5); mistakes go to the ``reading``."""
    for index, path in enumerate(reading.texts("clear", paths)):
        where = ("clear", index)
        parts = split_path(path, reading.resource_type.root)
        first = reading.resource_type.root.sub(parts[0]) or _foreign(parts)
        value = body.get(first.name) if first is not None else None
        inner = value if isinstance(value, dict) else {}
        second = first.sub(parts[1]) if first is not None and len(parts) > 1 else None
        if first is None or len(parts) > 2 or (len(parts) == 2 and second is None):
            reading.problem(where, f"{path} is no attribute of SCIM", reading.resource_type.root.nearest(parts[0]))
        elif first.multi_valued and second is not None:
            reading.problem(where, f"{path} is inside a list", f"{first.option}, which clears the list, or the list as it shall be")
        elif (
            (second or first).required
            or not first.writable
            or first.returned is Returned.NEVER
            or first.name == reading.resource_type.name_attribute
        ):
            reading.problem(where, f"{path} cannot be cleared", "an attribute that may be empty")
        elif (value if second is None else inner.get(second.name)) is not None:
            reading.problem(where, f"{path} is declared as well", "either a value or clear")
        elif second is None or (first.name in body and value is None):
            body = {**body, first.name: None}
        else:
            body = {**body, first.name: {**inner, second.name: None}}
    return body


def _foreign(parts: Sequence[str]) -> Attribute | None:
    """An extension that only the provider knows, with the attribute that is asked for."""
    if not parts[0].lower().startswith(URN):
        return None
    return Attribute(parts[0], Type.COMPLEX, sub_attributes=tuple(map(Attribute, parts[1:])))
