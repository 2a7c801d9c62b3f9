# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory sync of Ory Polis (BoxyHQ SAML Jackson), with its memory store (see server.mjs)."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from interop.packages import Npm
from interop.server import Known, Limit, ScimStore, Server, bearer

WRITE_ONLY = Limit("shows no members, so only declared removals are sent", "members that are not declared stay in")


class Store(ScimStore):
    """SCIM never shows the members of a group: Polis itself is asked."""

    def groups(self) -> list[tuple[str, list[str]]]:
        names = {account.id: account.user_name for account in self.accounts()}
        members = {group["displayName"]: self.direct.get(f"/Store/{group['id']}")["members"] for group in self.all("/Groups")}
        return [(name, sorted(names[member["value"]] for member in listed)) for name, listed in members.items()]


SERVER = Server(
    name="polis",
    title="Ory Polis (directory sync)",
    packages=Npm(Path(__file__).parent, "@boxyhq/saml-jackson"),
    command=("node", "{installed}/server.mjs", "{port}", "{secret}"),
    base="/api/scim/v2.0/interop",
    ready="/api/scim/v2.0/interop/Users",
    enter=partial(bearer, store=Store),
    limits={
        **dict.fromkeys(("change", "member_removed", "member_surplus", "group_module"), WRITE_ONLY),
        "member_restored": Limit("shows no members, so what is sent does not count as a change", "do not count as changes"),
    },
    known={
        "offboard": Known(
            "Members are never shown, and a filter finds none: nothing says that the user is a member. Offboard with state: absent there.",
            "^access is left in the store: active False",
        ),
        "drift": Known(
            "Members are never shown, so a plan that writes nothing cannot know of those that are stored.",
            "^drift ended with the exit code 2, without a difference",
        ),
    },
)
