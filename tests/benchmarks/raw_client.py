# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody would write by hand: threads over kept-alive connections, and no questions asked.

    python raw_client.py create|bulk|list URL TOKEN people.json

Prints how many requests it sent.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import requests

THREADS = 8
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"


def main() -> None:
    what, url, token, source = sys.argv[1:]
    session = requests.Session()
    session.headers.update({"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"})
    session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=THREADS))
    print({"create": create, "bulk": in_bulk, "list": listing}[what](session, url, source))


def people_in(source: str) -> list[dict[str, Any]]:
    with open(source, encoding="utf-8") as file:
        return list(json.load(file)["users"])


def create(session: requests.Session, url: str, source: str) -> int:
    people = people_in(source)
    with ThreadPoolExecutor(THREADS) as pool:
        for answer in pool.map(lambda person: session.post(f"{url}/Users", json={"schemas": [USER], **person}), people):
            answer.raise_for_status()
    return len(people)


def in_bulk(session: requests.Session, url: str, source: str) -> int:
    """RFC 7644 §3.7, in one request."""
    operations = [
        {"method": "POST", "path": "/Users", "bulkId": str(number), "data": {"schemas": [USER], **person}}
        for number, person in enumerate(people_in(source))
    ]
    answer = session.post(f"{url}/Bulk", json={"schemas": [BULK], "Operations": operations})
    answer.raise_for_status()
    assert all(operation["status"] == "201" for operation in answer.json()["Operations"])
    return 1


def listing(session: requests.Session, url: str, _source: str) -> int:
    start, asked, total = 1, 0, 1
    attributes = "userName,name,emails,title,active"
    while start <= total:
        answer = session.get(f"{url}/Users", params={"startIndex": start, "count": 1000, "attributes": attributes})
        answer.raise_for_status()
        page = answer.json()
        total = page["totalResults"]
        start += len(page["Resources"])
        asked += 1
    return asked


if __name__ == "__main__":
    main()
