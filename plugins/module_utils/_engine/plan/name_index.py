# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An index from names and ids to the resources that they may mean."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from ..scim.schema.identity import SHORTEST_LIMIT, look_alike_key, name_key, unprefixed
from ..scim.schema.resource import Resource


class NameIndex:
    """The keys of resources of one type, by id and by name. Several resources may share a name, but not an id."""

    def __init__(self) -> None:
        self._by_id: dict[str, str] = {}
        self._by_name: dict[str, tuple[str, ...]] = {}  # a list would take twice the memory
        self._by_looks: dict[str, list[str]] | None = None  # only names that do not look as they are compared; made when it is needed
        self._by_end: dict[str, list[str]] | None = None  # only names with a prefix; made when it is needed
        self._longest = 0  # characters of a name

    @classmethod
    def of(cls, resources: Iterable[Resource]) -> Self:
        """The index of existing resources."""
        index = cls()
        for resource in resources:
            name = resource.body.get(resource.type.name_attribute)
            index.add(resource.id, name=None if name is None else str(name))
        return index

    def add(self, key: str, other_id: str | None = None, name: str | None = None) -> None:
        """Add a resource under its ``key``, another id, and its name in any spelling."""
        self._by_looks = self._by_end = None
        if key:
            self._by_id[key] = key
        if other_id:
            self._by_id[other_id] = key
        if name:
            compared = name_key(name)
            self._by_name[compared] = (*self._by_name.get(compared, ()), key)

    def respelled(self, name: str) -> str | None:
        """The key of the one resource that the provider may have created under this name: it added a prefix, cut the name off, or
        replaced the blanks.

        None if there are several, since that is a scheme of names and not the doing of the provider. This is stricter than
        ``is_respelled``, which is about the one answer to a request: here, each resource of the provider is a candidate.
        """
        if self._by_end is None:
            self._by_end = {}
            for other, keys in self._by_name.items():
                if (end := unprefixed(other)) != other:
                    self._by_end.setdefault(end, []).extend(dict.fromkeys(keys))
            self._longest = max(map(len, self._by_name), default=0)
        compared = name_key(name)
        cut = SHORTEST_LIMIT <= self._longest < len(compared)
        found = [*self._by_end.get(compared, ()), *(self._keys(compared[: self._longest]) if cut else ())]
        if " " in compared:
            found += [key for mark in "-_" for key in self._keys(mark.join(compared.split()))]
        return found[0] if len(found) == 1 else None

    def by_id(self, resource_id: str) -> str | None:
        """The key of the resource with this id."""
        return self._by_id.get(resource_id)

    def by_name(self, name: str) -> list[str]:
        """The keys of all resources with this name."""
        return self._keys(name_key(name))

    def _keys(self, compared: str) -> list[str]:
        keys = self._by_name.get(compared, ())
        return list(keys if len(keys) < 2 else dict.fromkeys(keys))  # a resource may have been added twice

    def look_alikes(self, name: str) -> list[str]:
        """The keys of all resources that do not have this name, and have one that looks like it."""
        if self._by_looks is None:
            self._by_looks = {}
            for compared, keys in self._by_name.items():
                if (looks := look_alike_key(compared)) != compared:
                    self._by_looks.setdefault(looks, []).extend(keys)
        looks, same = look_alike_key(name), self._by_name.get(name_key(name), ())
        return [key for key in dict.fromkeys([*self._by_name.get(looks, ()), *self._by_looks.get(looks, ())]) if key not in same]

    def find(self, text: str) -> list[str]:
        """The keys of all resources that a text may mean, as an id or as a name."""
        found, named = self.by_id(text), self.by_name(text)
        return named if found is None else list(dict.fromkeys([found, *named]))
