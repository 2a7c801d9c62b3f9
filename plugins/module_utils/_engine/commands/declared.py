# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the files and the task declare together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..declaration.documents import Document, load_files
from ..declaration.loader import load_declaration
from ..declaration.model import Declaration, Origin, Problem
from ..declaration.vault import decrypted_files
from ..plan.options import NONE, Policy
from ..scim.client.client import Client
from ..scim.errors import Invalid
from ..state.extensions import learned
from .resource import without_unset

INLINE = "the task"
EMPTY = "the file declares no users and no groups", "entries, or remove the file: what it declared before would be pruned"


def declared(parameters: Mapping[str, Any], client: Client, policy: Policy) -> Declaration:
    """What files and task declare together.

    :raises Invalid: with every mistake.
    """
    found, unread = sources(parameters)
    if any(prune != NONE for prune in policy.prune.values()):
        unread += [Problem(Origin(each.file), *EMPTY) for each in found if not each.users and not each.groups]
    declaration = load_declaration(found, client.types, policy.match_on, unread)
    client.transport.redact.add(*(secret for entry in declaration.users for secret in entry.secrets.values()))
    return load_declaration(found, client.types, policy.match_on) if learned(client, declaration) else declaration


def sources(parameters: Mapping[str, Any]) -> tuple[list[Document], list[Problem]]:
    """The documents of files and task, and what is wrong with those that cannot be had.

    :raises Invalid: if there is neither.
    """
    given = without_unset(parameters)
    inline = Document(INLINE, given.get("users", []), given.get("groups", []), given.get("defaults", {}))
    if "src" not in given and not inline.users and not inline.groups:
        raise Invalid(
            "Nothing to do: set src, users or groups. An empty declaration is refused, since it would look like an empty directory."
        )
    found, problems = load_files(given.get("src", ()), decrypted_files())
    return [*found, *([inline] if inline.users or inline.groups else [])], problems
