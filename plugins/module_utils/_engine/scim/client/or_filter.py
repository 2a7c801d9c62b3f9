# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several questions in one filter with ``or``, and what the answer says of each. Pure.

Some providers evaluate only the first comparison of such a filter, and answer 200 with what that one finds. So ``or`` is believed for what
it returns, and for what it does not return only once an answer has shown a resource that a later comparison finds. A resource that is
known to exist is asked for at the end, so that this takes no request of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..schema.filter import equals, parse
from ..schema.resource import Resource
from ..schema.types import ResourceType


@dataclass(frozen=True, slots=True)
class OrAnswer:
    """What the questions find. ``evaluated``: whether the provider evaluates such a filter to its end, None if the answer does not show it.
    ``unanswered`` are the questions that may find more if it does not.
    """

    found: list[Resource]
    evaluated: bool | None
    unanswered: list[str]


class OrFilter:
    """A filter for several questions. ``known`` is a resource that exists, if it is not known whether such filters are evaluated."""

    def __init__(self, resource_type: ResourceType, questions: Sequence[str], known: Resource | None = None) -> None:
        self._type = resource_type
        self._questions = questions
        self._filters = [parse(question) for question in questions]
        is_witness = known is not None and bool(known.body.get(resource_type.name_attribute)) and not self._answered_by(known)
        self._witness = known if is_witness else None

    @property
    def expression(self) -> str:
        """The filter as it is sent."""
        witness = [equals(self._type.name_attribute, self._witness.name)] if self._witness else []
        return " or ".join([*self._questions, *witness])

    def read(self, resources: Sequence[Resource]) -> OrAnswer:
        """What an answer of the provider's filter says."""
        answered = [self._answered_by(resource) for resource in resources]
        found = [
            resource
            for resource, numbers in zip(resources, answered, strict=True)
            if numbers or self._witness is None or resource.id != self._witness.id
        ]
        later = len(found) < len(resources) or any(numbers and 0 not in numbers for numbers in answered)
        first_or_answered = {0}.union(*answered)  # the first comparison is always evaluated
        unanswered = [question for number, question in enumerate(self._questions) if number not in first_or_answered]
        return OrAnswer(found, True if later else False if self._witness else None, unanswered)

    def _answered_by(self, resource: Resource) -> set[int]:
        """The numbers of the questions that find a resource."""
        return {number for number, each in enumerate(self._filters) if each.matches(self._type.root, resource.body)}
