# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long masking a result takes, compared with writing it as JSON, which Ansible does several times.

    .venv/bin/python tests/benchmarks/redaction.py [--users 10000]

A ratio, so that it says the same on every machine.
"""

from __future__ import annotations

import argparse
import base64
import json
import random
import time
import uuid
from collections.abc import Callable
from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._engine.redact import Redactor

CERTIFICATE = 1200  # bytes
RUNS = 2


def user(number: int, draw: random.Random, certificate: bool) -> dict[str, Any]:
    """A user as providers return them."""
    name = f"user{number}@example.com"
    content = base64.b64encode(draw.randbytes(CERTIFICATE)).decode()
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": str(uuid.UUID(int=draw.getrandbits(128))),
        "externalId": f"E{number:08}",
        "userName": name,
        "name": {"givenName": "Barbara", "familyName": "Jensen", "formatted": "Barbara Jensen"},
        "displayName": "Barbara Jensen",
        "title": "Tour Guide & Driver",
        "active": True,
        "emails": [{"value": name, "type": "work", "primary": True}],
        "phoneNumbers": [{"value": "tel:+1-201-555-0123", "type": "work"}],
        "groups": [{"value": str(uuid.UUID(int=draw.getrandbits(128))), "display": "Data engineers"}],
        "meta": {"resourceType": "User", "lastModified": "2027-01-15T08:00:00Z", "location": f"https://scim.example.com/v2/Users/{number}"},
        **({"x509Certificates": [{"value": content}]} if certificate else {}),
    }


def seconds(work: Callable[[], Any]) -> float:
    """The shortest processor time of some runs."""
    found = []
    for _run in range(RUNS):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return min(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=10_000)
    count = parser.parse_args().users
    draw = random.Random(1)
    token, passwords = draw.randbytes(30).hex(), [f"Kestrel-{number}-hawk" for number in range(3)]
    for certificate in (False, True):
        users = [user(number, draw, certificate) for number in range(count)]
        written = seconds(lambda users=users: json.dumps(users))
        for secrets, what in (([token], "a token"), ([token, *passwords], "a token and 3 passwords")):
            masked = seconds(lambda users=users, secrets=secrets: Redactor(secrets).mask(users))
            with_what = "with" if certificate else "without"
            print(
                f"{count} users {with_what} certificates, {what}: {masked / written:.1f} times as long as json.dumps"
                f" ({1000 * masked / count:.3f} ms a user)"
            )


if __name__ == "__main__":
    main()
