# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Days of one tenant: the files change, something is changed by hand, and the task runs with faults."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random

from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import Declaration
from ansible_collections.identity.scim.tests.simulated import Habits, Simulated
from ansible_collections.identity.scim.tests.simulation.claims import harmed_members, is_dishonest, is_limited
from ansible_collections.identity.scim.tests.simulation.clock import Clock
from ansible_collections.identity.scim.tests.simulation.company import ADMIN, MARK, Company
from ansible_collections.identity.scim.tests.simulation.faults import FOR_EVER, NONE, Fault, Faults
from ansible_collections.identity.scim.tests.simulation.invariants import Broken, converges, judge
from ansible_collections.identity.scim.tests.simulation.network import Network
from ansible_collections.identity.scim.tests.simulation.rivals import RIVALS
from ansible_collections.identity.scim.tests.simulation.run import TOKEN, Ran, run
from ansible_collections.identity.scim.tests.simulation.store import LEFT, State, losses, state_of

DAYS = 20  # of one tenant
MOST_RUNS = 6  # until nothing more changes at a provider that removes other members: each run mends one group
SIZES = (*(6,) * 60, *(12,) * 30, *(40,) * 9, 300)  # of tenants; faults depend little on the size, the time to simulate a day very much
RATES = (0.0, 0.02, 0.05, 0.1, 0.3)  # how many of the requests of a run go wrong
MOST_REQUESTS = 400  # of a run in which something goes wrong; after these, nothing does
COMMON = (Fault.LOST_DONE, Fault.LOST, Fault.ERROR, Fault.ERROR_DONE, Fault.UNAVAILABLE, Fault.THROTTLED, Fault.RIVAL, Fault.LAGGING) * 3
FAULTS = (*COMMON, Fault.KILLED_BEFORE, Fault.KILLED_AFTER)
SECRETS = (MARK, TOKEN)
MANY = 100  # operations in a bulk request: a provider that takes so many gets all changes that way
FREE = {"max_removals": "100%"}
HOUR = 3600.0  # seconds between two runs


class Tenant:
    """One tenant and its files. Everything that happens to it follows from ``seed``."""

    def __init__(self, seed: str, folder: Path) -> None:
        self.dice = dice = Random(seed)
        self.seed = seed
        self.folder = folder
        self.company = Company(dice, dice.choice(SIZES))
        # Where names are unique, a read may lag behind. Where they are not, no client can tell after a lost answer what such a read hides.
        self.unique = dice.random() < 0.7
        self.provider = Simulated([{"id": "admin", "userName": ADMIN}], [], habits_of(dice, self.unique))
        self.runs: list[Ran] = []
        self.parsed: list[Declaration] = []
        self.clock = Clock()
        self._guests = 0
        self._begin()

    def _begin(self) -> None:
        """The first run, without a fault."""
        random.seed(self.seed)
        ran = self._run(NONE, FREE)
        if ran.failed and not is_dishonest(self.provider.habits):
            raise Broken(f"{self.seed}: {ran.message}\n{ran.trace()}")

    def day(self) -> list[Ran]:
        """One day.

        :raises Broken: if an invariant does not hold.
        """
        self.runs, self.parsed = [], []
        earlier = state_of(self.provider)
        for _change in range(self.dice.randint(0, 4)):
            self.company.change()
        for _change in range(self.dice.choice((0, 0, 1, 2))):
            self._drift()
        try:
            self._disturbed(earlier)
            self._settled()
        except Broken as broken:
            traces = "\n".join(ran.trace() for ran in self.runs)
            raise Broken(f"{broken}\n{self.provider.habits}\n{traces}") from None
        return self.runs

    def _disturbed(self, earlier: State) -> None:
        """On some days a plan for review, and one or two runs with faults."""
        limits: dict[str, str | None] = {"max_removals": self.dice.choice(("10%", "10%", "3", "0", "100%"))}
        if self.dice.random() < 0.2:
            planned = self._run(self._faults(), limits, check=True, earlier=earlier)
            limits["expect_plan"] = planned.result.get("plan_digest")
        for _run in range(self.dice.choice((1, 1, 1, 2))):
            self._run(self._faults(), limits, earlier=earlier)
            limits = FREE

    def _settled(self) -> None:
        """At most two runs without faults, and one that has nothing left to do.

        At a provider that does not do what it answers, or does more, the last run names what is not as declared.
        """
        dishonest = is_dishonest(self.provider.habits)
        for _run in range(MOST_RUNS if dishonest else 3):
            ran = self._run(NONE, FREE)
            if not ran.wrote and not ran.failed:
                break
        if dishonest and is_limited(ran):
            return
        if not (dishonest and ran.failed):
            converges(self.runs)
        named = {outcome.change.name.casefold() for outcome in ran.outcomes if outcome.error or outcome.warnings}
        wrong = [what for name, what in self.company.contradictions(ran.after) if name.casefold() not in named]
        if wrong:
            raise Broken("\n".join(wrong))

    def _run(self, faults: Faults, limits: dict[str, str | None], check: bool = False, earlier: State | None = None) -> Ran:
        self.clock.sleep(HOUR)
        network = Network(self.provider, self.clock, faults, earlier)
        options = {"concurrency": 1, "page_size": self.provider.habits.page_size}
        bulk = "always" if self.provider.habits.bulk == MANY else "auto"
        given = {"bulk": bulk, **self.company.parameters(), **limits, "provider_options": options}
        reports = (".md", ".html", ".json") if self.dice.random() < 0.05 else ()
        ran = run(network, given, check, self.folder, reports, self.parsed)
        self.runs.append(ran)
        judge(ran, SECRETS)
        lost = [(exchange, loss) for exchange in network.writes for loss in losses(exchange.before or {}, exchange.after or {})]
        harmed = {(LEFT, group, member) for group, members in harmed_members(ran).items() for member in members}
        unasked = [(exchange, loss) for exchange, loss in lost if loss not in harmed]
        unwanted = [f"{loss}, by {exchange}" for exchange, loss in unasked if not self.company.permits(exchange.before or {}, loss)]
        if unwanted:
            raise Broken("\n".join(["not asked for by the files:", *unwanted]))
        users = {key for exchange, (what, key, _member) in lost if what != LEFT and key in (exchange.before or {})["/Users"]}
        known = max(len(state["/Users"]) for state in (earlier or ran.before, ran.before))
        if len(users) > most_removals(str(limits["max_removals"]), known):
            raise Broken(f"{len(users)} of {known} users were removed, more than {limits['max_removals']}")
        return ran

    def _faults(self) -> Faults:
        """The faults of one run."""
        rate, dice, found, for_ever = self.dice.choice(RATES), self.dice, dict[int, Fault](), set[int]()
        for number in range(1, MOST_REQUESTS if rate else 1):
            if dice.random() < rate:
                fault = dice.choice(FAULTS)
                if self.unique or fault is not Fault.LAGGING:
                    found[number] = fault
                if fault in FOR_EVER and dice.random() < 0.1:
                    for_ever.add(number)
        # A twin without a number may be another than the one who is found by it, which no run can decide.
        has_twins = self.provider.habits.unique_names and not self.company.numbered
        # A newcomer whom no read shows yet is lost in a PUT of the group. Its version does not tell either: it is that of the late read.
        possible = {"twin": has_twins, "newcomer": not self.provider.habits.lag}
        rivals = [rival for name, rival in RIVALS.items() if possible.get(name, True)]
        return Faults(found, frozenset(for_ever), partial(self._rival, Random(dice.random()), rivals))

    def _rival(self, dice: Random, rivals: list[object], method: str, path: str, content: str) -> None:
        rival = dice.choice(rivals)
        rival(self.provider, method, path, content)  # type: ignore[operator]

    def _drift(self) -> None:
        """Change something by hand, as in the provider's console."""
        dice, provider = self.dice, self.provider
        user = provider.users[dice.choice([key for key in provider.users if key != "admin"])]
        change = dice.choice(("guest", "gone", "title", "inactive", "renamed", "spelled", "group", "emptied", "joined"))
        self._guests += 1
        if change == "guest":
            provider.add("/Users", f"guest-{self._guests}", {"userName": f"guest{self._guests}@example.org"})
        elif change == "gone":
            provider.remove("/Users", user["id"])
        elif change == "group":
            provider.add("/Groups", f"club-{self._guests}", {"displayName": f"Club {self._guests}", "members": [{"value": user["id"]}]})
        elif change in ("emptied", "joined") and provider.groups:
            group = provider.groups[dice.choice([*provider.groups])]
            members = [member for member in group.get("members", ()) if member["value"] != user["id"]]
            provider.add("/Groups", group["id"], {**group, "members": [] if change == "emptied" else [*members, {"value": user["id"]}]})
        else:
            more = {
                "title": {"title": "changed by hand"},
                "inactive": {"active": False},
                "renamed": {"userName": f"x{self._guests}-{user['userName']}"},
                "spelled": {"userName": user["userName"].upper()},
            }
            provider.add("/Users", user["id"], {**user, **more.get(change, {})})


def most_removals(limit: str, users: int) -> int:
    """How many users a run may remove. A percentage always allows two."""
    return max(2, round(users * float(limit[:-1]) / 100)) if limit.endswith("%") else int(limit)


def habits_of(dice: Random, unique: bool) -> Habits:
    """A random kind of provider."""
    patch = dice.random() < 0.8
    habit = dice.random()
    return Habits(
        patch=patch,
        put=not patch or dice.random() < 0.8,
        answers_patch=dice.random() < 0.7,
        bulk=dice.choice((0, 0, 0, 3, MANY)),
        echoes_bulk_id=dice.random() < 0.8,
        filters=dice.choice(("honoured", "honoured", "exact", "ignored", "refused")),
        page_size=dice.choice((100, 100, 7)),
        cursors=dice.random() < 0.2,
        tells_total=dice.random() < 0.8,
        members_in_lists=dice.random() < 0.7,
        most_members=dice.choice((1000, 1000, 2)),
        folds=dice.random() < 0.3,
        doubles_members=not unique and dice.random() < 0.3 and not 0.1 <= habit < 0.17,  # members are added again where others are removed
        unique_names=unique or dice.random() < 0.5,
        unique_groups=unique,
        me=dice.choice(("", "admin")),
        ignores=frozenset({dice.choice(("active", "joins", "leaves", "deletions"))} if habit < 0.1 else ()),
        replaces=0.1 <= habit < 0.14,
        clears=0.13 <= habit < 0.17,
        stores_projection=0.17 <= habit < 0.22,
        lag=dice.choice((2.0, 5.0, 60.0)) if unique and 0.22 <= habit < 0.3 else 0.0,
    )


def days(seed: int, first: int, last: int, folder: Path) -> Iterator[tuple[int, list[Ran] | Broken]]:
    """The days from ``first`` to before ``last``, each with its runs or the broken invariant, which ends its tenant."""
    for number in range(first // DAYS, -(-last // DAYS)):
        tenant: Tenant | None = None
        for day in range(number * DAYS, min((number + 1) * DAYS, last)):
            try:
                tenant = tenant or Tenant(f"{seed}/{number}", folder)
                ran: list[Ran] | Broken = tenant.day()
            except Broken as broken:
                ran = broken
            if day >= first or isinstance(ran, Broken):
                yield day, ran
            if isinstance(ran, Broken):
                break
