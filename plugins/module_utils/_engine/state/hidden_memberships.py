# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds memberships at a provider that never shows the members of groups, with one request for each membership.

A group is only considered empty without a request if it is declared without members. AWS, for example, returns every group with an empty
list of members, but has a filter that finds whether a user is in a group.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import product

from ..declaration.model import ABSENT, GROUP, USER, Entry, Member
from ..plan.name_index import NameIndex
from ..plan.options import NONE, Policy
from ..plan.snapshot import Snapshot, names_group
from ..scim.client.client import Client
from ..scim.client.lookup import TOGETHER
from ..scim.client.reader import NOT_FILTERED
from ..scim.errors import Invalid, Refused
from ..scim.schema.filter import equals, quote
from .requirements import Requirements, scope_attributes

Edge = tuple[str, str]  # the id of a group, the id of a member
FORMS = ("members.value eq {member}", "id eq {group} and members.value eq {member}", "id eq {group} and members eq {member}")
NOT_TAKEN = NOT_FILTERED | {403}  # statuses of a refused filter
MOST_QUESTIONS = 1000  # besides those for declared memberships: finding all members of a group takes one for each user


class DeclaredEdges:
    """The memberships that a declaration may concern: ``wanted`` are desired, ``named`` may end because they are absent or expired, or
    protect a group from being deleted. Both have only those to ``keep``, if given: in a large directory, a set of all of them takes much
    memory. ``groups`` are the groups whose members matter, among them those that are ``deleted``.
    """

    def __init__(self, needed: Requirements, snapshot: Snapshot, keep: Callable[[Edge], bool] | None = None) -> None:
        self._keep = keep
        self.wanted: set[Edge] = set()
        self.named: set[Edge] = set()
        self.groups: set[str] = set()
        self.exact_groups: list[str] = []
        self.exact_users: list[str] = []
        self._listed = snapshot.groups.values()
        self._meant: dict[tuple[tuple[str, ...], str], list[str]] = {}
        self._names: dict[str, Sequence[NameIndex]] = {}
        matched = [*self._matched(needed, USER, snapshot), *self._matched(needed, GROUP, snapshot)]
        for entry, keys in matched:
            self._add(entry, keys, needed.policy)
        declared_groups = [key for entry, keys in matched for key in keys if entry.type.name == GROUP]
        expired = [key for entry, keys in matched for key in keys if needed.policy.expired(entry.expires)]
        self.named.update(filter(keep, product(declared_groups, expired)))
        # A group whose deletion would end a protected membership is not deleted, which its protected members decide.
        protected = [user.id for user in snapshot.users.values() if needed.policy.protects(user)]
        self.deleted = {key for entry, keys in matched for key in keys if entry.type.name == GROUP and needed.policy.deletes(entry)}
        if needed.policy.prune.get(GROUP, NONE) != NONE:
            undeclared = snapshot.groups.keys() - set(declared_groups)
            self.deleted |= {key for key in undeclared if needed.policy.may_prune(snapshot.groups[key])}
        self.named.update(filter(keep, product(self.deleted, protected)))
        self.groups |= self.deleted

    def _matched(self, needed: Requirements, name: str, snapshot: Snapshot) -> list[tuple[Entry, list[str]]]:
        """Each entry with the ids of the resources that it may mean, which have its name as well."""
        entries, resources, declared = needed.declaration.of(name), snapshot.of(name), NameIndex()
        if not entries:
            self._names[name] = [NameIndex.of(resources.values())]
            return []
        finder = snapshot.finder(entries[0].type, needed.policy)
        matched = [(entry, list(finder.candidates(entry))) for entry in entries]
        self._names[name] = [finder.names, declared]
        for entry, keys in matched:
            for key in keys:
                if entry.name != resources[key].name:
                    declared.add(key, name=entry.name)
        return matched

    def _add(self, entry: Entry, keys: list[str], policy: Policy) -> None:
        """Add the memberships of one entry."""
        is_group = entry.type.name == GROUP
        others = [key for member in entry.memberships or () for key in self._meant_by(member, (USER, GROUP) if is_group else (GROUP,))]
        edges = self.named if ABSENT in (entry.membership, entry.state) else self.wanted
        edges.update(filter(self._keep, product(keys, others) if is_group else product(others, keys)))
        self.groups.update(keys if is_group else others)
        if policy.is_exact(entry):
            (self.exact_groups if is_group else self.exact_users).extend(keys)

    def _meant_by(self, member: Member, types: tuple[str, ...]) -> list[str]:
        """The ids of the resources that a name, an id or a selector may mean."""
        declared = types if member.name else (), str(member)
        if declared not in self._meant:  # many users name or select the same few
            self._meant[declared] = (
                list(dict.fromkeys(key for name in types for names in self._names[name] for key in names.find(member.name)))
                if member.name
                else [group.id for group in self._listed if names_group(member, group)]
            )
        return self._meant[declared]

    def matters(self, edge: Edge) -> bool:
        """Whether the declaration is about a membership."""
        return edge[0] in self.exact_groups or edge[1] in self.exact_users or edge in self.named or edge in self.wanted

    def some(self, snapshot: Snapshot) -> Iterator[Edge]:
        """Some of the memberships that may end because a declaration is exact: as many members as one filter takes, in every group."""
        yield from product(self.exact_groups, sorted(snapshot.users)[:TOGETHER])
        yield from product(sorted(snapshot.groups), self.exact_users[:TOGETHER])

    def every(self, snapshot: Snapshot, nested: bool = False) -> set[Edge]:
        """All memberships, with those that may end because a declaration is exact; with ``nested``, those of groups in groups too."""
        edges = self.named | self.wanted
        edges.update(product(self.exact_groups, snapshot.all_ids() if nested else snapshot.users))
        edges.update(product(snapshot.groups, self.exact_users))
        return edges


# -- whether members are hidden ------------------------------------------------------------------------------------------------------------


def members_are_hidden(client: Client, needed: Requirements, snapshot: Snapshot) -> bool:
    """Whether groups have members but do not show them. If that is not known, memberships that matter are searched for."""
    if client.capabilities.members_readable is not None or client.capabilities.filter is False:
        return client.capabilities.members_readable is False
    edges = DeclaredEdges(needed, snapshot)
    likely_first = [*sorted(edges.wanted), *sorted(edges.named), *edges.some(snapshot)]
    hidden = bool(likely_first) and _is_any_member(client, likely_first)
    client.learn(**{"members_readable": False} if hidden else {})
    return hidden


def _is_any_member(client: Client, edges: Sequence[Edge]) -> bool:
    """Search for as many members as one filter takes, or else for the first."""
    found = groups_with(client, list(dict.fromkeys(member for _group, member in edges))[:TOGETHER])
    if found is not None:
        empty = sorted({group for group, _member in edges} & found)  # of those that show none
        return bool(empty) and not is_ignored(client, FORMS[0], empty[0])
    first = edges[0]
    try:
        return first[0] in _form(client, first)[1]
    except Invalid:
        return False


def have_no_members(client: Client, needed: Requirements, snapshot: Snapshot, fewer_than: int) -> bool:
    """Whether all users that may matter are known to be in no group, by fewer questions than that."""
    edges = DeclaredEdges(needed, snapshot)
    all_users = bool(edges.exact_groups or edges.deleted)
    if client.capabilities.filter is False or (all_users and USER not in snapshot.complete):
        return False
    mattering = {member for _group, member in edges.wanted | edges.named} | set(edges.exact_users)
    members = sorted(snapshot.all_ids() if all_users else mattering)
    parts = [members[i : i + TOGETHER] for i in range(0, len(members), TOGETHER)]
    return 0 < len(parts) < fewer_than and all(groups_with(client, part) == set() for part in parts)


def groups_with(client: Client, members: Sequence[str], most_pages: int | None = None) -> set[str] | None:
    """The groups that the provider finds by any of these members; None if it takes no such filter."""
    if client.capabilities.filter is False:
        return None
    wanted = equals("members.value", *members)
    return _if_taken(lambda: set(client.query(client.types[GROUP], wanted, ("displayName",), most_pages).resources))


def _if_taken(ask: Callable[[], set[str]]) -> set[str] | None:
    """The answer to a question; None if its filter is refused."""
    try:
        return ask()
    except Refused as refused:
        if refused.status not in NOT_TAKEN:
            raise
        return None


# -- asking --------------------------------------------------------------------------------------------------------------------------------


def ask_for_members(client: Client, needed: Requirements, snapshot: Snapshot, nested: bool = False) -> dict[str, frozenset[str]]:
    """The members of each group among those that a declaration is about; ``nested``: and among all groups.

    :raises Invalid: if it cannot be asked, or would take too many questions.
    """
    _read_all_candidates(client, needed, snapshot)
    declared = DeclaredEdges(needed, snapshot)
    refuse_too_many(len(snapshot.users) if declared.exact_groups else 0)
    edges = declared.every(snapshot, nested)
    if not edges:
        return {}
    first = min(edges)
    form, groups = _form(client, first)
    by_pair = "{group}" in form
    answers = {(first if by_pair else ("", first[1])): groups}
    questions = sorted((edges if by_pair else {("", member) for _group, member in edges}) - answers.keys())
    refuse_too_many(len(edges - declared.named - declared.wanted) if by_pair else 0)
    answers.update(zip(questions, client.together(lambda question: groups_found(client, form, question), questions), strict=True))
    members: dict[str, set[str]] = {group: set() for group, _member in edges}
    for group, member in {(group, member) for (_group, member), found in answers.items() for group in found} & edges:
        members[group].add(member)
    return {group: frozenset(ids) for group, ids in members.items()}


def _read_all_candidates(client: Client, needed: Requirements, snapshot: Snapshot) -> None:
    """All users that may be a member of an exact group, and all groups of a user whose groups are exact."""
    for name, entries in ((USER, needed.declaration.groups), (GROUP, needed.declaration.users)):
        resource_type = client.types[name]
        if name not in snapshot.complete and any(needed.policy.is_exact(entry) for entry in entries):
            attributes = (resource_type.name_attribute, *scope_attributes(resource_type, needed.policy))
            for resource in client.every(resource_type, attributes).resources.values():
                snapshot.of(name).setdefault(resource.id, resource)


def refuse_too_many(questions: int) -> None:
    """:raises Invalid: if what ``exact`` ends takes more questions than are asked."""
    if questions > MOST_QUESTIONS:
        raise Invalid(
            f"The provider does not show the members of groups (members_readable), so membership: exact would take {questions:,} requests, "
            f"and at most {MOST_QUESTIONS:,} are sent. Declare membership: additive, and each member to remove with membership: absent."
        )


def groups_found(client: Client, form: str, edge: Edge, most_pages: int | None = None) -> set[str]:
    """The groups that the provider answers to a question about a member."""
    wanted = form.replace("{group}", quote(edge[0])).replace("{member}", quote(edge[1]))
    return set(client.query(client.types[GROUP], wanted, ("displayName",), most_pages).resources)


def _form(client: Client, edge: Edge) -> tuple[str, set[str]]:
    """The filter that this provider takes, which is learned, and its answer to a first question.

    :raises Invalid: if it takes none.
    """
    given = client.capabilities.membership_filter
    for form in (given,) if given else FORMS:
        groups = _if_taken(partial(groups_found, client, form, edge))
        if groups is not None and (given or edge[0] not in groups or not is_ignored(client, form, edge[0])):
            client.learn(membership_filter=form)
            return form, groups
    raise Invalid(
        f"The provider does not show the members of groups (members_readable), and takes no filter that asks for them: "
        f"{' | '.join((given,) if given else FORMS)}. Set membership_filter in provider_options, or membership_search: false, "
        f"with which declared memberships are sent in every run and never compared."
    )


def is_ignored(client: Client, form: str, group: str, most_pages: int | None = None) -> bool:
    """Whether a filter is ignored: then the group would be a member of itself, as of everything."""
    try:
        return group in groups_found(client, form, (group, group), most_pages)
    except Refused as refused:
        if refused.status not in NOT_TAKEN:
            raise
        return False  # the provider knows that no group is a member


def learn_how_memberships_are_found(client: Client, edge: Edge) -> bool:
    """Learn that members cannot be read, if a filter finds a membership that the group does not show. Return whether it does."""
    given = client.capabilities.membership_filter
    for form in () if client.capabilities.filter is False else (given,) if given else FORMS:
        if edge[0] in (_if_taken(partial(groups_found, client, form, edge)) or ()) and not is_ignored(client, form, edge[0]):
            client.learn(members_readable=False, membership_filter=form, membership_search=True)
            return True
    return False
