# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody would write by hand: threads over kept-alive connections, and no questions asked.

    python raw_client.py create|list URL TOKEN people.json

Prints how many requests it sent.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor

import requests

THREADS = 8
USER = "urn:ietf:params:scim:schemas:core:2.0:User"


def main() -> None:
    what, url, token, source = sys.argv[1:]
    session = requests.Session()
    session.headers.update({"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"})
    session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=THREADS))
    print(create(session, url, source) if what == "create" else listing(session, url))


def create(session: requests.Session, url: str, source: str) -> int:
    with open(source, encoding="utf-8") as file:
        people = json.load(file)["users"]
    with ThreadPoolExecutor(THREADS) as pool:
        for answer in pool.map(lambda person: session.post(f"{url}/Users", json={"schemas": [USER], **person}), people):
            answer.raise_for_status()
    return len(people)


def listing(session: requests.Session, url: str) -> int:
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
