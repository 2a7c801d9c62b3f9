# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every server is asked, one function a check: what is declared, what the collection reports, and what the server's store then holds.

Each check has users and groups of its own, so that one that fails does not make others fail. ``Wrong`` may be excused by a limit of the
server that the collection itself reports; ``Never`` may not: a second account, something written in check mode, a change that is reported
as done and is not done.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from servers.directories import checked, file, row
from servers.in_process import ran
from servers.playbooks import Run
from servers.proxy import Exchange, RecordingProxy
from servers.tables import Row, Seen, Table

from .server import Access, Account, Body, Server

GROUP = "identity.scim.group"
EXPORT = "identity.scim.directory_info"
INFO = "identity.scim.provider_info"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


class Wrong(Exception):
    """A check is not passed."""


class Never(Wrong):
    """A check is not passed, and no limit of the server excuses it."""


@dataclass(slots=True)
class Lab:
    """A running server behind the proxy, and what was done in one check: messages of the collection, and its requests."""

    server: Server
    access: Access
    proxy: RecordingProxy
    run: Run
    folder: Path
    messages: list[str] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    profile: str = ""
    limited: dict[str, str] = field(default_factory=dict)  # what the server cannot do, and the message of the collection that says so

    @property
    def connection(self) -> Body:
        return {"url": self.proxy.url, **self.access.connection}

    def begin(self) -> None:
        self.messages, self.exchanges, self.log, self.limited = [], [], [], {}

    def __call__(self, rows: Mapping[str, Row]) -> dict[str, Seen]:
        """Run rows, without Ansible unless a row needs it; nothing is expected of them but that they are sound."""
        seen: dict[str, Seen] = {}
        for name, each in rows.items():
            try:
                seen |= Table(self.run, self).quickly({name: each}, check=False)
            finally:
                self.keep()
            self.log.append(json.dumps({name: seen[name].result}, indent=1, default=str))
        self.messages += [message for one in seen.values() for message in messages_of(one.result)]
        return seen

    def prepare(self, **options: Any) -> None:
        """Apply a declaration within this process: where a check starts is not what it checks."""
        self.proxy.clear()
        done = ran("directory", self, **options)
        self.keep()
        self.messages += messages_of(done.result)
        self.log.append(repr(done))
        if done.failed or not done.result["changed"]:
            raise Wrong(f"what the check starts from could not be made: {done.result.get('msg', 'nothing was changed')}")

    def playbook(self, name: str, **variables: Any) -> Any:
        """One of the collection's playbooks; the exit code is for the check to judge."""
        self.proxy.clear()
        connection = {f"scim_{option}": value for option, value in self.connection.items()}
        played = self.run(f"identity.scim.{name}", extra_vars={**connection, **variables}, expect_rc=None)
        self.keep()
        self.log.append(str(played))
        self.messages += [message for task in played.tasks for message in messages_of(task.result)]
        return played

    def keep(self) -> None:
        self.exchanges += [one for one in self.proxy.requests if one.request.target.startswith(f"{self.proxy.root}/")]

    def declare(self, name: str, **parts: Any) -> str:
        return file(self.folder / f"{name}.yml", **parts)

    # -- what is declared ----------------------------------------------------------------------------------------------------------------

    def user(self, user_name: str, /, given_name: str = "", **attributes: Any) -> Body:
        """``ada@example.com``, called Ada Person, with those of the basic attributes that this server stores."""
        every = basic(user_name, given_name or user_name.partition("@")[0].title())
        return {"user_name": user_name, **{name: value for name, value in every.items() if name in self.server.stores}, **attributes}

    def users(self, *user_names: str, **attributes: Any) -> list[Body]:
        return [self.user(user_name, **attributes) for user_name in user_names]

    # -- what the store holds ------------------------------------------------------------------------------------------------------------

    def accounts(self, *user_names: str) -> list[Account]:
        """The accounts that have one of these names, in any case."""
        wanted = {name.lower() for name in user_names}
        return [account for account in self.access.store.accounts() if account.user_name.lower() in wanted]

    def members(self, group: str) -> list[str] | None:
        """The members of the one group of this name; None where there is none."""
        found = [sorted(name.lower() for name in members) for name, members in self.access.store.groups() if name == group]
        if len(found) > 1:
            raise Never(f"the store has {len(found)} groups called {group}")
        return found[0] if found else None

    def holds(self, group: str, *user_names: str) -> None:
        found = self.members(group)
        if found != sorted(user_names):
            raise Wrong(f"the store's members of {group} are {found}, expected {sorted(user_names)}")

    def holds_one(self, *user_names: str) -> Account:
        """Exactly one account has one of these names."""
        found = self.accounts(*user_names)
        if len(found) > 1:
            raise Never(f"the store has {len(found)} accounts: {[account.user_name for account in found]}")
        if not found:
            raise Wrong(f"the store has no account {' or '.join(user_names)}")
        return found[0]


def messages_of(result: Mapping[str, Any]) -> Iterator[str]:
    """What a task reports to people."""
    yield from result.get("warnings") or ()
    yield from [str(failure["error"]) for failure in result.get("failures") or ()]
    message = result.get("msg")
    yield from [str(line) for line in message] if isinstance(message, list) else [str(message)] if message else ()


@contextmanager
def reading(lab: Lab) -> Iterator[None]:
    """Inside, the proxy refuses writes."""
    lab.proxy.read_only = True
    try:
        yield
    finally:
        lab.proxy.read_only = False
    if written := [str(exchange)[:300] for exchange in lab.exchanges if exchange.violation]:
        raise Never(f"something was written: {written}")


# -- what is expected of a task -----------------------------------------------------------------------------------------------------------


def done(seen: Seen) -> None:
    if seen.failed:
        raise Wrong(f"the task failed: {seen.result.get('msg')}")


def changed(seen: Seen) -> None:
    done(seen)
    if not seen.result["changed"]:
        raise Wrong(f"nothing was changed: {seen.result.get('summary') or seen.result.get('action')}")


def unchanged(lab: Lab, seen: Seen) -> None:
    """It changes nothing; and it tries nothing, but for attributes that a warning says are not stored."""
    if seen.failed or seen.result["changed"]:
        raise Wrong(
            f"a second run is not unchanged: changed {seen.result['changed']}, {seen.result.get('msg') or seen.result.get('changes')}"
        )
    written = {name for one in seen.writes for name in tried(one)}
    said = {path: message_naming(seen.result.get("warnings") or (), path) for path in written}
    if not all(said.values()):
        raise Wrong(f"a second run is not unchanged: it wrote {[str(exchange)[:300] for exchange in seen.writes[:4]]}")
    if written:
        lab.limited[f"each run tries again to store {listed(written)}"] = "\n".join(dict.fromkeys(said.values()))


def tried(write: Exchange) -> set[str]:
    """The attributes that a write changes: the paths of a PATCH, and what a PUT holds and its answer does not show."""
    body, answered = write.body or {}, write.result if isinstance(write.result, dict) else {}
    if write.method == "PUT":
        return {name for name in body if name not in answered and name != "schemas"}
    return {str(operation.get("path")) for operation in body.get("Operations", ({},))}


def basic(user_name: str, given_name: str) -> Body:
    emails = [{"value": user_name, "type": "work", "primary": True}]
    name = {"given_name": given_name, "family_name": "Person"}
    return {"name": name, "display_name": f"{given_name} Person", "emails": emails, "active": True}


def listed(names: Iterable[str]) -> str:
    return ", ".join("the enterprise extension" if name == ENTERPRISE else name for name in sorted(names))


def named(prefix: str, *names: str) -> list[str]:
    return [f"{prefix}-{name}@example.com" for name in names]


def group(name: str, *members: str, **attributes: Any) -> Body:
    return {"display_name": name, "members": list(members), **attributes}


# -- the checks ---------------------------------------------------------------------------------------------------------------------------

Check = Callable[[Lab], None]
CHECKS: dict[str, tuple[str, Check]] = {}


def check(title: str) -> Callable[[Check], Check]:
    """Add a check to the list, by the name of its function."""

    def add(function: Check) -> Check:
        CHECKS[function.__name__] = (title, function)
        return function

    return add


COMPANY = named("load", "ada", "ben", "cleo", "dan", "eva", "finn")
TEAMS = {"Load engineers": COMPANY[:4], "Load on call": COMPANY[2:5], "Load empty": []}
MOVED = {"Load engineers": [*COMPANY[1:4], COMPANY[5]], "Load on call": COMPANY[2:5], "Load empty": [COMPANY[0]]}
ATTRIBUTES = {
    "nick_name": "Nick",
    "preferred_language": "en",
    "phone_numbers": [{"value": "+49 30 1234567", "type": "work"}],
    "enterprise": {"department": "Engineering"},
}


def employees(title: str) -> list[Body]:
    """All attributes, whatever the server stores; each has the title in its name, too, so that there is a change that it does store."""
    return [
        {"user_name": name, "external_id": f"load-{number}", "title": title, **basic(name, f"{title}-{number}"), **ATTRIBUTES}
        for number, name in enumerate(COMPANY)
    ]


def company(lab: Lab, teams: Mapping[str, Sequence[str]], title: str = "Engineer") -> str:
    return lab.declare("load", users=employees(title), groups=[group(name, *members) for name, members in teams.items()])


@check("Check mode foretells the first load and writes nothing")
def plan(lab: Lab) -> None:
    with reading(lab):
        seen = lab({"plan": checked(src=company(lab, TEAMS))})["plan"]
    changed(seen)
    if lab.accounts(*COMPANY):
        raise Never("check mode made accounts")
    created = {kind: seen.result["summary"][kind]["created"] for kind in ("users", "groups")}
    if created != {"users": len(COMPANY), "groups": len(TEAMS)}:
        raise Wrong(f"check mode foretold {created}")


@check("First load: users with attributes, groups with members")
def load(lab: Lab) -> None:
    seen = lab({"load": row(src=company(lab, TEAMS))})["load"]
    holds_company(lab, TEAMS)
    changed(seen)
    stored(lab, "Engineer")


@check("A second run changes nothing")
def load_again(lab: Lab) -> None:
    unchanged(lab, lab({"again": row(src=company(lab, TEAMS))})["again"])


@check("Changed attributes and memberships are stored")
def change(lab: Lab) -> None:
    seen = lab({"change": row(src=company(lab, MOVED, "Manager"))})["change"]
    holds_company(lab, MOVED)
    changed(seen)
    stored(lab, "Manager")


@check("A second run after that changes nothing")
def change_again(lab: Lab) -> None:
    unchanged(lab, lab({"again": row(src=company(lab, MOVED, "Manager"))})["again"])


def holds_company(lab: Lab, teams: Mapping[str, Sequence[str]]) -> None:
    for name in COMPANY:
        lab.holds_one(name)
    for name, members in teams.items():
        lab.holds(name, *members)


def stored(lab: Lab, title: str) -> None:
    """Each declared attribute is in the store, or a message of the collection names it."""
    missing: set[str] = set()
    for number, declared in enumerate(employees(title)):
        found = held(lab, COMPANY[number])
        wanted = {
            "externalId": declared["external_id"], "title": title, "nickName": "Nick", "preferredLanguage": "en", "active": True,
            "phoneNumbers": [{"value": "+49 30 1234567"}], "emails": [{"value": COMPANY[number]}], "displayName": declared["display_name"],
            "name.givenName": declared["name"]["given_name"], "name.familyName": "Person", ENTERPRISE: {"department": "Engineering"},
        }  # fmt: skip
        found |= {f"name.{name}": value for name, value in (found.get("name") or {}).items()}
        missing |= {attribute for attribute, value in wanted.items() if not covers(found.get(attribute), value)}
    said = {attribute: message_naming(lab.messages, attribute) for attribute in missing}
    if silent := sorted(attribute for attribute, message in said.items() if not message):
        raise Wrong(f"not stored, and no message names it: {listed(silent)}")
    if missing:
        lab.limited[f"does not store {listed(missing)}"] = "\n".join(dict.fromkeys(said.values()))


def covers(found: Any, wanted: Any) -> bool:
    """Whether ``found`` holds all of ``wanted``: a server may add to it."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(covers(found.get(name), value) for name, value in wanted.items())
    if isinstance(wanted, list):
        return isinstance(found, list) and all(any(covers(one, value) for one in found) for value in wanted)
    return bool(found == wanted)


def message_naming(messages: Iterable[str], attribute: str) -> str:
    """The first message that names an attribute, or the one that it is part of."""
    if attribute.startswith(ENTERPRISE):
        attribute = "enterprise"
    whole = attribute.partition(".")[0].partition("[")[0]
    pattern = "|".join(re.escape(name) for name in (attribute, whole, re.sub(r"([A-Z])", r"_\1", whole).lower()))
    return next((message for message in messages if re.search(rf"(?i)\b({pattern})\b", message)), "")


@check("A member removed in the server's own store comes back")
def member_restored(lab: Lab) -> None:
    people = named("restored", "ada", "ben")
    src = lab.declare("restored", users=lab.users(*people), groups=[group("Restored", *people)])
    lab.prepare(src=src)
    lab.access.store.remove_member("Restored", people[1])
    lab.holds("Restored", people[0])
    seen = lab({"restore": row(src=src), "again": row(src=src)})
    lab.holds("Restored", *people)
    changed(seen["restore"])
    unchanged(lab, seen["again"])


def left(lab: Lab, group_name: str, remaining: Sequence[str]) -> None:
    """Whoever must leave a group has left it in the store. That this fails without a message is never excused."""
    try:
        lab.holds(group_name, *remaining)
    except Wrong as error:
        raise (Wrong if lab.messages else Never)(str(error)) from error


@check("A membership that is no longer declared ends in the store")
def member_removed(lab: Lab) -> None:
    people = named("removed", "ada", "ben", "cleo")
    before, after = (lab.declare(f"removed-{n}", users=lab.users(*people), groups=[group("Removed", *people[: 3 - n])]) for n in (0, 1))
    lab.prepare(src=before)
    lab.holds("Removed", *people)
    seen = lab({"remove": row(src=after), "again": row(src=after)})
    left(lab, "Removed", people[:2])
    changed(seen["remove"])
    unchanged(lab, seen["again"])


@check("A member added in the server's own store is removed")
def member_surplus(lab: Lab) -> None:
    people = named("surplus", "ada", "ben", "cleo")
    src = lab.declare("surplus", users=lab.users(*people), groups=[group("Surplus", *people[:2])])
    lab.prepare(src=src)
    lab.access.store.add_member("Surplus", people[2])
    lab.holds("Surplus", *people)
    seen = lab({"remove": row(src=src), "again": row(src=src)})
    left(lab, "Surplus", people[:2])
    changed(seen["remove"])
    unchanged(lab, seen["again"])


@check("A user renamed with previously keeps the account and its groups")
def rename_user(lab: Lab) -> None:
    old, new = named("renamed", "old", "new")
    before = lab.declare("renamed-1", users=[lab.user(old, "Renamed")], groups=[group("Renamed user", old)])
    after = lab.declare("renamed-2", users=[lab.user(new, "Renamed", previously=[old])], groups=[group("Renamed user", new)])
    lab.prepare(src=before)
    known = lab.holds_one(old)
    seen = lab({"rename": row(src=after), "again": row(src=after)})
    renamed(lab, known, new, seen["rename"])
    lab.holds("Renamed user", new)
    changed(seen["rename"])
    unchanged(lab, seen["again"])


def renamed(lab: Lab, before: Account, new: str, seen: Seen) -> None:
    """The account has the new name, and there is no other one."""
    account = lab.holds_one(before.user_name, new)
    if account.user_name.lower() != new:
        raise Wrong(f"the account is still called {account.user_name}: {seen.result.get('msg')}")
    if account.id != before.id and lab.access.direct.get(f"/Users/{account.id}").get("userName") != account.id:
        raise Never("another account has the new name")


@check("A group renamed with previously keeps its members")
def rename_group(lab: Lab) -> None:
    (ada,) = named("regrouped", "ada")
    before = lab.declare("regrouped-1", users=lab.users(ada), groups=[group("Old name", ada)])
    after = lab.declare("regrouped-2", users=lab.users(ada), groups=[group("New name", ada, previously=["Old name"])])
    lab.prepare(src=before)
    rename = lab({"rename": row(src=after)})["rename"]
    old, new = lab.members("Old name"), lab.members("New name")
    if old is not None and new is not None:
        raise Never("the store has both groups, the old one and the new one")
    if new is None:
        raise Wrong(f"no group has the new name: {rename.result.get('msg')}")
    lab.holds("New name", ada)
    changed(rename)
    unchanged(lab, lab({"again": row(src=after)})["again"])


@check("What is not declared stays as it is")
def unmanaged(lab: Lab) -> None:
    ada, ben = named("unmanaged", "ada", "ben")
    whole = lab.declare("unmanaged-1", users=lab.users(ada, ben, title="Engineer", **ATTRIBUTES), groups=[group("Unmanaged", ada, ben)])
    lab.prepare(src=whole)
    before = held(lab, ada)
    another = {name: value for name, value in lab.user(ada, "Another").items() if name in NAMES}
    changed(lab({"change": row(src=lab.declare("unmanaged-2", users=[{"user_name": ada, **another}]))})["change"])
    after = held(lab, ada)
    if lost := [attribute for attribute, value in before.items() if attribute not in CHANGING and after.get(attribute) != value]:
        raise Never(f"the store lost or changed {listed(lost)}")
    lab.holds("Unmanaged", ada, ben)


NAMES = ("name", "display_name")
CHANGING = ("displayName", "name", "meta")  # what the change is, what servers make of it, and when it was


def held(lab: Lab, name: str) -> Body:
    return lab.access.direct.get(f"/Users/{lab.holds_one(name).id}")


@check("Another case of a user name makes no second account")
def other_case(lab: Lab) -> None:
    (ada,) = named("case", "ada")
    other = f"CASE-Ada{ada[8:]}"
    mail = {"emails": [{"value": "case-other@example.com", "type": "work", "primary": True}]} if "emails" in lab.server.stores else {}
    lower = lab.declare("case-lower", users=lab.users(ada))
    upper = lab.declare("case-upper", users=[lab.user(ada, user_name=other, **mail)])  # another address: no 409 of that one helps
    lab.prepare(src=lower)
    seen = lab({"upper": row(src=upper), "again": row(src=upper), "user": Row({"user_name": other}), "lower": row(src=lower)})
    lab.holds_one(ada)
    done(seen["upper"])
    unchanged(lab, seen["again"])
    done(seen["user"])
    done(seen["lower"])


@check("Deactivation and reactivation are stored")
def deactivate(lab: Lab) -> None:
    (ada,) = named("inactive", "ada")
    on, off = (lab.declare(f"inactive-{active}", users=lab.users(ada, active=active)) for active in (True, False))
    lab.prepare(src=on)
    for src, active in ((off, False), (on, True)):
        seen = lab({"change": row(src=src), "again": row(src=src)})
        if lab.holds_one(ada).active != active:
            raise (Wrong if seen["change"].failed else Never)(f"active is not {active} in the store")
        changed(seen["change"])
        unchanged(lab, seen["again"])


@check("An inactive user is found again, in another case and by a former name")
def inactive(lab: Lab) -> None:
    old, new = named("dormant", "old", "new")
    on, off = (lab.declare(f"dormant-{active}", users=lab.users(old, active=active)) for active in (True, False))
    upper = lab.declare("dormant-upper", users=[lab.user(old, user_name=f"DORMANT-Old{old[11:]}", active=False)])
    after = lab.declare("dormant-new", users=[lab.user(new, previously=[old])])
    lab.prepare(src=on)
    lab.prepare(src=off)
    known = lab.holds_one(old)
    seen = lab({"upper": row(src=upper)})
    lab.holds_one(old)
    unchanged(lab, seen["upper"])
    rename = lab({"rename": row(src=after)})["rename"]
    renamed(lab, known, new, rename)
    changed(rename)
    if not lab.holds_one(new).active:
        raise Never("the account is still inactive in the store")


@check("An undeclared user is deactivated by pruning, in scope only")
def prune(lab: Lab) -> None:
    gone, kept, other = named("pruned", "gone", "kept")[0], *named("pruned", "kept"), *named("spared", "ada")
    all_three = lab.declare("pruned-1", users=lab.users(gone, kept, other))
    rest = lab.declare("pruned-2", users=lab.users(kept))
    lab.prepare(src=all_three)
    options = {"src": rest, "prune_users": "deactivate", "scope_users": 'userName sw "pruned-"'}
    seen = lab({"prune": row(**options), "again": row(**options)})
    active = {name: lab.holds_one(name).active for name in (gone, kept, other)}
    if not active[kept] or not active[other]:
        raise Never(f"a user was deactivated who should not be: {active}")
    if active[gone]:
        raise (Wrong if seen["prune"].failed else Never)("the undeclared user is still active in the store")
    changed(seen["prune"])
    unchanged(lab, seen["again"])


@check("Deletion of a user and a group")
def delete(lab: Lab) -> None:
    (ada,) = named("deleted", "ada")
    before = lab.declare("deleted-1", users=lab.users(ada), groups=[group("Deleted", ada)])
    after = lab.declare("deleted-2", users=[{"user_name": ada, "state": "absent"}], groups=[{"display_name": "Deleted", "state": "absent"}])
    lab.prepare(src=before)
    seen = lab({"delete": row(src=after), "again": row(src=after)})
    left = [account.user_name for account in lab.accounts(ada) if account.active]
    if left or lab.members("Deleted") is not None:
        raise (Wrong if seen["delete"].failed else Never)(f"the store still has {left or 'the group'}")
    changed(seen["delete"])
    unchanged(lab, seen["again"])


@check("An export, applied, changes nothing")
def export(lab: Lab) -> None:
    people = named("exported", "ada", "ben")
    src = lab.declare("exported", users=lab.users(*people), groups=[group("Exported", *people)])
    lab.prepare(src=src)
    dest = str(lab.folder / "export.yml")
    seen = lab({"export": Row({"dest": dest}, module=EXPORT), "apply": row(src=dest)})
    done(seen["export"])
    text = Path(dest).read_text(encoding="utf-8")
    if missing := [name for name in (*people, "Exported") if name not in text]:
        raise Wrong(f"the export lacks {missing}")
    unchanged(lab, seen["apply"])


@check("The module user: created, unchanged, updated, deleted")
def user_module(lab: Lab) -> None:
    (ada,) = named("module", "ada")
    made, renamed = lab.user(ada), lab.user(ada, "Another")
    seen = lab({
        "create": Row(made), "unchanged": Row(made), "update": Row(renamed), "unchanged again": Row(renamed),
        "deactivate": Row({"user_name": ada, "active": False}),
    })  # fmt: skip
    actions(seen, created="create", unchanged="unchanged", updated="update")
    actions(seen, unchanged="unchanged again", updated="deactivate")
    if lab.holds_one(ada).active:
        raise Never("the account is still active in the store")
    seen = lab({"delete": Row({"user_name": ada, "state": "absent"}), "unchanged": Row({"user_name": ada, "state": "absent"})})
    if any(account.active for account in lab.accounts(ada)):
        raise Never("the store still has the account")
    actions(seen, deleted="delete", unchanged="unchanged")


@check("The module group: created, unchanged, updated, deleted")
def group_module(lab: Lab) -> None:
    people = named("grouped", "ada", "ben", "cleo")
    lab.prepare(users=lab.users(*people))
    first, second = ({"display_name": "Grouped", "members": members} for members in (people[:2], people[1:]))
    rows = {"create": first, "unchanged": first, "update": second, "unchanged again": second}
    seen = lab({name: Row(options, module=GROUP) for name, options in rows.items()})
    lab.holds("Grouped", *people[1:])
    actions(seen, created="create", unchanged="unchanged", updated="update")
    actions(seen, unchanged="unchanged again")
    absent = Row({"display_name": "Grouped", "state": "absent"}, module=GROUP)
    seen = lab({"delete": absent, "unchanged": absent})
    if lab.members("Grouped") is not None:
        raise Never("the store still has the group")
    actions(seen, deleted="delete", unchanged="unchanged")


def actions(seen: Mapping[str, Seen], **expected: str) -> None:
    for action, name in expected.items():
        done(seen[name])
        if seen[name].result["action"] != action:
            raise Wrong(f"{name}: the action is {seen[name].result['action']}, expected {action}")


@check("Drift is found, and only where there is some")
def drift(lab: Lab) -> None:
    people = named("drifted", "ada", "ben")
    src = lab.declare("drifted", users=lab.users(*people), groups=[group("Drifted", *people)])
    lab.prepare(src=src)
    for removed in (False, True):
        if removed:
            lab.access.store.remove_member("Drifted", people[1])
        with reading(lab):
            played = lab.playbook("drift", scim_src=src)
        if (played.rc != 0) != removed:
            raise Wrong(f"drift ended with the exit code {played.rc}, {'with' if removed else 'without'} a difference: {lab.messages[-1:]}")


@check("Offboarding takes all access of a user")
def offboard(lab: Lab) -> None:
    people = named("offboarded", "ada", "ben")
    src = lab.declare("offboarded", users=lab.users(*people), groups=[group("Offboarded", *people)])
    lab.prepare(src=src)
    played = lab.playbook("offboard", scim_user=people[1])
    again = lab.playbook("offboard", scim_user=people[1])
    if lab.holds_one(people[1]).active or lab.members("Offboarded") != people[:1]:
        state = f"active {lab.holds_one(people[1]).active}, members {lab.members('Offboarded')}"
        raise (Wrong if played.rc or lab.messages else Never)(f"access is left in the store: {state}")
    if not lab.holds_one(people[0]).active:
        raise Never("another user was deactivated")
    if played.rc or again.rc:
        raise Wrong(f"the exit codes are {played.rc} and {again.rc}: {lab.messages[-1:]}")


@check("provider_info describes the server and writes nothing")
def provider_info(lab: Lab) -> None:
    with reading(lab):
        seen = lab({"info": Row({}, module=INFO)})["info"]
    done(seen)
    lab.profile = seen.result["profile"]["name"]
