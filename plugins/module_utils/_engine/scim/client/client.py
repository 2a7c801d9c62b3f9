# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The writing half of a client, one method an operation of RFC 7644 §3; ``Reader`` is the reading half."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

from ...escaping import quoted
from ...wording import sentence
from ..errors import WRONG_VALUE, AnswerLost, NotFound, Refused, Unsupported
from ..http.transport import Answer, Transport
from ..providers.capabilities import Capabilities
from ..schema.filter import equals
from ..schema.identity import is_respelled, is_same_name
from ..schema.patch import Operation, patch_body
from ..schema.resource import Body, Resource, renamed
from ..schema.types import ResourceType
from .configuration import folded
from .lookup import Lookup
from .reader import NOT_THERE, Reader, location

BULK_REQUEST = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
OF_THE_BODY = frozenset({"invalidpath", "notarget", "mutability", "uniqueness", "invalidvalue"})  # RFC 7644 §3.12: it is no parameter
PRECONDITION = (412, 428)  # RFC 9110 §15.5.13, RFC 6585 §3
# A provider may answer a PATCH with nothing, unless a choice of attributes is requested (RFC 7644 §3.5.2). Some providers apply the choice
# to what they store, and lose the rest. This one leaves out what the provider makes itself, so that nothing can be lost.
WITH_THE_RESOURCE = {"excludedAttributes": "meta.location"}


def _identifiers(body: Body) -> Iterator[str]:
    """What a provider may call a new user besides its userName: an e-mail address or the external id."""
    yield from (str(email["value"]) for email in body.get("emails") or () if email.get("value"))
    yield from filter(None, [body.get("externalId")])


class Client(Reader):
    """Thread-safe. ``capabilities`` grows with what is learned; ``types`` are the resource types of this provider."""

    def __init__(self, transport: Transport, capabilities: Capabilities, types: Mapping[str, ResourceType]) -> None:
        super().__init__(transport, capabilities, types)
        self.put_only: set[tuple[str, str]] = set()  # attributes that are stored by a PUT, and refused in a PATCH, with their resource type
        self._lookups = {name: Lookup(self, name) for name in types}

    def lookup(self, resource_type: ResourceType) -> Lookup:
        """What finds resources of a type."""
        return self._lookups[resource_type.name]

    def create(self, resource_type: ResourceType, body: Body) -> Resource | None:
        """POST. None if the provider returns neither the new resource nor its location.

        :raises Conflict: if it exists already. :raises AnswerLost: if it may have been created.
        """
        try:
            answer = self.transport.send(
                "POST", resource_type.endpoint, body=self._named(self.complete(resource_type, body)), repeatable=False
            )
        except AnswerLost:
            self.lookup(resource_type).forget()  # a look-up now must not see the state before
            raise
        except NotFound as refused:
            message = f"{sentence(str(refused))} Check that url is the base URL."
            raise NotFound(message, refused.status, refused.scim_type, refused.detail) from None
        made = self._read(resource_type, answer)
        made_id = made.id or unquote(answer.headers.get("Location", "").rstrip("/").rpartition("/")[2])
        existed = made_id in self.seen[resource_type.name]
        if body.get("members"):
            self.populated.add(made_id)
        if made.id and self._is_whole(made):
            return self._not_another(made, body, existed, answer.status)
        there = None
        with suppress(Refused):  # where the provider lets no client read, the resource exists all the same
            there = self.get(resource_type, made_id) if made_id else None
        if there is None:
            self.lookup(resource_type).forget()
        if not made_id and answer.status != 201:  # RFC 7644 §3.3: only that says that it was made
            raise Refused(f"POST {resource_type.endpoint} was answered with {answer.status}, and without the resource.", answer.status)
        return self._not_another(there, body, existed, answer.status) if there else made if made.id else None

    def _not_another(self, made: Resource, body: Body, existed: bool, status: int) -> Resource:
        """Return the new resource. Its name may be spelt otherwise than it was sent. With 201, it may be another value that was sent and
        identifies the user.

        :raises Refused: if it is another one: some providers answer with the resource that has the same external id.
        """
        name = str(body.get(made.type.name_attribute) or made.name)
        is_identifier = status == 201 and any(is_same_name(made.name, known) for known in _identifiers(body))
        is_made_of_it = is_respelled(made.name, name) or is_identifier
        if not is_same_name(name, made.name) and (existed or not is_made_of_it):
            noun = made.type.noun
            raise Refused(
                f"POST {made.type.endpoint} was answered with {status} and another {noun}, {made.label}: {quoted(name)} was not "
                f"created. Check the values that must be unique, such as external_id. If it is the {noun} that is meant, declare its id.",
                0,
            )
        self.seen[made.type.name].add(made.id)
        return made

    def patch(self, resource: Resource, found: Sequence[Operation], answer: bool = True, repeatable: bool = True) -> Resource | None:
        """PATCH, asking for the whole resource in the answer if ``answer``. None if the answer has none.

        :raises Unsupported: if the provider has no PATCH, which is learned.
        """
        asking = WITH_THE_RESOURCE if answer and self.capabilities.answers_patch is not False else {}
        body = patch_body(found)
        try:
            answered = self._sent("PATCH", resource, body, asking, repeatable)
        except Unsupported as unsupported:
            one_form = any("[" in str(operation.get("path")) for operation in found)  # it may be this path alone that it does not know
            if unsupported.status == 405 or (self.capabilities.patch is None and not one_form):
                self.learn(patch=False)
            raise
        except Refused as refused:
            if (
                refused.status not in WRONG_VALUE
                or refused.scim_type.lower() in OF_THE_BODY
                or self.capabilities.answers_patch is not None
                or not asking
            ):
                raise
            answered = self._sent("PATCH", resource, body, {}, repeatable)
            self.learn(answers_patch=False)
        self.learn(patch=True)
        self._note_members(resource, found)
        after = self._read(resource.type, answered)
        if self._is_whole(after):
            return after
        self.learn(**{"answers_patch": False} if asking else {})
        return None

    def _note_members(self, group: Resource, found: Sequence[Operation]) -> None:
        """Note whether a group has members after these operations."""
        moved = [operation for operation in found if str(operation.get("path", "")).startswith("members")]
        counts = [len(operation.get("value", "1")) * (1 if operation["op"] == "add" else -1) for operation in moved]
        if counts and len(group.body.get("members") or ()) + sum(counts) > 0:
            self.populated.add(group.id)
        elif counts:
            self.populated.discard(group.id)

    def replace(self, resource: Resource, body: Body) -> Resource | None:
        """PUT of a whole resource, with If-Match where its version is known (RFC 7644 §3.14). None if the answer has no resource."""
        answer = self._sent("PUT", resource, self.complete(resource.type, {**body, "id": resource.id}))
        answered = self._read(resource.type, answer)
        return answered if self._is_whole(answered) else None

    def delete(self, resource: Resource) -> bool:
        """DELETE, and return whether a read has shown that the resource does not exist.

        One that is deleted already is as desired. Some providers answer 404 to the verb, too.
        """
        try:
            self._sent("DELETE", resource)
        except Refused as refused:
            if refused.status not in NOT_THERE or self.read_again(resource) is not None:
                raise
            return True
        return False

    def read_again(self, resource: Resource) -> Resource | None:
        """A resource that was read before; None if it does not exist any more. Where its id is refused then, its name is looked for."""
        try:
            return self.get(resource.type, resource.id)
        except Refused as refused:
            lookup = self.lookup(resource.type)
            lookup.forget()
            if refused.status not in WRONG_VALUE or not resource.name or not lookup.searchable:
                raise
            found = lookup.find(equals(resource.type.name_attribute, resource.name))
            if not lookup.searchable:
                raise
            return next((each for each in found if each.id == resource.id), None)

    def _sent(
        self, method: str, resource: Resource, body: Body | None = None, params: Mapping[str, str] | None = None, repeatable: bool = True
    ) -> Answer:
        """One write of a resource, with If-Match (RFC 7644 §3.14): a PUT, which must not undo another's, and where a 428 has asked for it.

        What is not a PUT is sent again with a new version: it holds nothing of the old one.
        """
        conditional = self.capabilities.etag is not False if method == "PUT" else bool(self.capabilities.etag)
        headers = {"If-Match": resource.version} if resource.version and conditional else {}
        request = {"params": params, "body": self._named(body), "repeatable": repeatable}
        try:
            return self.transport.send(method, location(resource.type, resource.id), headers=headers, **request)
        except Refused as refused:
            if refused.status not in PRECONDITION or method == "PUT":
                raise
        self.learn(etag=True)
        fresh = self.get(resource.type, resource.id)
        version = fresh.version if fresh and fresh.version else "*"
        return self.transport.send(method, location(resource.type, resource.id), headers={"If-Match": version}, **request)

    def bulk(self, operations: Sequence[Body], stop_at_error: bool) -> list[Body]:
        """POST /Bulk (RFC 7644 §3.7); the answers with their keys in lower case, as many as came.

        :raises AnswerLost: if all of it may have happened.
        """
        body: Body = {"schemas": [BULK_REQUEST], "Operations": [self._named(operation) for operation in operations]}
        if stop_at_error:
            body["failOnErrors"] = 1
        for lookup in self._lookups.values():
            lookup.forget()  # look-ups that follow must see the new state
        answers = folded(self.transport.send("POST", "/Bulk", body=body, repeatable=False).body).get("operations")
        return [folded(each) for each in answers if isinstance(each, Mapping)] if isinstance(answers, list) else []

    # -- bodies --------------------------------------------------------------------------------------------------------------------------

    def complete(self, resource_type: ResourceType, body: Body) -> Body:
        """A body as this provider takes it, with ``schemas`` and what it always wants; under SCIM's names until it is sent."""
        always = (self.capabilities.always_sent or {}).get(resource_type.name, {})
        complete = {"schemas": resource_type.schemas_of(body), **body}
        for name, value in always.items():
            own = complete.get(name)
            complete[name] = {**value, **own} if isinstance(own, Mapping) and isinstance(value, Mapping) else own or value
        return complete

    def _named(self, body: Body | None) -> Any:
        return renamed(body, self.capabilities.names or {})

    @staticmethod
    def _is_whole(answered: Resource) -> bool:
        """Whether an answer to a write is the resource, and not nothing or a part of it: its name is always there (RFC 7643 §4)."""
        return bool(answered.body.get(answered.type.name_attribute))
