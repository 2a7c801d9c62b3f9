# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The golden plans as tasks of ``identity.scim.directory``, and every fault at every one of their requests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import Declaration
from ansible_collections.identity.scim.tests.simulated import Simulated
from ansible_collections.identity.scim.tests.simulation.claims import is_dishonest
from ansible_collections.identity.scim.tests.simulation.clock import TODAY, Clock
from ansible_collections.identity.scim.tests.simulation.faults import DONE, FOR_EVER, NONE, Fault, Faults
from ansible_collections.identity.scim.tests.simulation.invariants import Broken, converges, judge
from ansible_collections.identity.scim.tests.simulation.network import Exchange, Network
from ansible_collections.identity.scim.tests.simulation.rivals import RIVALS
from ansible_collections.identity.scim.tests.simulation.run import TOKEN, Ran, run
from ansible_collections.identity.scim.tests.simulation.store import State, losses, portrait, state_of
from ansible_collections.identity.scim.tests.unit.golden import golden_cases
from ansible_collections.identity.scim.tests.unit.plan.test_plan_cases import CASES, PARTS, provider_of, with_digest, written_out

PASSWORD = "correct-horse-battery-staple"
SECRETS = (PASSWORD, TOKEN)
FREE = {"expect_plan": None, "allow_removals": None, "max_removals": "100%", "max_updates": None, "max_creates": None}
REPORTS = (".json",)
# Kinds of which no mishap is tried. At the dishonest ones, runs need not end with what is declared, but they must say so.
ODD_KINDS: Mapping[str, Mapping[str, Any]] = {
    **{f"ignores {what}": {"ignores": frozenset({what})} for what in ("active", "joins", "leaves", "deletions")},
    "ignores joins, bulk": {"ignores": frozenset({"joins"}), "bulk": 50},
    "adding replaces": {"replaces": True},
    "adding replaces, bulk": {"replaces": True, "bulk": 50},
    "removing clears": {"clears": True},
    "removing clears, bulk": {"clears": True, "bulk": 50},
    "reads lag": {"lag": 5.0},
    "reads lag, no PATCH": {"lag": 5.0, "patch": False},
    "reads lag, bulk": {"lag": 5.0, "bulk": 50},
    "stores what a PATCH asks for": {"stores_projection": True},
}
USUAL_KINDS = {"reads lag, no PATCH": "no PATCH", "reads lag, bulk": "bulk"}  # that an odd kind is compared with, if not by the book
HOUR = 3600.0  # seconds between two runs
AFTER_BULK = range(1, 7)  # requests after a bulk request whose answer was lost: its changes are looked up and written one by one
# Kinds of providers, on top of what the golden plan says of its own.
KINDS: Mapping[str, Mapping[str, Any]] = {
    "by the book": {},
    "no PATCH": {"patch": False},
    "PATCH without an answer": {"answers_patch": False, "put": False},
    "bulk": {"bulk": 50},
    "bulk in twos, without bulkId": {"bulk": 2, "echoes_bulk_id": False},
    "filters ignored": {"filters": "ignored"},
    "filters refused": {"filters": "refused"},
    "small pages with cursors": {"page_size": 2, "cursors": True},
    "no members in lists": {"members_in_lists": False},
    "names not unique": {"unique_names": False},
    "at most one member in a PATCH": {"most_members": 1},
}


@dataclass(frozen=True)
class Mishap:
    """One fault at one request: once, or each time that the request is sent. ``second`` is the fault at a request of the run after it.

    ``killed``: so many requests later, the process is killed as well; 0 if it is not.
    """

    number: int
    fault: Fault
    for_ever: bool = False
    rival: str = ""
    second: bool = False
    killed: int = 0

    def __str__(self) -> str:
        where = f"request {self.number}{' of the second run' if self.second else ''}"
        later = f"killed {self.killed} later" if self.killed else ""
        return " ".join(filter(None, (where, self.fault.name.lower(), self.rival, "for ever" if self.for_ever else "", later)))

    def faults(self, provider: Simulated) -> Faults:
        """The faults of the run."""
        rival = partial(RIVALS[self.rival], provider) if self.rival else NONE.rival
        killed = {self.number + self.killed: Fault.KILLED_BEFORE} if self.killed else {}
        return Faults({self.number: self.fault, **killed}, frozenset({self.number} if self.for_ever else ()), rival)


class Golden:
    """A golden plan at one kind of provider: the current state, the declaration, and the result of a run without faults."""

    def __init__(self, name: str, case: Mapping[str, Any], folder: Path, kind: str = "by the book") -> None:
        self.name = f"{name}, {kind}"
        self.folder = folder
        self._case = {**with_digest(case), "provider": {**{**KINDS, **ODD_KINDS}[kind], **(case.get("provider") or {})}}
        self._options = {**(self._case.get("options") or {})}
        self._parsed: list[Declaration] | None = None

    @property
    def refused(self) -> bool:
        """Whether the plan is refused."""
        return "refused" in self._case or "message" in self._case

    def provider(self) -> Simulated:
        """A provider in the state before the run."""
        return provider_of(self._case)

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """The parameters of the task. Each user has a password."""
        declared = self._case.get("declared") or {}
        known = {"concurrency": 1, "page_size": self.provider().habits.page_size, **(self._case.get("known") or {})}
        given = {part: list(written_out(declared.get(part), part)) for part in PARTS}
        defaults = {"password": PASSWORD, **(declared.get("defaults") or {})} if given["users"] else declared.get("defaults")
        bulk = "always" if self.provider().habits.bulk else "never"
        return {"bulk": bulk, **self._options, **given, "defaults": defaults, "provider_options": known}

    def run(self, provider: Simulated, faults: Faults = NONE, free: bool = False, earlier: State | None = None) -> Ran:
        """One run; ``free`` of the limits of the case, which are for its whole plan and not for the rest of it."""
        network = Network(provider, Clock(provider.now + HOUR, self._case.get("today", TODAY)), faults, earlier)
        return run(
            network, {**self.parameters, **(FREE if free else {})}, folder=self.folder, reports=() if free else REPORTS, parsed=self._parsed
        )

    @cached_property
    def undisturbed(self) -> Ran:
        """The run without faults."""
        ran = self.run(self.provider())
        judge(ran, SECRETS)
        if not any(exchange.path.startswith("/Schemas") for exchange in ran.network.exchanges):  # what it learns is not kept
            self._parsed = []
        return ran

    @property
    def applies(self) -> bool:
        """Whether this kind of provider can do, and show, what the plan needs. Some cannot look somebody up by an external id; and one that
        neither shows members nor takes a filter for them lets no client know that there is nothing left to do."""
        if self.refused:
            return True
        again = self.run(self.settled(), free=True)
        return not (self.undisturbed.failed or again.failed or again.wrote)

    def mishaps(self) -> Iterator[Mishap]:
        """Every fault at every request that can make a difference there. Where names are not unique, no client can notice a twin, nor
        what is missing in a read that lags behind: those two are left out.
        """
        written, unique = False, self.provider().habits.unique_names
        for exchange in self.undisturbed.network.exchanges:
            written |= exchange.writes
            for fault in Fault:
                found = _mishaps(exchange, fault, written)
                yield from (mishap for mishap in found if unique or (fault is not Fault.LAGGING and mishap.rival != "twin"))
        if not self.refused and written and unique:
            for exchange in self.run(self.settled()).network.exchanges:
                yield Mishap(exchange.number, Fault.LAGGING, second=True)

    def settled(self) -> Simulated:
        """A provider after a run without a fault."""
        provider = self.provider()
        self.run(provider)
        return provider

    def suffer(self, mishap: Mishap) -> list[Ran]:
        """Run with one mishap, and then until there is nothing left to do.

        :raises Broken: if an invariant does not hold.
        """
        provider = self.provider()
        earlier = state_of(provider)
        runs = [self.run(provider, NONE if mishap.second else mishap.faults(provider))]
        if mishap.second:
            runs.append(self.run(provider, mishap.faults(provider), free=True, earlier=earlier))
        try:
            for ran in runs:
                judge(ran, SECRETS)
            if not self.refused:
                self._settle(runs, provider, mishap)
        except Broken as broken:
            traces = "\n".join(ran.trace() for ran in runs)
            raise Broken(f"{self.name}, {mishap}:\n{broken}\n{traces}") from None
        return runs

    def live(self, usual: Golden) -> list[Ran]:
        """Run without a mishap until nothing is written, or nothing more changes. An honest provider ends as the ``usual`` one does.

        :raises Broken: if an invariant does not hold.
        """
        provider, runs = self.provider(), list[Ran]()
        honest = not is_dishonest(provider.habits)
        try:
            for _run in range(4):
                runs.append(self.run(provider, free=bool(runs)))
                judge(runs[-1], SECRETS)
                if not runs[-1].wrote:
                    break
            if honest and usual.applies and not self.refused:
                converges(runs)
                if portrait(runs[-1].after) != portrait(usual.undisturbed.after):
                    raise Broken(f"it ends with {portrait(runs[-1].after)}, and usually with {portrait(usual.undisturbed.after)}")
        except Broken as broken:
            traces = "\n".join(ran.trace() for ran in runs)
            raise Broken(f"{self.name}:\n{broken}\n{traces}") from None
        return runs

    def _settle(self, runs: list[Ran], provider: Simulated, mishap: Mishap) -> None:
        for _repair in range(3):
            runs.append(self.run(provider, free=True))
            judge(runs[-1], SECRETS)
            if mishap.rival and runs[-1].failed and runs[-1].message == runs[-2].message and not losses(runs[-1].before, runs[-1].after):
                return  # after what the second writer did, this declaration cannot be applied any more, and says so
            if not runs[-1].wrote and not runs[-1].failed:
                break
        converges(runs)
        if not mishap.rival and portrait(runs[-1].after) != portrait(self.undisturbed.after):
            raise Broken(f"it ends with {portrait(runs[-1].after)}, and without a fault with {portrait(self.undisturbed.after)}")


def _mishaps(exchange: Exchange, fault: Fault, written: bool) -> Iterator[Mishap]:
    if fault is Fault.RIVAL:
        yield from (
            Mishap(exchange.number, fault, rival=rival)
            for rival in RIVALS
            if rival != "twin" or (exchange.method, exchange.path) == ("POST", "/Users")
        )
    elif exchange.writes or (fault not in DONE and (fault is not Fault.LAGGING or written)):
        if fault is not Fault.LAGGING or not exchange.writes:
            yield Mishap(exchange.number, fault)
        if fault in FOR_EVER:
            yield Mishap(exchange.number, fault, for_ever=True)
        if exchange.path == "/Bulk" and fault is Fault.LOST_DONE:
            yield from (Mishap(exchange.number, fault, killed=later) for later in AFTER_BULK)


def goldens(folder: Path, kinds: Iterable[str] = ("by the book",)) -> Iterator[Golden]:
    """All golden plans, at each kind of provider that can do what they need."""
    for param in golden_cases(CASES):
        found = (Golden(str(param.id), param.values[0], folder, kind) for kind in kinds)
        yield from (golden for golden in found if golden.applies)


def odd_goldens(folder: Path) -> Iterator[tuple[Golden, Golden]]:
    """All golden plans, at each odd kind of provider, and each with the same plan at the usual one."""
    for param in golden_cases(CASES):
        name, case = str(param.id), param.values[0]
        usual = {kind: Golden(name, case, folder, kind) for kind in ("by the book", *USUAL_KINDS.values())}
        yield from ((Golden(name, case, folder, kind), usual[USUAL_KINDS.get(kind, "by the book")]) for kind in ODD_KINDS)
