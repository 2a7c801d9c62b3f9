# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents to one declaration: defaults laid under each user, everybody declared once, all mistakes in one message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..scim.names import fold
from ..scim.schema.overlay import UNKNOWN, canonical
from ..scim.schema.types import Attribute, ResourceType
from .documents import Document
from .model import GROUP, USER, Declaration, DeclarationError, Entry, Origin, Problem
from .parser import parse_entry

PARTS = {"users": USER, "groups": GROUP}
MOST_SHOWN = 200


def load_declaration(
    found: Iterable[Document], types: Mapping[str, ResourceType], match_on: Mapping[str, Sequence[str]], unread: Sequence[Problem] = ()
) -> Declaration:
    """The declaration of all documents.

    :raises Mistaken: with every mistake of every file, each with its file, line and path; ``unread`` are those of files that are none.
    """
    declaration, problems = check_declaration(found, types, match_on, unread)
    if problems:
        raise DeclarationError(problems, summary(problems) if len(problems) > len(unread) else "")
    return declaration


def check_declaration(
    found: Iterable[Document], types: Mapping[str, ResourceType], match_on: Mapping[str, Sequence[str]], unread: Sequence[Problem] = ()
) -> tuple[Declaration, list[Problem]]:
    """What is declared, and all that is wrong with it, ``unread`` files first."""
    documents = list(found)
    problems = list(unread)
    entries: dict[str, list[Entry]] = {"users": [], "groups": []}
    for document in documents:
        problems += _templates(document.defaults, Origin(document.file, path="defaults"))
        for part, kind_name in PARTS.items():
            resource_type = types[kind_name]
            for origin, raw in document.entries(part):
                entry, wrong = _entry(resource_type, origin, raw, document.defaults if part == "users" else {}, match_on[kind_name])
                problems += wrong
                entries[part] += [entry] if entry else []
    problems += [problem for part, kind_name in PARTS.items() for problem in _doubles(types[kind_name], entries[part], match_on[kind_name])]
    if not problems and not entries["users"] and not entries["groups"]:
        where = ", ".join(document.file for document in documents) or "src"
        refused = "nobody and no group is declared. An empty declaration is refused: it would look like an empty directory"
        problems = [Problem(Origin(where), refused)]
    return Declaration(tuple(entries["users"]), tuple(entries["groups"])), _located(problems) if problems else []


def _located(problems: Sequence[Problem]) -> list[Problem]:
    from .line_numbers import locate  # here: it needs PyYAML, which a declaration in JSON without a mistake does not

    return locate(problems)


def summary(problems: Sequence[Problem]) -> str:
    """All mistakes as one message."""
    count = "1 mistake" if len(problems) == 1 else f"{len(problems)} mistakes"
    more = [f"- and {len(problems) - MOST_SHOWN} more"] if len(problems) > MOST_SHOWN else []
    return "\n".join([f"{count} in the declaration; nothing was sent.", *(f"- {problem}" for problem in problems[:MOST_SHOWN]), *more])


def _entry(
    resource_type: ResourceType, origin: Origin, raw: Any, defaults: Mapping[str, Any], match_on: Sequence[str]
) -> tuple[Entry | None, list[Problem]]:
    if not isinstance(raw, Mapping):
        return None, [Problem(origin, "this is no mapping", f"the attributes of a {resource_type.name.lower()}")]
    templated = _templates(raw, origin)
    entry, problems = parse_entry(resource_type, merge_defaults(resource_type.root, defaults, raw) if defaults else raw, origin, match_on)
    if entry.expires and resource_type.name == GROUP:
        place = replace(origin, path=f"{origin.path}.expires")
        problems.append(Problem(place, "this is for people and for memberships", "delete_after, after which the group is deleted"))
    return entry, templated + problems


def _templates(raw: Any, origin: Origin) -> list[Problem]:
    """Every text that was meant for somebody who renders templates."""
    return [
        Problem(replace(origin, path=path), f"{_quotable(path, text)} holds a template that nobody resolved", "a value")
        for path, text in (_texts(raw, origin.path) if _is_template(str(raw)) else ())
        if _is_template(text)
    ]


def _quotable(path: str, text: str) -> str:
    return "this" if path.lower().endswith("password") else repr(text)


def merge_defaults(attribute: Attribute | None, defaults: Mapping[str, Any], raw: Mapping[str, Any]) -> dict[str, Any]:
    """The defaults with an entry laid over them: mappings deep, lists replaced. In whichever spelling, a name is one name."""

    def name_of(key: Any) -> str:
        sub = attribute.sub(str(key)) if attribute else None
        return sub.name if sub else fold(str(key))

    result, spelled = dict(defaults), {name_of(key): key for key in defaults}
    for key, value in raw.items():
        below = result.pop(spelled.get(name_of(key), key), None)
        deeper = isinstance(below, Mapping) and isinstance(value, Mapping)
        result[key] = merge_defaults(attribute.sub(str(key)) if attribute else None, below, value) if deeper else value
    return result


def _is_template(text: str) -> bool:
    return ("{{" in text and "}}" in text) or ("{%" in text and "%}" in text)


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Every text with the place where it stands."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, f"{path}[{index}]")


def _doubles(resource_type: ResourceType, entries: Iterable[Entry], match_on: Sequence[str]) -> Iterator[Problem]:
    """Everybody who is declared twice, by name in any case or by what they are matched on; old names count, they mean the same person."""
    first: dict[tuple[str, Any], Entry] = {}
    name_attribute = resource_type.root.sub(resource_type.name_attribute) or UNKNOWN
    further = [resource_type.root.sub(name) or UNKNOWN for name in dict.fromkeys(("id", *match_on)) if name != resource_type.name_attribute]
    for entry in entries:
        named = [name for name in (entry.attributes.get(resource_type.name_attribute), *entry.previously) if name]
        keys = {("name", canonical(name_attribute, name)): name for name in named}
        values = ((one, entry.value(one.name)) for one in further)
        keys.update({(one.name, canonical(one, value)): value for one, value in values if value})
        for key, written in keys.items():
            other = first.setdefault(key, entry)
            if (
                other is not entry
                and not (entry.id and other.id and entry.id != other.id)
                and not _in_turn(name_attribute, written, entry, other)
            ):
                yield Problem(entry.origin, f"{written} is declared at {other.origin} already", "everybody once, in whatever case")
                break


def _in_turn(name_attribute: Attribute, name: str, *two: Entry) -> bool:
    """Whether one gives up a name, and another who was called otherwise takes it: links of a chain of renames."""
    takes = [
        entry for entry in two if canonical(name_attribute, entry.attributes.get(name_attribute.name)) == canonical(name_attribute, name)
    ]
    return len(takes) == 1 and bool(takes[0].previously)
