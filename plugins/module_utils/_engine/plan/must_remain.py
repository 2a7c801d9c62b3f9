# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rule of the capability ``must_remain``: what must not be left without a holder, such as the role of an administrator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from ..declaration.model import USER
from ..scim.schema.filter import Filter, parse
from ..scim.schema.resource import Body, split_path
from ..scim.schema.table import RESOURCE_TYPES


@dataclass(frozen=True, slots=True)
class MustRemain:
    """``at_least`` so many users must hold what is called ``name``: ``users`` selects those who do, ``groups`` the groups whose members do.
    ``changed_by_holders``: only a user who holds it may change another one.
    """

    name: str
    at_least: int = 1
    users: Filter | None = None
    groups: Filter | None = None
    changed_by_holders: bool = False

    @classmethod
    def of(cls, rule: Mapping[str, Any]) -> Self:
        """The rule that the capability describes."""
        return cls(**{**rule, **{name: parse(rule[name]) for name in ("users", "groups") if name in rule}})

    def attributes(self, type_name: str) -> list[str]:
        """The attributes that show who holds it, in the spelling of the rule."""
        selected, root = self._filter(type_name), RESOURCE_TYPES[type_name].root
        return [split_path(path, root)[0] for path in selected.paths()] if selected else []

    def selects(self, type_name: str, body: Body) -> bool:
        """Whether a user holds it by what the body shows, or the members of a group do."""
        selected = self._filter(type_name)
        return selected is not None and selected.matches(RESOURCE_TYPES[type_name].root, body)

    def _filter(self, type_name: str) -> Filter | None:
        return self.users if type_name == USER else self.groups
