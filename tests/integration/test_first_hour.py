# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first playbook on an empty tenant, and base URLs that are none."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from servers.directories import users_of
from servers.faults import Rule, When, reply
from servers.playbooks import Run
from servers.tables import Row, Table, of

README = Path(__file__).parents[2] / "README.md"
KIM = {"user_name": "kim@example.com", "retries": 0}
PAGE = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in</body></html>"


def test_the_first_playbook_works_on_an_empty_tenant(run: Run, rfc: Any) -> None:
    first = re.search(r"## Start with ten lines\n```yaml\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert first
    done = run(first[1], env={"SCIM_URL": rfc.url, "SCIM_TOKEN": rfc.token})
    assert done.result()["action"] == "created"
    assert list(users_of(rfc.direct)) == ["bjensen@example.com"]


def test_a_url_that_is_not_the_base_url(run: Run, rfc: Any) -> None:
    rfc.proxy.rules += [
        Rule("a page for people", When(where=of("a web page")), reply(200, PAGE)),
        Rule("no such path", When(where=of("no path")), reply(404, PAGE)),
        Rule("nothing is allowed", When("POST", where=of("not allowed")), reply(405, "no")),
        Rule("nothing is found", When("GET", where=of("not allowed")), reply(404, "no")),
    ]
    form = "No request was answered with SCIM: url may not be the base URL .*Many have the form https://example.com/scim/v2"
    Table(run, rfc)({
        "an endpoint": Row({**KIM, "url": f"{rfc.url}/Users"}, requests=0, error='is an endpoint, not the base URL. Remove "/Users"'),
        "a resource": Row({**KIM, "url": f"{rfc.url}/Groups/7"}, requests=0, error='Remove "/Groups/7"'),
        "no path of Matillion": Row({**KIM, "url": "https://eu1.api.matillion.com"}, requests=0,
                                    error="form https://eu1.api.matillion.com/dpc/v1/directory-integration/scim/v2"),
        "a web page": Row(KIM, error=f'a web page, "Sign in".*{form}'),
        "no path": Row(KIM, error=form),
        "not allowed": Row(KIM, error=f"405.*{form}"),
    })  # fmt: skip
    assert users_of(rfc.direct) == {}
