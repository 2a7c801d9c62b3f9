# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Extensions that only the provider knows: what its /Schemas (RFC 7644 §4) says of them, asked for where one is declared."""

from __future__ import annotations

from ..declaration.model import Declaration
from ..scim.client.client import Client
from ..scim.client.discovery import schemas_of


def learned(client: Client, declaration: Declaration) -> bool:
    """Whether the provider's /Schemas describes a declared extension that was not known; the client's types have it from then on."""
    declared: dict[str, set[str]] = {}
    for entry in declaration.entries:
        if found := entry.type.unknown_extensions(entry.attributes):
            declared.setdefault(entry.type.name, set()).update(urn.lower() for urn in found)
    schemas = schemas_of(client, set().union(*declared.values())) if declared else []
    for type_name, urns in declared.items():
        client.extend(type_name, [schema for schema in schemas if schema.urn.lower() in urns])
    return bool(schemas)
