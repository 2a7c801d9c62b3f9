# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that a SCIM document has and that Ansible allows neither as options nor as aliases: URNs of extensions, and ``$ref``."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from ..declaration.model import GROUP, USER
from ..scim.names import URN
from ..scim.providers.profiles import widest
from ..scim.schema.types import Attribute

EXTENSIONS = "extensions"


def _other_names(attribute: Attribute) -> Iterator[tuple[str, str]]:
    for sub in attribute.sub_attributes:
        if not sub.name.isidentifier():
            yield sub.name.lower(), sub.option
        yield from _other_names(sub)


OPTIONS = {name: option for resource_type in (USER, GROUP) for name, option in _other_names(widest(resource_type).root)}


def with_option_names(spec: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """A task's parameters with the names of their options at every depth, and unknown URNs under ``extensions``. ``spec`` is its argument
    spec.

    A name is kept where its option is given as well, so that Ansible refuses it. One that is no text, as a mapping in text may have,
    becomes text.
    """
    options = {spelling: option for name, option in spec.items() for spelling in (name, *option.get("aliases", ()))}
    found: dict[str, Any] = {}
    for name, value in ((str(name), value) for name, value in given.items()):
        option = OPTIONS.get(name.lower(), name)
        option = option if option in spec and option not in given and option not in found else name
        found[option] = _inside(options.get(option, {}), value)
    pasted = [name for name in found if name.lower().startswith(URN)]
    declared = found.get(EXTENSIONS) or {}
    if EXTENSIONS not in spec or not pasted or not isinstance(declared, Mapping):
        return found
    moved = {name: found.pop(name) for name in pasted if name not in declared and name.lower() not in OPTIONS}
    return {**found, EXTENSIONS: {**declared, **moved}} if moved else found


def _inside(option: Mapping[str, Any], value: Any) -> Any:
    suboptions = option.get("options")
    if not suboptions:
        return value
    if isinstance(value, list):
        return [_inside(option, item) for item in value]
    mapping = _mapping(value) if isinstance(value, str) else value
    return with_option_names(suboptions, mapping) if isinstance(mapping, Mapping) else value


def _mapping(text: str) -> Any:
    """A mapping as text, which Ansible reads too, as JSON or as a Python literal. Of any other text, the text."""
    if text.startswith("{"):
        for read in (json.loads, ast.literal_eval):
            with suppress(ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                return read(text)
    return text
