# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""scim2-server with an empty store, which counts its requests: ``GET /count`` returns how many there were.

    python counting_server.py TOKEN      prints the base URL, and serves until it is killed

It answers below the paths of Databricks as well, for the Terraform provider.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from servers.rfc import RfcServer
from servers.serving import Answer, Request

OTHER_ROOTS = ("/api/2.0/preview/scim/v2", "/api/2.0/account/scim/v2")


def main() -> None:
    server = RfcServer(token=sys.argv[1])
    answered, numbers, last = server._listener.answer, count(1), [0]

    def answer(request: Request) -> Answer:
        if request.target == "/count":
            return Answer.of_text(200, str(last[0]))
        last[0] = next(numbers)
        for root in OTHER_ROOTS:
            if request.target.startswith(root):
                return answered(replace(request, target=server.root + request.target.removeprefix(root)))
        return answered(request)

    server._listener.answer = answer
    print(server.url, flush=True)
    time.sleep(86400)


if __name__ == "__main__":
    main()
