# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What deactivating and deleting really do at a provider: the text for plans, and the refusals before the first write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from ..declaration.model import GROUP, USER, Entry
from ..scim.errors import Invalid, PlanRefused
from ..scim.providers.capabilities import Capabilities, Deactivation, Deletion
from ..scim.schema.resource import Body, Resource
from ..scim.schema.types import ResourceType

DEACTIVATION_PROBLEMS = {
    Deactivation.DELETES: "deactivating deletes at this provider (user_deactivation), so the account would be lost",
    Deactivation.IGNORED: "this provider ignores active: false (user_deactivation), so the account would stay active",
}
DELETIONS = {  # what deleting means where it is not just that, and what becomes of the resource
    Deletion.DEACTIVATES: ("DELETE only deactivates at this provider", "will still exist, inactive"),
    Deletion.FINAL: ("deleting is final at this provider", "can never be created again or restored"),
}


@dataclass(frozen=True, slots=True)
class Effects:
    """What a provider does to what is deactivated, deleted or has several values. The defaults are those of RFC 7644.

    ``deletes_inactive``: a DELETE is known to delete, also users who are inactive already and not listed.
    """

    user_deletion: Deletion = Deletion.DELETES
    group_deletion: Deletion = Deletion.DELETES
    user_deactivation: Deactivation = Deactivation.DEACTIVATES
    single_valued: tuple[str, ...] = ()
    deletes_inactive: bool = False

    @classmethod
    def of(cls, known: Capabilities) -> Self:
        """The effects that the capabilities give; the defaults where they are not known."""
        return cls(
            known.user_deletion or Deletion.DELETES,
            known.group_deletion or Deletion.DELETES,
            known.user_deactivation or Deactivation.DEACTIVATES,
            known.single_valued,
            known.user_deletion in (Deletion.DELETES, Deletion.FINAL),
        )

    def deletion(self, type_name: str) -> Deletion:
        """What DELETE does to resources of a type."""
        return self.user_deletion if type_name == USER else self.group_deletion

    @property
    def deactivation_problem(self) -> str | None:
        """Why a user is not deactivated; None if nothing is wrong with it."""
        return DEACTIVATION_PROBLEMS.get(self.user_deactivation)

    def is_absent(self, resource: Resource) -> bool:
        """Whether a user counts as absent: inactive, at a provider that cannot delete users, or that does not list inactive ones: it treats
        them as deleted, unless its DELETE is known to do more.
        """
        if resource.type.name != USER or resource.active:
            return False
        return self.user_deletion in (Deletion.DEACTIVATES, Deletion.REFUSED) or not (resource.listed or self.deletes_inactive)

    def reason(self, resource_type: ResourceType, reason: str) -> str:
        """Why a resource is deleted, with what deleting means at this provider."""
        meaning, _consequence = DELETIONS.get(self.deletion(resource_type.name), ("", ""))
        return f"{reason}; {meaning}" if meaning else reason

    def describe(self, resource_type: ResourceType, deleted: int) -> str:
        """A sentence on the deletions of a plan; empty if DELETE has no special effect."""
        meaning, consequence = DELETIONS.get(self.deletion(resource_type.name), ("", ""))
        if not deleted or not meaning:
            return ""
        nouns = resource_type.nouns if deleted > 1 else resource_type.noun
        return f"{meaning[0].upper()}{meaning[1:]}: the {deleted} {nouns} that this plan deletes {consequence}."

    # -- refusals ------------------------------------------------------------------------------------------------------------------------

    def refuse_prune(self, prune: Mapping[str, str]) -> None:
        """Check ``prune_users`` and ``prune_groups``.

        :raises Invalid: if the provider would not do what the option says.
        """
        if prune.get(USER) == "deactivate" and self.deactivation_problem:
            raise Invalid(
                f"prune_users: deactivate is refused: {self.deactivation_problem}. Use prune_users: delete if you mean that, or none."
            )
        for name, instead in ((USER, "prune_users: deactivate"), (GROUP, "prune_groups: none")):
            if prune.get(name) == "delete" and self.deletion(name) is Deletion.REFUSED:
                noun = name.lower()
                problem = f"this provider does not delete {noun}s ({noun}_deletion)"
                raise Invalid(f"prune_{noun}s: delete is refused: {problem}. Use {instead}.")

    def refuse_deletion(self, entry: Entry) -> None:
        """:raises PlanRefused: if the provider refuses the declared deletion."""
        if self.deletion(entry.type.name) is Deletion.REFUSED:
            option = f"{entry.type.noun}_deletion"
            instead = "Declare active: false, which takes the access away" if entry.type.name == USER else "Remove its members instead"
            raise PlanRefused(f"{entry.origin.prefix}{entry.name} cannot be deleted: this provider refuses DELETE ({option}). {instead}.")

    def refuse_deactivation(self, entry: Entry, declared: Body, before: Resource | None) -> None:
        """:raises PlanRefused: if the entry would deactivate a user, now or later, and the provider deletes or ignores instead."""
        problem = self.deactivation_problem
        if entry.type.name != USER or problem is None:
            return
        if entry.expires:
            instead = "Declare delete_after instead, which deletes the account after that day"
            raise PlanRefused(f"{entry.origin.prefix}{entry.name}: expires is refused: {problem}. {instead}.")
        if declared.get("active") is False and (before is None or before.active):
            raise PlanRefused(
                f"{entry.origin.prefix}{entry.name}: active: false is refused: {problem}. Declare state: absent to delete the account."
            )

    def refuse_values(self, entry: Entry, declared: Body) -> None:
        """:raises PlanRefused: if several values are declared, and the provider would keep only one."""
        for name in self.single_valued:
            attribute = entry.type.root.sub(name)
            value = declared.get(attribute.name) if attribute else None
            if attribute and isinstance(value, list) and len(value) > 1:
                raise PlanRefused(
                    f"{entry.origin.prefix}{entry.name}: {attribute.option} has {len(value)} values, and this provider keeps only one "
                    f"(single_valued). Declare the one that matters."
                )
