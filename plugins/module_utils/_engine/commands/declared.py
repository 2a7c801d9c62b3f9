# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the files and the task declare together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..declaration.documents import LoadedSources, load_files
from ..declaration.loader import load_declaration
from ..declaration.model import NOWHERE, Declaration, Document, Doubt, Origin, Problem
from ..declaration.sources import SUFFIXES_EXPECTED
from ..declaration.vault import decrypted_files
from ..plan.options import NONE, Policy
from ..scim.client.client import Client
from ..scim.errors import Invalid
from ..state.extensions import learned
from ..wording import counted, join_names
from .resource import secrets, without_unset

INLINE = "the task"
EMPTY = "the file declares no users and no groups", "entries, or remove the file: what it declared before would be pruned"
INCOMPLETE = "all resources: undeclared users or groups are pruned, which would include those that it lacks"
NO_DECLARATION = (
    "not a declaration, and undeclared users or groups are pruned, which would include those in this file",
    f"{SUFFIXES_EXPECTED}; move other files out of src",
)


def declared(parameters: Mapping[str, Any], client: Client, policy: Policy) -> Declaration:
    """What files and task declare together.

    :raises Invalid: with every mistake.
    """
    found = sources(parameters)
    unread = [*found.problems]
    if any(prune != NONE for prune in policy.prune.values()):
        unread += [Problem(Origin(each.file), *EMPTY) for each in found.documents if not each.users and not each.groups]
        unread += [Problem(Origin(file), *NO_DECLARATION) for file in found.ignored]
        unread += [Problem(Origin(each.file), f"the document {each.missing}", INCOMPLETE) for each in found.documents if each.missing]
        unread += [
            Problem(Origin(each.file), f"{rows}, and undeclared users or groups are pruned", f"a text in each, or {hint} to leave them out")
            for each in found.documents
            for rows, hint in each.left_out
        ]
    declaration = load_declaration(found.documents, client.types, policy.match_on, unread, policy.ignore_attributes)
    client.transport.redact.add(*secrets(declaration))
    if learned(client, declaration):
        declaration = load_declaration(found.documents, client.types, policy.match_on, ignored=policy.ignore_attributes)
    return replace(declaration, warnings=(*source_warnings(found), *declaration.warnings), presets=found.presets)


def source_warnings(found: LoadedSources) -> list[Doubt]:
    """Warnings about files in folders and globs that are not declarations, and about what was left out of others."""
    warnings = [warning for document in found.documents for warning in document.warnings]
    warnings += [Doubt(Origin(document.file), rows) for document in found.documents for rows, _hint in document.left_out]
    warnings += [Doubt(Origin(document.file), f"the document {document.missing}") for document in found.documents if document.missing]
    if found.ignored:
        files = counted(len(found.ignored), "file")
        warnings.append(Doubt(NOWHERE, f"Ignored {files} in src: {join_names(found.ignored)}. A declaration is {SUFFIXES_EXPECTED}"))
    return warnings


def sources(parameters: Mapping[str, Any]) -> LoadedSources:
    """What files and task declare, and what is wrong with files that cannot be read.

    :raises Invalid: if there is neither.
    """
    given = without_unset(parameters)
    inline = Document(INLINE, given.get("users", []), given.get("groups", []), given.get("defaults", {}))
    if "src" not in given and not inline.users and not inline.groups:
        raise Invalid(
            "Nothing to do: set src, users or groups. An empty declaration is refused, since it would look like an empty directory."
        )
    found = load_files(given.get("src", ()), decrypted_files())
    return replace(found, documents=[*found.documents, inline]) if inline.users or inline.groups else found
