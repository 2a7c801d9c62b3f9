# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents to one declaration: defaults under each user, each name declared once, all mistakes in one message."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..escaping import quoted
from ..scim.names import fold
from ..scim.schema.identity import difference, is_same_name, look_alike_key
from ..scim.schema.overlay import UNKNOWN, canonical
from ..scim.schema.types import Attribute, ResourceType
from ..wording import counted, first_lines
from .deviating_values import deviation_warnings
from .line_numbers import locate
from .model import GROUP, USER, Declaration, DeclarationError, Document, Entry, Origin, Problem, Rule
from .parser import parse_entry, texts

TYPES = {"users": USER, "groups": GROUP}
MOST_LISTED = 200
_TEMPLATE = re.compile(r"{{.*?}}|{%.*?%}", re.DOTALL)


def load_declaration(
    documents: Sequence[Document],
    types: Mapping[str, ResourceType],
    match_on: Mapping[str, Sequence[str]],
    unread: Sequence[Problem] = (),
    ignored: Sequence[str] = (),
) -> Declaration:
    """The declaration of all documents. ``unread`` are the problems of files that could not be read, ``ignored`` as in ``parse_entry``.

    :raises DeclarationError: with all mistakes of all files, each with its file, line and path.
    """
    declaration, problems = check_declaration(documents, types, match_on, unread, ignored)
    if problems:
        raise DeclarationError(problems, summary(problems))
    return declaration


def check_declaration(
    documents: Sequence[Document],
    types: Mapping[str, ResourceType],
    match_on: Mapping[str, Sequence[str]],
    unread: Sequence[Problem] = (),
    ignored: Sequence[str] = (),
) -> tuple[Declaration, list[Problem]]:
    """The declaration of all documents, and all mistakes, those of ``unread`` files first."""
    problems = list(unread)
    entries: dict[str, list[Entry]] = {"users": [], "groups": []}
    for document in documents:
        problems += _unresolved_templates(document.defaults, Origin(document.file, path="defaults"))
        for key, type_name in TYPES.items():
            defaults = document.defaults if type_name == USER else {}
            # The ids of another tenant mean nothing here, unless resources are matched by id alone.
            own_ids = not document.foreign or types[type_name].name_attribute not in match_on[type_name]
            for origin, raw in document.entries(key):
                raw = raw if own_ids or not isinstance(raw, Mapping) else {name: value for name, value in raw.items() if fold(name) != "id"}
                if not document.literal and isinstance(raw, Mapping):
                    problems += _unresolved_templates(raw, origin)
                entry, mistakes = _entry(types[type_name], origin, raw, defaults, match_on[type_name], ignored)
                problems += mistakes
                entries[key] += [entry] if entry else []
    for key, type_name in TYPES.items():
        problems += _duplicates(types[type_name], entries[key], match_on[type_name])
    if not problems and not entries["users"] and not entries["groups"]:
        files = ", ".join(document.file for document in documents) or "src"
        reason = "An empty declaration is refused, because it would look like an empty directory"
        found = f"no users and no groups are declared. {reason}"
        problems.append(Problem(Origin(files), found, rule=Rule.EMPTY_DECLARATION))
    users, groups = tuple(entries["users"]), tuple(entries["groups"])
    return Declaration(users, groups, tuple(deviation_warnings((*users, *groups)))), locate(problems)


def summary(problems: Sequence[Problem], whole: str = "the declaration") -> list[str]:
    """The lines of a message with all mistakes in the ``whole``. Lists of allowed names are at its end, each once."""
    count = counted(len(problems), "mistake")
    lines = first_lines([problem.in_list for problem in problems[:MOST_LISTED]], MOST_LISTED, len(problems))
    choices = dict.fromkeys(problem.choices for problem in problems[:MOST_LISTED] if problem.choices)
    return [f"{count} in {whole}; nothing was sent.", *(f"- {line}" for line in lines), *choices]


def _entry(
    resource_type: ResourceType,
    origin: Origin,
    raw: Any,
    defaults: Mapping[str, Any],
    match_on: Sequence[str],
    ignored: Sequence[str],
) -> tuple[Entry | None, list[Problem]]:
    if not isinstance(raw, Mapping):
        return None, [Problem(origin, "is not a mapping", f"the attributes of a {resource_type.noun}")]
    whole = merge_defaults(resource_type.root, defaults, raw) if defaults else raw
    entry, problems = parse_entry(resource_type, whole, origin, match_on, ignored)
    if entry.expires and resource_type.name == GROUP:
        expected = '"delete_after", the day after which the group is deleted'
        problems.append(Problem(origin.below("expires"), '"expires" is only for users and memberships', expected))
    return entry, problems


def _unresolved_templates(raw: Any, origin: Origin) -> Iterator[Problem]:
    """A problem for each text with a template: files are not templated."""
    if _is_template(str(raw)):
        for path, text in texts(raw):
            if _is_template(text):
                template = _TEMPLATE.search(text)
                value = f" {quoted(template[0])}" if template and str(path[-1]).lower() != "password" else ""
                yield Problem(origin.below(*path), f"found the unresolved template{value}", "a value", rule=Rule.UNRESOLVED_TEMPLATE)


def merge_defaults(attribute: Attribute, defaults: Mapping[str, Any], raw: Mapping[str, Any]) -> dict[str, Any]:
    """An entry over its defaults: mappings are merged, lists replaced. All spellings of a name are one name."""

    def name(key: Any) -> str:
        return sub.name if (sub := attribute.sub(str(key))) else fold(str(key))

    result, spelled = dict(defaults), {name(key): key for key in defaults}
    for key, value in raw.items():
        default = result.pop(spelled.get(name(key), key), None)
        is_deep = isinstance(default, Mapping) and isinstance(value, Mapping)
        result[key] = merge_defaults(attribute.sub(str(key)) or UNKNOWN, default, value) if is_deep else value
    return result


def _is_template(text: str) -> bool:
    return ("{{" in text and "}}" in text) or ("{%" in text and "%}" in text)


def _duplicates(resource_type: ResourceType, entries: Iterable[Entry], match_on: Sequence[str]) -> Iterator[Problem]:
    """A problem for each entry that has a name, old name or match key of an earlier one. Names that look the same are refused as well."""
    root, name_attribute = resource_type.root, resource_type.name_attribute
    further = [root.sub(name) or UNKNOWN for name in dict.fromkeys(("id", *match_on)) if name != name_attribute]
    first: dict[tuple[str, Any], Entry] = {}
    for entry in entries:
        keys = {(name_attribute, look_alike_key(name)): name for name in _names(entry)}
        keys |= {(key.name, canonical(key, value)): value for key in further if (value := entry.value(key.name))}
        for (name, key), written in keys.items():
            other = first.setdefault((name, key), entry)
            if (
                other is entry
                or (entry.id and other.id and entry.id != other.id)
                or (name == name_attribute and _is_handed_over(key, entry, other))
            ):
                continue
            found = f"{(root.sub(name) or UNKNOWN).option} {quoted(written)}"
            similar = [other_name for other_name in _names(other) if look_alike_key(other_name) == key]
            if name == name_attribute and not any(is_same_name(written, other_name) for other_name in similar):
                found += f" looks like {quoted(similar[0])} at {other.origin}, and differs in {difference(written, similar[0])}"
                yield Problem(entry.origin, found, "different names", rule=Rule.SIMILAR_NAMES)
            else:
                found += f" is declared twice, first at {other.origin}"
                yield Problem(entry.origin, found, f"each {resource_type.noun} once", rule=Rule.DECLARED_TWICE)
            break


def _names(entry: Entry) -> list[str]:
    """The name, and the old names that mean the same resource."""
    return [name for name in (entry.attributes.get(entry.type.name_attribute), *entry.previously) if name]


def _is_handed_over(key: str, *entries: Entry) -> bool:
    """Whether one of two entries gives up a name and the other, which had a different one, takes it: a chain of renames."""
    takers = [entry for entry in entries if look_alike_key(str(entry.attributes.get(entry.type.name_attribute) or "")) == key]
    return len(takers) == 1 and bool(takers[0].previously)
