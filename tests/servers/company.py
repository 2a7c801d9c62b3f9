# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A company of some seventy people, as its provider has it and as its files declare it: a plan with every kind of change in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .direct import Direct
from .directories import file

FIRST = (
    "Ada", "Barbara", "Chidi", "Dolores", "Emre", "Fatima", "Grace", "Hiroshi", "Ingrid", "Jamal", "Katarzyna", "Luis", "Mei", "Nadia",
    "Oluwaseun", "Priya", "Quentin", "Rosa", "Søren", "Tomás", "Ulrike", "Viktor", "Wanda", "Ximena",
)  # fmt: skip
LAST = ("Jensen", "Okafor", "Meyer", "Nakamura", "García", "Lindqvist", "Haddad", "Novak", "Silva", "Brandt", "Rossi")
DEPARTMENTS = ("Engineering", "Operations", "Sales")
TITLES = {"Engineering": "Data engineer", "Operations": "Site reliability engineer", "Sales": "Account executive"}
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
EVERYBODY = range(72)
LEFT = range(0, 66, 8)  # whom no file declares any more
GONE = (11, 29)  # whom a file declares absent
NEW = range(58, 72)  # whom the provider does not have yet
PROMOTED = range(3, 58, 6)
MOVED = range(5, 58, 9)


def called(number: int) -> tuple[str, str]:
    return FIRST[number % len(FIRST)], LAST[(number * 7 + number // len(FIRST)) % len(LAST)]


def user_name(number: int) -> str:
    """``ada.jensen@example.com``; the same for every run."""
    first, last = called(number)
    letters = f"{first}.{last}".lower().translate(str.maketrans("øáíöé", "oaioe"))
    return f"{letters}@example.com"


def department(number: int) -> str:
    return DEPARTMENTS[number % 3]


def seed(direct: Direct) -> None:
    """The provider as it is: somebody has changed things by hand, and some have left."""
    ids = {}
    for number in (number for number in EVERYBODY if number not in NEW):
        (first, last), where = called(number), department(number if number not in MOVED else number + 1)
        ids[number] = direct.add_user(
            user_name(number),
            schemas=[CORE, ENTERPRISE],
            name={"givenName": first, "familyName": last},
            displayName=f"{first} {last}",
            title=TITLES[department(number)] if number not in PROMOTED else f"Junior {TITLES[department(number)].lower()}",
            emails=[{"value": user_name(number), "type": "work", "primary": True}],
            active=True,
            **{ENTERPRISE: {"department": where}},
        )["id"]
    for where in DEPARTMENTS:
        direct.add_group(where, *(ids[number] for number in ids if department(number) == where and number not in PROMOTED))
    direct.add_group("On call", *(ids[number] for number in (3, 8, 16, 21)))
    direct.add_group("Interns 2019")


def declare(folder: Path) -> list[str]:
    """The files: a folder of people and one of groups."""
    for where in DEPARTMENTS:
        people = [_person(number) for number in EVERYBODY if department(number) == where and number not in LEFT and number not in GONE]
        people += [{"user_name": user_name(number), "state": "absent"} for number in GONE if department(number) == where]
        defaults = {"active": True, "enterprise": {"department": where}}
        file(folder / "people" / f"{where.lower()}.yml", users=people, defaults=defaults)
    there = [number for number in EVERYBODY if number not in LEFT and number not in GONE]
    groups: list[dict[str, Any]] = [
        {"display_name": where, "members": [user_name(number) for number in there if department(number) == where]} for where in DEPARTMENTS
    ]
    groups.append({"display_name": "On call", "members": [user_name(number) for number in (3, 21, 60)]})
    groups.append({"display_name": "Data platform", "members": [user_name(number) for number in there[::9]]})
    return [str(folder / "people"), file(folder / "groups.yml", groups=groups)]


def _person(number: int) -> dict[str, Any]:
    first, last = called(number)
    return {
        "user_name": user_name(number),
        "name": {"given_name": first, "family_name": last},
        "display_name": f"{first} {last}",
        "title": TITLES[department(number)],
        "emails": [{"value": user_name(number), "type": "work", "primary": True}],
    }
