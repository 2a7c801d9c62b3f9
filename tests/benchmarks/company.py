# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A company of any size: as it is declared in files, and as a provider that stores it answers.

    python company.py USERS GROUPS PAGE CHANGED      serves it on a free port, and prints the base URL

Each user is in three groups. The provider is meant to be a process of its own, so that its time is not that of the client. It answers
reads only.
"""

from __future__ import annotations

import json
import sys
import time
import uuid
from functools import lru_cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from servers.serving import Answer, Request, Server

GROUPS_OF_A_USER = 3
MEMBERS_OF_A_GROUP = 300
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
ROOT = "/scim/v2"
JOBS = ("Engineer", "Tour Guide", "Analyst", "Accountant", "Nurse")


def usual_groups(users: int) -> int:
    """As many groups as give each of them about ``MEMBERS_OF_A_GROUP`` members."""
    return users and max(GROUPS_OF_A_USER, users * GROUPS_OF_A_USER // MEMBERS_OF_A_GROUP)


def group_name(number: int) -> str:
    return f"Group {number:05}"


def groups_of(user: int, groups: int) -> list[int]:
    """The groups of a user, all different."""
    return [(user + step * (groups // GROUPS_OF_A_USER)) % groups for step in range(GROUPS_OF_A_USER)]


def declared_user(number: int, groups: int) -> dict[str, Any]:
    return {
        "userName": f"person{number}@example.com",
        "externalId": f"E{number:08}",
        "name": {"givenName": f"Given{number % 977}", "familyName": f"Family{number % 7919}"},
        "displayName": f"Given{number % 977} Family{number % 7919}",
        "title": JOBS[number % len(JOBS)],
        "active": True,
        "emails": [{"value": f"person{number}@example.com", "type": "work", "primary": True}],
        "phoneNumbers": [{"value": f"+1-201-555-{number % 10000:04}", "type": "work"}],
        "enterprise": {"employeeNumber": f"{number:06}", "department": f"Department {number % 40}"},
        "groups": [group_name(group) for group in groups_of(number, groups)],
    }


def write_json(path: Path, users: int, groups: int) -> None:
    declared = {
        "users": [declared_user(number, groups) for number in range(users)],
        "groups": [{"displayName": group_name(number)} for number in range(groups)],
    }
    path.write_text(json.dumps(declared), encoding="utf-8")


def write_yaml(path: Path, users: int, groups: int) -> None:
    """As people write it: block style, and quotes where they are needed."""
    with path.open("w", encoding="utf-8") as file:
        file.write("users:\n")
        for number in range(users):
            user = declared_user(number, groups)
            mail, phone = user["emails"][0], user["phoneNumbers"][0]
            file.write(
                f"  - userName: {user['userName']}\n"
                f"    externalId: {user['externalId']}\n"
                f"    name:\n      givenName: {user['name']['givenName']}\n      familyName: {user['name']['familyName']}\n"
                f"    displayName: {user['displayName']}\n    title: {user['title']}\n    active: true\n"
                f"    emails:\n      - value: {mail['value']}\n        type: work\n        primary: true\n"
                f"    phoneNumbers:\n      - value: {phone['value']}\n        type: work\n"
                f'    enterprise:\n      employeeNumber: "{user["enterprise"]["employeeNumber"]}"\n'
                f"      department: {user['enterprise']['department']}\n    groups:\n"
            )
            file.writelines(f"      - {name}\n" for name in user["groups"])
        file.write("groups:\n")
        file.writelines(f"  - displayName: {group_name(number)}\n" for number in range(groups))


def user_id(number: int) -> str:
    return str(uuid.UUID(int=(number + 1) * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128))


def group_id(number: int) -> str:
    return user_id(10**9 + number)


def stored_user(number: int, groups: int, changed: int) -> dict[str, Any]:
    """A user as a provider returns it: with ids, read-only attributes, and its own form of some values. One in ``changed`` differs."""
    declared = declared_user(number, groups)
    title = "Trainee" if changed and number % changed == 0 else declared["title"]
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
        "id": user_id(number),
        **{name: value for name, value in declared.items() if name not in ("groups", "enterprise", "title")},
        "title": title,
        "name": {**declared["name"], "formatted": declared["displayName"]},
        "groups": [{"value": group_id(group), "display": group_name(group), "type": "direct"} for group in groups_of(number, groups)],
        ENTERPRISE: declared["enterprise"],
        "meta": {
            "resourceType": "User",
            "created": "2026-11-03T09:21:07.512Z",
            "lastModified": "2026-11-28T14:02:55.034Z",
            "location": f"https://scim.example.com/v2/Users/{user_id(number)}",
            "version": f'W/"{number:x}"',
        },
    }


class Provider:
    """Answers listings, with ``attributes`` as RFC 7644 §3.9 has it; each page is made once."""

    def __init__(self, users: int, groups: int, page: int, changed: int) -> None:
        self._users, self._groups, self._page, self._changed = users, groups, page, changed
        self._members: dict[int, list[int]] = {group: [] for group in range(self._groups)}
        for user in range(users):
            for group in groups_of(user, self._groups):
                self._members[group].append(user)
        self._content = lru_cache(maxsize=None)(self._made)

    def answer(self, request: Request) -> Answer:
        endpoint = request.path.removeprefix(ROOT)
        if request.method != "GET" or endpoint not in ("/Users", "/Groups"):
            return Answer.of_json(404, {"status": "404", "detail": f"{request.method} {request.target}"})
        if "filter" in request.query:  # what is looked up is what no listing showed
            return Answer.of_json(200, {"totalResults": 0, "Resources": []})
        start, count = int(request.query.get("startIndex", 1)), int(request.query.get("count", self._page))
        content = self._content(endpoint, start, min(count, self._page), request.query.get("attributes", ""))
        return Answer(200, Answer.of_json(200, {}).headers, content)

    def _made(self, endpoint: str, start: int, count: int, attributes: str) -> bytes:
        total = self._users if endpoint == "/Users" else self._groups
        numbers = range(start - 1, min(start - 1 + count, total))
        make = self._user if endpoint == "/Users" else self._group
        page = {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
            "totalResults": total,
            "startIndex": start,
            "itemsPerPage": len(numbers),
            "Resources": [projected(make(number), attributes) for number in numbers],
        }
        return json.dumps(page).encode()

    def _user(self, number: int) -> dict[str, Any]:
        return stored_user(number, self._groups, self._changed)

    def _group(self, number: int) -> dict[str, Any]:
        members = [
            {"value": user_id(user), "display": f"Given{user % 977} Family{user % 7919}", "type": "User"} for user in self._members[number]
        ]
        return {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
            "id": group_id(number),
            "displayName": group_name(number),
            "members": members,
            "meta": {"resourceType": "Group", "location": f"https://scim.example.com/v2/Groups/{group_id(number)}"},
        }


def projected(body: dict[str, Any], attributes: str) -> dict[str, Any]:
    if not attributes:
        return body
    names = {name.rpartition(":")[0] if name.startswith("urn:") else name for name in attributes.split(",")} | {"schemas", "id"}
    return {name: value for name, value in body.items() if name in names}


def main() -> None:
    with Server(Provider(*map(int, sys.argv[1:])).answer) as server:
        print(server.origin + ROOT, flush=True)
        time.sleep(86400)


if __name__ == "__main__":
    main()
