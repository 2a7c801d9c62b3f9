# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The comments of one pull request, behind the interfaces of GitHub, GitLab and Azure DevOps, with their pages, limits and authors."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .serving import Answer, Request, Server

MOST_CHARACTERS = {"github": 65_536, "gitlab": 1_000_000, "azure": 150_000}
PAGE = 100


def guid(user: int) -> str:
    """The id of a user at Azure DevOps."""
    return str(uuid.UUID(int=user))


OWN, OTHER = 41898282, 7  # ids of users
PATHS = {
    "github": r"/github/repos/o/r/issues/(?:7/comments|comments/(?P<id>\d+))",
    "gitlab": r"/gitlab/projects/5/merge_requests/7/notes(?:/(?P<id>\d+))?",
    "azure": r"/azure/p/_apis/git/repositories/9/pullRequests/7/threads(?:/(?P<id>\d+)/comments/1)?",
}
IDENTITIES = {
    "/github/user": {"id": OWN},  # of a personal token
    "/gitlab/user": {"id": OWN},
    "/azure/_apis/connectionData": {"authenticatedUser": {"id": guid(OWN)}, "authorizedUser": {"id": guid(OWN)}},
}
ODD_THREADS: list[dict[str, Any]] = [  # of deleted comments, of deleted users, and of the service itself
    {"id": 1, "comments": [{"id": 1, "isDeleted": True, "author": {"id": guid(OWN)}}]},
    {"id": 2, "comments": [{"id": 1, "content": "comment"}]},
    {"id": 3, "comments": []},
    {"id": 4},
]
EDITING = {"github": "PATCH", "gitlab": "PUT", "azure": "PATCH"}


@dataclass
class Comment:
    """One comment; ``edits`` counts how often it was changed."""

    id: int
    text: str
    author: int
    by_bot: bool = False
    edits: int = 0


class PullRequest(Server):
    """Only ``token`` may read and write; it is that of a workflow, or a ``personal`` one. ``requests`` has each request as method and path.

    ``failures`` are the statuses of the next answers to requests that begin with a text, such as ``PATCH``.
    """

    def __init__(self, token: str, personal: bool = False) -> None:
        self.token = token
        self.personal = personal
        self.comments: list[Comment] = []
        self.requests: list[str] = []
        self.failures: dict[str, list[int]] = {}
        super().__init__(self._answer)

    def own(self) -> list[Comment]:
        return [comment for comment in self.comments if comment.author == OWN]

    def add(self, text: str, author: int = OTHER, by_bot: bool = False) -> Comment:
        comment = Comment(1000 + len(self.comments), text, author, by_bot)
        self.comments.append(comment)
        return comment

    @property
    def environment(self) -> dict[str, dict[str, str]]:
        """What a job of each service has in its environment, without the token."""
        return {
            "github": {"GITHUB_API_URL": f"{self.origin}/github", "GITHUB_REPOSITORY": "o/r", "GITHUB_REF": "refs/pull/7/merge"},
            "gitlab": {"CI_API_V4_URL": f"{self.origin}/gitlab", "CI_PROJECT_ID": "5", "CI_MERGE_REQUEST_IID": "7"},
            "azure": {
                "SYSTEM_COLLECTIONURI": f"{self.origin}/azure/",
                "SYSTEM_TEAMPROJECTID": "p",
                "BUILD_REPOSITORY_ID": "9",
                "BUILD_REPOSITORY_PROVIDER": "TfsGit",
                "SYSTEM_PULLREQUEST_PULLREQUESTID": "7",
            },
        }

    def _answer(self, request: Request) -> Answer:
        self.requests.append(f"{request.method} {request.path}")
        service = request.path.split("/")[1]
        given = (
            request.headers.get("PRIVATE-TOKEN")
            if service == "gitlab"
            else request.headers.get("Authorization", "").removeprefix("Bearer ")
        )
        if given != self.token:
            return Answer.of_json(401, {"message": "Bad credentials"})
        for begin, statuses in self.failures.items():
            if self.requests[-1].startswith(begin) and statuses:
                return Answer.of_json(statuses.pop(0), {"message": "Failed"})
        if request.path == "/github/user" and not self.personal:
            return Answer.of_json(403, {"message": "Resource not accessible by integration"})
        if request.path in IDENTITIES:
            return Answer.of_json(200, IDENTITIES[request.path])
        place = re.fullmatch(PATHS[service], request.path)
        if place is None:
            return Answer.of_json(404, {"message": "Not Found"})
        if request.method == "GET":
            return self._listed(service, request)
        return self._written(service, request.method, place["id"], json.loads(request.body))

    def _listed(self, service: str, request: Request) -> Answer:
        shown = [FORMS[service](comment) for comment in self.comments]
        if service == "azure":
            return Answer.of_json(200, {"value": [*ODD_THREADS, *shown], "count": len(ODD_THREADS) + len(shown)})
        page, size = int(request.query.get("page", 1)), min(int(request.query.get("per_page", 30)), PAGE)
        return Answer.of_json(200, shown[(page - 1) * size : page * size])

    def _written(self, service: str, method: str, number: str | None, body: Any) -> Answer:
        text = body["body"] if service != "azure" else body["content"] if number else body["comments"][0]["content"]
        if len(text) > MOST_CHARACTERS[service]:
            return Answer.of_json(422, {"message": f"body is too long (maximum is {MOST_CHARACTERS[service]} characters)"})
        if number is None:
            return Answer.of_json(201 if service != "azure" else 200, FORMS[service](self.add(text, OWN, by_bot=not self.personal)))
        comment = next(comment for comment in self.comments if comment.id == int(number))
        if method != EDITING[service] or (service == "azure" and comment.author != OWN):
            return Answer.of_json(403, {"message": "Forbidden"})
        comment.text, comment.edits = text, comment.edits + 1
        return Answer.of_json(200, FORMS[service](comment))


FORMS: dict[str, Callable[[Comment], dict[str, Any]]] = {
    "github": lambda comment: {
        "id": comment.id,
        "body": comment.text,
        "user": {"id": comment.author, "type": "Bot" if comment.by_bot else "User"},
    },
    "gitlab": lambda comment: {"id": comment.id, "body": comment.text, "author": {"id": comment.author}},
    "azure": lambda comment: {
        "id": comment.id,
        "comments": [{"id": 1, "content": comment.text, "author": {"id": guid(comment.author)}}],
    },
}
