# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a script with the library scim2-client does: it looks each user up, and creates those that do not exist.

python scim2_one_by_one.py URL TOKEN people.json
"""

from __future__ import annotations

import json
import sys

import httpx2
from scim2_client.engines.httpx2 import SyncSCIMClient


def main() -> None:
    url, token, source = sys.argv[1:]
    with open(source, encoding="utf-8") as file:
        people = json.load(file)["users"]
    client = SyncSCIMClient(httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}))
    client.discover()
    user = client.get_resource_model("User")
    for person in people:
        found = client.query(user, query_parameters={"filter": f'userName eq "{person["userName"]}"'})
        if not found.total_results:
            client.create(user(schemas=["urn:ietf:params:scim:schemas:core:2.0:User"], **person))


if __name__ == "__main__":
    main()
