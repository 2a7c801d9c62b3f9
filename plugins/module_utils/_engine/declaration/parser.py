# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parses raw entries into ``Entry``, with SCIM names and typed values, and collects all problems."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from ..escaping import SHORTEST_PASSWORD, is_name, quoted, quoted_key
from ..scim.names import URN, fold, intern
from ..scim.schema.identity import hidden_character
from ..scim.schema.projection import without
from ..scim.schema.resource import Body, split_path
from ..scim.schema.types import Attribute, ResourceType, Returned, Type
from . import value_rules as rules
from .deviating_values import deviations
from .model import ABSENT, ADDITIVE, EXACT, GROUP, PRESENT, Entry, Member, Origin, Problem, UnknownName
from .usual_form import read_usual
from .value_rules import Path

KEYWORDS = ("state", "clear", "expires", "delete_after", "previously", "groups", "members", "membership", "extensions")
NOT_DECLARED: Any = object()  # None is a value: it clears an attribute
NOTHING: Body = {}  # one for all entries: most have no secret, and nothing that is only pasted
# Python's fromisoformat also reads 20270131, which may be some other number, and digits of other scripts.
_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SELECTOR_KEYS = {"display": "displayname", "name": "displayname", "value": "id"}


def parse_entry(
    resource_type: ResourceType, raw: Mapping[str, Any], origin: Origin, match_on: Iterable[str], ignored: Sequence[str] = ()
) -> tuple[Entry, list[Problem]]:
    """Parse one raw entry; return it with all its problems.

    ``raw`` has ``KEYWORDS`` and SCIM's names in any spelling. None as a value clears an attribute. ``match_on`` has SCIM names. A wrong
    value at an ``ignored`` path is no problem, since it is never sent.
    """
    parser = _EntryParser(resource_type, origin, tuple(ignored))
    return parser.entry(raw, match_on), parser.problems


@dataclass(slots=True)
class _EntryParser:
    """Parses one resource, and collects the problems."""

    resource_type: ResourceType
    origin: Origin
    ignored: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    manager: str | None = None  # found among the attributes

    def entry(self, raw: Mapping[str, Any], match_on: Iterable[str]) -> Entry:
        """Parse the whole entry."""
        root = self.resource_type.root
        raw, attributes = self._keywords_apart(raw)
        usual = None if raw.get("extensions") else read_usual(self.resource_type, attributes)
        body = self._attributes(attributes, raw.get("extensions")) if usual is None else usual
        if raw.get("clear") is not None:
            body = self._cleared(body, raw["clear"])
        if "members" in body:  # cleared: the same as an empty list, so that each removal is planned and counts for the limits
            body.pop("members")
            if raw.get("members"):
                self._problem(("clear",), '"members" is both declared and cleared', "one of the two")
            raw["members"] = []
        read_only = self.resource_type.read_only
        attributes = body if read_only.isdisjoint(body) else {name: value for name, value in body.items() if name not in read_only}
        secrets = self._secrets(attributes.pop("password", None), attributes)
        entry = Entry(
            type=self.resource_type,
            attributes=attributes,
            id=body.get("id"),
            secrets=secrets,
            state=self._choice("state", raw.get("state"), (PRESENT, ABSENT)) or PRESENT,
            groups=self._members("groups", raw.get("groups")),
            members=self._members("members", raw.get("members")),
            manager=self.manager,
            membership=self._choice("membership", raw.get("membership"), (EXACT, ADDITIVE, ABSENT)),
            expires=self._date(("expires",), raw.get("expires")),
            delete_after=self._date(("delete_after",), raw.get("delete_after")),
            previously=tuple(self._previously(raw.get("previously"))),
            pasted={name: body[name] for name in ("meta", "schemas") if body.get(name)} or NOTHING,
            deviations=tuple(deviations(self.resource_type, attributes)) if usual is None else (),
            origin=self.origin,
        )
        if not self.problems and not any(entry.value(key) for key in match_on):
            options = [f'"{attribute.option}"' for attribute in map(root.sub, match_on) if attribute is not None]
            self._problem((), "nothing identifies the resource", f"a value for {' or '.join(options)}")
        return entry

    def _problem(self, path: Iterable[str | int], found: str, expected: str) -> None:
        self.problems.append(Problem(self.origin.below(*path), found, expected))

    def _keywords_apart(self, raw: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """The values of ``KEYWORDS``, and the attributes as they are written."""
        keywords: dict[str, Any] = {}
        attributes: dict[str, Any] = {}
        for key, value in raw.items():
            name = str(key)
            keyword = _keyword(name)
            if keyword is None:
                attributes[name] = value
            else:
                if keyword in keywords:
                    self._problem((keyword,), "is declared twice, in two spellings", "one of them")
                keywords[keyword] = value
        return keywords, attributes

    # -- attributes ----------------------------------------------------------------------------------------------------------------------

    def _attributes(self, raw: dict[str, Any], given_extensions: Any) -> Body:
        """The valid attributes, with SCIM names and typed values; None for those that are cleared."""
        extensions, core = self._extensions(raw, given_extensions)
        body = self._with_scim_names(self.resource_type.root, core, ())
        if body.get("id") == "":
            self._problem(("id",), "is empty", 'the id of a resource, or no "id"')
        if body.get("schemas") == []:
            self._problem(("schemas",), "is empty", 'at least one URN, or no "schemas"')
        if "" in body.values() or NOT_DECLARED in body.values():
            body = {name: None if value == "" else value for name, value in body.items() if value is not NOT_DECLARED}
        for attribute in self.resource_type.needed:
            if body.get(attribute.name, NOT_DECLARED) is None:
                self._problem((attribute.option,), "is empty", f'a value, or no "{attribute.option}"')
        checked, violations = rules.check(self.resource_type, body)
        if violations and self.ignored:
            checked, violations = rules.check(self.resource_type, without(self.resource_type, body, self.ignored))
        for violation in violations:
            self._problem(self._as_options(violation.path), violation.found, violation.expected)
            checked.pop(str(violation.path[0]), None)
        return {**checked, **extensions} if extensions else checked

    def _with_scim_names(self, attribute: Attribute, raw: Mapping[str, Any], path: Path) -> Body:
        """A mapping with SCIM names in place of any spelling; unknown and duplicate names are problems.

        Inside an attribute, an empty text declares nothing: a templated null is '' on ansible-core 2.18, and null on 2.19.
        """
        spellings = attribute.compiled(_spellings)
        body: Body = {}
        for key, value in raw.items():
            if path and value == "":
                continue
            name, sub = spellings.get(key) or _spelling(attribute.sub(str(key)))
            if not name:
                self.problems.append(UnknownName.attribute(self.origin.below(*path, str(key)), attribute, str(key)))
            elif name in body and body[name] != value:
                self._problem((*path, str(key)), "is declared twice, in two spellings", "one of them")
            elif sub is not None:
                body[name] = self._complex(sub, value, (*path, sub.option))
            else:  # a text is kept once, however often it is declared and returned by the provider
                body[name] = intern(str(value)) if isinstance(value, str) else value
        return body

    def _complex(self, attribute: Attribute, value: Any, path: Path) -> Any:
        if isinstance(value, list):
            elements = [self._complex(attribute, element, (*path, index)) for index, element in enumerate(value)]
            # Keep empty elements for the rules to refuse: without them, a list of templated nulls would clear the attribute.
            return [{} if element is NOT_DECLARED else element for element in elements]
        if attribute.format == "user" and isinstance(value, str):
            self._refuse_hidden(path, value)
            self.manager = value or self.manager
            return NOT_DECLARED
        if not isinstance(value, Mapping):
            return value
        if attribute.name == "meta":  # of a pasted document, where some providers have more than RFC 7643 §3.1; it is never compared
            value = {name: inner for name, inner in value.items() if attribute.sub(str(name)) is not None}
        body = self._with_scim_names(attribute, value, path)
        if NOT_DECLARED in body.values():
            body = {name: inner for name, inner in body.items() if inner is not NOT_DECLARED}
        for inner in body.values():  # most often the first one ends it
            if inner is not None:
                return body
        return NOT_DECLARED

    def _extensions(self, core: dict[str, Any], given: Any) -> tuple[Body, Body]:
        """Split off the extensions without a known schema, by URN; the rest are attributes, including known extensions."""
        root, noun = self.resource_type.root, self.resource_type.noun
        given = given or {}
        if not isinstance(given, Mapping):
            self._problem(("extensions",), rules.describe(given), "a mapping with the URN of each extension")
            given = {}
        for urn, value in ((str(urn), value) for urn, value in given.items()):
            if core.get(urn, value) != value:
                self._problem(("extensions", urn), "is declared twice", "one of them")
            elif root.sub(urn) is None and not urn.lower().startswith(URN):
                example = "urn:example:scim:badge:1.0:User"
                place = ("extensions", urn) if is_name(urn) else ("extensions",)
                self._problem(place, f"{quoted_key(urn)} is not a URN", f"the URN of an extension, such as {example}")
            else:
                core[urn] = value
        unknown: Body = {}
        for urn in [name for name in core if ":" in name and name.lower().startswith(URN) and root.sub(name) is None]:
            value = core.pop(urn)
            if urn.lower() == self.resource_type.schema.urn.lower():
                self._problem((urn,), f"is the schema of the {noun} itself", f"its attributes directly in the {noun}")
            elif value is not None and not isinstance(value, Mapping):
                self._problem((urn,), rules.describe(value), "a mapping of attributes")
            elif value is None or any(inner not in (None, "") for inner in value.values()):
                unknown[urn] = value and {name: inner for name, inner in value.items() if inner != ""}
        return unknown, core

    def _as_options(self, path: Iterable[str | int]) -> list[str | int]:
        """A path of SCIM names as a path of options."""
        attribute: Attribute | None = self.resource_type.root
        options: list[str | int] = []
        for part in path:
            if isinstance(part, str) and attribute is not None:
                attribute = attribute.sub(part)
            options.append(attribute.option if isinstance(part, str) and attribute is not None else part)
        return options

    def _cleared(self, body: Body, paths: Any) -> Body:
        """The body with None at the paths in ``clear`` (RFC 7643 §2.5)."""
        root = self.resource_type.root
        for index, path in enumerate(self._texts("clear", paths)):
            place = ("clear", index)
            parts = split_path(path, root)
            first = root.sub(parts[0]) or _unknown_extension(parts)
            second = first.sub(parts[1]) if first is not None and len(parts) > 1 else None
            value = body.get(first.name) if first is not None else None
            inner = value if isinstance(value, dict) else {}
            if first is None or (len(parts) > 1 and second is None):
                parent, name = (root, parts[0]) if first is None else (first, parts[1])
                self.problems.append(UnknownName.attribute(self.origin.below(*place), parent, name))
            elif len(parts) > 2:
                self._problem(place, f"{quoted(path)} is too deep", "an attribute or a sub-attribute, such as name.middle_name")
            elif first.multi_valued and second is not None:
                self._problem(place, f"{quoted(path)} is inside a list", f'"{first.option}", which clears the list, or the new list itself')
            elif (
                (second or first).required
                or not first.writable
                or first.returned is Returned.NEVER
                or first.name == self.resource_type.name_attribute
            ):
                self._problem(place, f"{quoted(path)} cannot be cleared", "an attribute that may be empty")
            elif (value if second is None else inner.get(second.name)) is not None:
                self._problem(place, f"{quoted(path)} is both declared and cleared", "one of the two")
            elif second is None or (first.name in body and value is None):
                body = {**body, first.name: None}
            else:
                body = {**body, first.name: {**inner, second.name: None}}
        return body

    # -- keywords ------------------------------------------------------------------------------------------------------------------------

    def _list(self, key: str, raw: Any) -> list[Any]:
        """The items of a list; none if it is not declared."""
        if raw is None or isinstance(raw, list):
            return raw or []
        self._problem((key,), rules.describe(raw), "a list")
        return []

    def _texts(self, key: str, raw: Any) -> list[str]:
        """The texts of a list."""
        items = self._list(key, raw)
        for index, item in enumerate(items):
            if not isinstance(item, str):
                self._problem((key, index), rules.describe(item), rules.QUOTED_TEXT)
        return [item for item in items if isinstance(item, str)]

    def _previously(self, raw: Any) -> Iterator[str]:
        """The former names."""
        for index, name in enumerate(self._texts("previously", raw)):
            self._refuse_hidden(("previously", index), name)
            yield name

    def _refuse_hidden(self, path: Path, name: str) -> None:
        """Report an invisible character in a name, or a blank at its end, as a problem."""
        if hidden := hidden_character(name):
            self._problem(path, f"found {hidden} in {quoted(name)}", rules.WITHOUT_IT)

    def _members(self, key: str, raw: Any) -> tuple[Member, ...] | None:
        """The groups of a user or the members of a group."""
        if raw is None:
            return None
        if self.resource_type.root.sub(key) is None:
            self._problem((key,), f'a {self.resource_type.noun} has no "{key}"', '"groups"' if key == "members" else '"members"')
            return None
        members = [self._member((key, index), item) for index, item in enumerate(self._list(key, raw))]
        return tuple(filter(None, members))

    def _member(self, path: Path, item: Any) -> Member | None:
        if isinstance(item, str) and item.strip():
            member, hidden = _named(item)
            if hidden:
                self._refuse_hidden(path, item)
            return member
        if not isinstance(item, Mapping):
            expected = "a name or an id as text (put it in quotes), or a mapping of attributes that select one resource"
            self._problem(path, rules.describe(item), expected)
            return None
        written = {str(key): value for key, value in item.items() if value not in (None, "")}
        expires = self._date((*path, "expires"), next((written.pop(key) for key in list(written) if fold(key) == "expires"), None))
        # A pasted document has type and $ref (RFC 7643 §4.1.2); they do not distinguish groups.
        selector = {_SELECTOR_KEYS.get(fold(key), fold(key)): value for key, value in written.items() if fold(key) not in ("type", "ref")}
        if self.resource_type.name == GROUP and set(selector) == {"username"}:  # a member may be a user
            selector = {"displayname": selector["username"]}
        for key in ("id", "displayname"):
            if not isinstance(selector.get(key, ""), str):
                self._problem((*path, key), rules.describe(selector[key]), rules.QUOTED_TEXT)
            else:
                self._refuse_hidden((*path, key), selector.get(key, ""))
        if not selector:
            self._problem(path, "does not select a resource", 'a name, an id ("value"), or attributes that select one')
            return None
        name = selector.get("id") or (selector.get("displayname") if len(selector) == 1 else None)
        return Member(str(name) if name else "", {} if name else selector, expires, written, bool(selector.get("id")))

    def _date(self, path: Path, raw: Any) -> date | None:
        if raw in (None, ""):
            return None
        found = rules.describe(raw)
        if _DATE.fullmatch(str(raw)):
            with suppress(ValueError):
                return date.fromisoformat(str(raw))
            found = f"there is no day {raw}"
        self._problem(path, found, "a date such as 2027-01-31")
        return None

    def _choice(self, key: str, raw: Any, choices: Sequence[str]) -> str | None:
        if raw in choices:
            return str(raw)
        if raw is not None:
            self._problem((key,), rules.describe(raw), " or ".join(f'"{choice}"' for choice in choices))
        return None

    def _secrets(self, password: Any, body: Body) -> Mapping[str, str]:
        """The password. Ansible masks it everywhere in its output, so no other value may contain it."""
        if password in (None, ""):
            return NOTHING
        if len(str(password)) < SHORTEST_PASSWORD:
            self._problem(("password",), "is too short to be masked safely in Ansible's output", f"at least {SHORTEST_PASSWORD} characters")
        elif any(str(password).casefold() in text.casefold() for _path, text in texts(body)):
            self._problem(("password",), "is part of another declared value, which would be masked too", "a different password")
        return {"password": str(password)}


@lru_cache(maxsize=4096)
def _keyword(name: str) -> str | None:
    """The keyword that a name means in any spelling; None for the name of an attribute."""
    return next((keyword for keyword in KEYWORDS if fold(keyword) == fold(name)), None)


def _spellings(attribute: Attribute) -> dict[str, tuple[str, Attribute | None]]:
    """The usual spellings of all sub-attributes, each with what ``_spelling`` returns."""
    return {name: _spelling(sub) for sub in attribute.sub_attributes for name in (sub.name, sub.option)}


def _spelling(sub: Attribute | None) -> tuple[str, Attribute | None]:
    """The SCIM name of an attribute, empty if there is none; and the attribute itself if it is complex."""
    return (sub.name, sub if sub.is_complex else None) if sub else ("", None)


@lru_cache(maxsize=2**16)
def _named(name: str) -> tuple[Member, bool]:
    """A member or group by its name: one and the same for the many resources that name it. And whether readers cannot see all of it."""
    return Member(name, written={"display": name}), bool(hidden_character(name))


def texts(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """All texts inside a value, with their paths."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, (Mapping, list)):
        for part, inner in value.items() if isinstance(value, Mapping) else enumerate(value):
            yield from texts(inner, (*path, part))


def _unknown_extension(parts: Sequence[str]) -> Attribute | None:
    """An extension that only the provider knows, with the attribute to clear."""
    if not parts[0].lower().startswith(URN):
        return None
    return Attribute(parts[0], Type.COMPLEX, sub_attributes=tuple(map(Attribute, parts[1:])))
