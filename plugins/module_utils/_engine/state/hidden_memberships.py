# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is a member of which group: as the groups' answers show it, and where they never do, asked for one by one.

They are taken for none only where a group alone is declared with no member at all: then there is nobody to ask for. AWS answers every
group with an empty list of members, and takes a filter that tells whether somebody is in a group.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import product

from ..declaration.model import ABSENT, EXACT, GROUP, PRESENT, USER, Declaration, Entry, Member
from ..plan.options import Policy
from ..plan.snapshot import Snapshot, member_ids, names_group
from ..scim.client.client import Client
from ..scim.client.reader import NOT_FILTERED
from ..scim.errors import Invalid, Refused
from ..scim.schema.filter import any_of, equals, quote
from ..scim.schema.overlay import UNKNOWN, canonical
from ..scim.schema.resource import Resource
from ..scim.schema.types import ResourceType

Edge = tuple[str, str]  # the id of a group, the id of a member
FORMS = ("members.value eq {member}", "id eq {group} and members.value eq {member}", "id eq {group} and members eq {member}")
TOGETHER = 20  # members in one question whether members are shown at all
NOT_TAKEN = NOT_FILTERED | {403}  # how a filter may be refused
MOST_QUESTIONS = 1000  # besides those of declared memberships: to know all members of a group takes one for every user


def take(client: Client, declaration: Declaration, policy: Policy, current: Snapshot, groups: Sequence[Resource]) -> None:
    """Groups into ``current``, with their members as far as they matter. The users must be there already."""
    current.groups.update({group.id: group for group in groups})
    few = partial(_have_none, client, declaration, policy, current)
    read, empty = with_members(client, client.types[GROUP], declaration, policy, list(groups), few)
    current.groups.update({group.id: group for group in read})
    if any(group.body.get("members") for group in read):
        client.learn(members_readable=True)
    elif not empty and _are_hidden(client, declaration, policy, current):
        current.members.update(_asked(client, declaration, policy, current))
        return
    _refuse_names(declaration, policy, current, read)
    current.add_groups(read)


def _refuse_names(declaration: Declaration, policy: Policy, current: Snapshot, groups: Sequence[Resource]) -> None:
    """:raises Invalid: where a membership matters and is shown with a userName: it would be added again, and removed in vain."""
    ids = current.users.keys() | current.groups.keys()
    strange = [(group, member) for group in groups for member in member_ids(group) - ids]
    called = {user.name.casefold(): user.id for user in current.users.values()} if strange else {}
    meant = [(group, member, called[member.casefold()]) for group, member in strange if member.casefold() in called]
    named = [(group, member, user) for group, member, user in meant if user not in member_ids(group)]  # who is shown by id is no stranger
    if not named:
        return
    edges = _Edges(declaration, policy, current)
    about, exact_groups, exact_users = edges.named | edges.wanted, set(edges.exact_groups), set(edges.exact_users)
    for group, member, user in named:
        if group.id in exact_groups or user in exact_users or (group.id, user) in about:
            raise Invalid(
                f"{group.name}: the provider shows {member} as a member by name, and not by id (RFC 7643 section 4.2), so memberships "
                f"cannot be compared. Leave out members and groups at this provider; people can be managed all the same."
            )


def _are_hidden(client: Client, declaration: Declaration, policy: Policy, current: Snapshot) -> bool:
    """Whether groups have members and show none. Where nobody has said so, memberships that matter are asked for: some may be there."""
    if client.capabilities.members_readable is not None or client.capabilities.filter is False:
        return client.capabilities.members_readable is False
    edges = _Edges(declaration, policy, current)
    likely_first = [*sorted(edges.wanted), *sorted(edges.named), *edges.some(current)]
    hidden = bool(likely_first) and _is_any_there(client, likely_first)
    client.learn(**{"members_readable": False} if hidden else {})
    return hidden


def _is_any_there(client: Client, edges: Sequence[Edge]) -> bool:
    """One question about as many as fit, else about the first."""
    members = list(dict.fromkeys(member for _group, member in edges))[:TOGETHER]
    try:
        found = client.selected(client.types[GROUP], any_of(*(equals("members.value", member) for member in members)))
        empty = sorted({group for group, _member in edges} & {group.id for group in found})  # of those that show none
        return bool(empty) and not _is_ignored(client, FORMS[0], empty[0])
    except Refused as refused:
        if refused.status not in NOT_TAKEN:
            raise
    first = edges[0]
    try:
        return first[0] in _form(client, first)[1]
    except Invalid:
        return False


def _have_none(client: Client, declaration: Declaration, policy: Policy, current: Snapshot, fewer_than: int) -> bool:
    """Whether everybody who may matter is known to be in no group, by fewer questions than that: asked for all, though not one by one."""
    edges = _Edges(declaration, policy, current)
    anybody = bool(edges.exact_groups or policy.protected.get(USER))
    if client.capabilities.filter is False or (anybody and USER not in current.complete):
        return False
    found = {member for _group, member in edges.wanted | edges.named} | set(edges.exact_users)
    members = sorted(current.users.keys() | current.groups.keys() if anybody else found)
    parts = [members[i : i + TOGETHER] for i in range(0, len(members), TOGETHER)]
    asked = [any_of(*(equals("members.value", member) for member in part)) for part in parts]
    try:
        return 0 < len(asked) < fewer_than and not any(client.selected(client.types[GROUP], one) for one in asked)
    except Refused as refused:
        if refused.status not in NOT_TAKEN:
            raise
        return False


def with_members(
    client: Client,
    resource_type: ResourceType,
    declaration: Declaration,
    policy: Policy,
    groups: list[Resource],
    have_none: Callable[[int], bool] = lambda fewer_than: False,
) -> tuple[list[Resource], bool]:
    """The groups, and whether they are known to be empty without having been read.

    Where the listing holds no members of any, those that matter are asked one by one: some providers omit them there. Where the first of
    them has none, ``have_none`` may tell of all in fewer requests than there are others.
    """
    if any(group.body.get("members") for group in groups) or client.capabilities.members_readable is False:
        return groups, False
    called = _Called(groups)
    mattering = {key for entry in declaration.groups for key in called.of(entry)}
    mattering.update(key for user in declaration.users for member in user.groups or () for key in called.meant(member))
    if any(is_exact(user, policy) for user in declaration.users):
        mattering = {group.id for group in groups}
        _bearable(len(groups))
    first, *others = [group.id for group in groups if group.id in mattering] or [""]
    read_again = [client.get(resource_type, first)] if first else []
    empty = not any(group.body.get("members") for group in read_again if group) and have_none(len(others))
    read_again += [] if empty else client.together(lambda key: client.get(resource_type, key), others)
    whole = {group.id: group for group in read_again if group is not None}
    return [whole.get(group.id, group) for group in groups], empty


# -- what must be known ------------------------------------------------------------------------------------------------------------------


def is_exact(entry: Entry, policy: Policy) -> bool:
    """Whether all memberships of an entry must be known, since the undeclared ones end."""
    listed = entry.members if entry.type.name == GROUP else entry.groups
    return listed is not None and entry.state == PRESENT and policy.membership_of(entry) == EXACT


class _Edges:
    """The memberships that a declaration is about, more rather than fewer: those that it wants, and those that it names besides."""

    def __init__(self, declaration: Declaration, policy: Policy, current: Snapshot) -> None:
        users, groups = _Called(current.users.values(), declaration.users), _Called(current.groups.values(), declaration.groups)
        self.wanted: set[Edge] = set()
        self.named: set[Edge] = set()
        self.exact_groups = [key for entry in declaration.groups if is_exact(entry, policy) for key in groups.of(entry)]
        self.exact_users = [key for entry in declaration.users if is_exact(entry, policy) for key in users.of(entry)]
        expired = [key for user in declaration.users if policy.expired(user.expires) for key in users.of(user)]
        self.named.update(product((key for entry in declaration.groups for key in groups.of(entry)), expired))
        for user in declaration.users:
            self._add(user, product((key for member in user.groups or () for key in groups.meant(member)), users.of(user)))
        for group in declaration.groups:
            members = [key for member in group.members or () for key in (*users.meant(member), *groups.meant(member))]
            self._add(group, product(groups.of(group), members))

    def _add(self, entry: Entry, edges: Iterable[Edge]) -> None:
        (self.named if entry.membership == ABSENT or entry.state == ABSENT else self.wanted).update(edges)

    def some(self, current: Snapshot) -> Iterator[Edge]:
        """Of those that may end because something is exact, as many as one question asks for, with every group."""
        yield from product(self.exact_groups, sorted(current.users)[:TOGETHER])
        yield from product(sorted(current.groups), self.exact_users[:TOGETHER])

    def every(self, current: Snapshot) -> set[Edge]:
        """With those that end where something is exact."""
        edges = self.named | self.wanted
        edges.update(product(self.exact_groups, current.users))
        edges.update(product(current.groups, self.exact_users))
        return edges


def _complete(client: Client, declaration: Declaration, policy: Policy, current: Snapshot) -> None:
    """All who may be a member of an exact group, and all groups of a person who is exact."""
    for name, entries in ((USER, declaration.groups), (GROUP, declaration.users)):
        resource_type = client.types[name]
        if name not in current.complete and any(is_exact(entry, policy) for entry in entries):
            for resource in client.every(resource_type, (resource_type.name_attribute,)).resources.values():
                current.of(resource_type).setdefault(resource.id, resource)


class _Called:
    """Resources by whatever a declaration may call them: by what they are called, and by what they shall be."""

    def __init__(self, resources: Iterable[Resource], entries: Iterable[Entry] = ()) -> None:
        self._resources = list(resources)
        self._selected: dict[str, list[str]] = {}
        self._keys: dict[str, list[str]] = defaultdict(list)
        for resource in self._resources:
            for name in {_folded(name) for name in (resource.id, resource.name, resource.body.get("externalId")) if name}:
                self._keys[name].append(resource.id)
        for entry in (one for one in entries if one.previously or one.id):
            named = self._keys[_folded(entry.name)]
            named += [key for key in self.of(entry) if key not in named]

    def of(self, entry: Entry) -> list[str]:
        """The ids of those whom an entry may mean."""
        names = (entry.id, entry.attributes.get(entry.type.name_attribute), entry.attributes.get("externalId"), *entry.previously)
        return [key for name in names if name for key in self._keys.get(_folded(name), ())]

    def meant(self, member: Member) -> list[str]:
        """The ids of those whom a name, an id or a selector may mean."""
        if member.name:
            return self._keys.get(_folded(member.name), [])
        if str(member) not in self._selected:  # many people select the same few
            self._selected[str(member)] = [one.id for one in self._resources if one.type.name == GROUP and names_group(member, one)]
        return self._selected[str(member)]


def _folded(name: str) -> str:
    return str(canonical(UNKNOWN, name)).casefold()


# -- asking ------------------------------------------------------------------------------------------------------------------------------


def _asked(client: Client, declaration: Declaration, policy: Policy, current: Snapshot) -> dict[str, frozenset[str]]:
    """The members of each group among those whom a declaration is about.

    :raises Invalid: where it cannot be asked, or would take too many questions.
    """
    _complete(client, declaration, policy, current)
    about = _Edges(declaration, policy, current)
    _bearable(len(current.users) if about.exact_groups else 0)
    edges = about.every(current)
    if not edges:
        return {}
    first = min(edges)
    form, groups = _form(client, first)
    by_pair = "{group}" in form
    answers = {(first if by_pair else ("", first[1])): groups}
    questions = sorted((edges if by_pair else {("", member) for _group, member in edges}) - answers.keys())
    _bearable(len(edges - about.named - about.wanted) if by_pair else 0)
    answers.update(zip(questions, client.together(lambda question: _answer(client, form, question), questions), strict=True))
    members: dict[str, set[str]] = {group: set() for group, _member in edges}
    for group, member in {(group, member) for (_group, member), found in answers.items() for group in found} & edges:
        members[group].add(member)
    return {group: frozenset(those) for group, those in members.items()}


def _bearable(questions: int) -> None:
    if questions > MOST_QUESTIONS:
        raise Invalid(
            f"This provider does not show who is a member of a group (members_readable), so what membership: exact ends can be known only "
            f"by {questions:,} questions, and at most {MOST_QUESTIONS:,} are asked. "
            f"Declare membership: additive, and whoever shall leave a group with membership: absent."
        )


def _answer(client: Client, form: str, edge: Edge) -> set[str]:
    """The groups that a question about a member is answered with."""
    wanted = form.replace("{group}", quote(edge[0])).replace("{member}", quote(edge[1]))
    return {group.id for group in client.selected(client.types[GROUP], wanted)}


def _form(client: Client, edge: Edge) -> tuple[str, set[str]]:
    """The filter that this provider takes, and its answer to a first question. Which one it was is learned.

    :raises Invalid: where it takes none.
    """
    given = client.capabilities.membership_filter
    for form in (given,) if given else FORMS:
        try:
            groups = _answer(client, form, edge)
        except Refused as refused:
            if refused.status not in NOT_TAKEN:
                raise
            continue
        if given or edge[0] not in groups or not _is_ignored(client, form, edge[0]):
            client.learn(membership_filter=form)
            return form, groups
    raise Invalid(
        f"This provider does not show who is a member of a group (members_readable), and takes no filter that asks for it: "
        f"{' | '.join((given,) if given else FORMS)}. Name one as membership_filter in provider_options, or declare no memberships."
    )


def _is_ignored(client: Client, form: str, group: str) -> bool:
    """Whether a filter is overlooked: then the group would be a member of itself, as of everything."""
    try:
        return group in _answer(client, form, (group, group))
    except Refused:  # it knows that no group is a member
        return False
