# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An index from names and ids to the resources that they may mean."""

from __future__ import annotations

from collections.abc import Iterable

from ..scim.schema.identity import name_key


class NameIndex:
    """The keys of resources of one type, by id and by name. Several resources may share a name, but not an id."""

    def __init__(self) -> None:
        self._by_id: dict[str, str] = {}
        self._by_name: dict[str, dict[str, None]] = {}

    def add(self, key: str, ids: Iterable[str | None] = (), names: Iterable[str | None] = ()) -> None:
        """Add a resource under its ``key``, further ids, and its names in any spelling."""
        self._by_id.update({resource_id: key for resource_id in (key, *ids) if resource_id})
        for name in filter(None, names):
            self._by_name.setdefault(name_key(name), {})[key] = None

    def by_id(self, resource_id: str) -> str | None:
        """The key of the resource with this id."""
        return self._by_id.get(resource_id)

    def by_name(self, name: str) -> list[str]:
        """The keys of all resources with this name."""
        return list(self._by_name.get(name_key(name), ()))

    def find(self, text: str) -> list[str]:
        """The keys of all resources that a text may mean, as an id or as a name."""
        found = self.by_id(text)
        return list(dict.fromkeys([*([found] if found else []), *self.by_name(text)]))
