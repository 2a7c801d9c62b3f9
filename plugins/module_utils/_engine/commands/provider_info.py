# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service provider can do: what its answers showed, its profile says, it announces, or is assumed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from ..files import read_file, write_file
from ..scim.client.client import Client
from ..scim.client.deviations import schema_deviations
from ..scim.client.discovery import Discovery, discover
from ..scim.client.probes import Seen, probe
from ..scim.names import snake
from ..scim.providers.capabilities import Capabilities
from ..scim.providers.profile import Profile, Sureness
from ..scim.providers.profiles import AUTO, profile_for
from ..scim.schema.resource import Body
from ..scim.schema.types import Attribute, ResourceType, Schema
from .task import Result, Task

SEEN, GIVEN, PROFILE, ANNOUNCED, ASSUMED, UNKNOWN = "seen", "given", "profile", "announced", "assumed", "unknown"
LIMITS = ("page_size", "bulk_operations", "bulk_payload", "members_per_request", "rate", "burst", "concurrency")
ASKED_FOR = ("bulk", "bulk_operations", "bulk_payload")  # the client itself reads them in ServiceProviderConfig, when it needs them
VERBS = ("patch", "filter", "bulk", "etag")


@dataclass(frozen=True, slots=True)
class Known:
    """The value of one capability, and how it is known; what the profile says has its sureness."""

    value: Any
    source: str
    sureness: Sureness | None = None

    def shown(self) -> Body:
        told = {"value": shown(self.value), "known": self.source}
        return {**told, "sureness": str(self.sureness)} if self.sureness else told


SchemaOf = Callable[[Mapping[str, ResourceType], str], str]


def provider(task: Task, schema_of: SchemaOf) -> Result:
    """The work of ``identity.scim.provider_info``. ``schema_of`` makes the JSON Schema of files for resource types."""
    client = task.client
    before = client.capabilities
    profile = profile_for(task.parameters["provider"], client.url)
    found, seen = discover(client), probe(client)
    told = announced(found)
    known = capabilities(profile, task.parameters.get("provider_options") or {}, before, told, seen.capabilities)
    dest = task.parameters["schema_dest"]
    return {
        "changed": bool(dest) and _written(dest, schema_of(tenant_types(client.types, found), client.url), task.check),
        "profile": {
            "name": profile.name,
            "title": profile.title,
            "reason": _picked(profile, task.parameters["provider"], client),
            "sources": list(profile.sources),
            "notes": list(profile.notes),
        },
        "capabilities": {name: one.shown() for name, one in known.items()},
        "provider_options": options(known),
        "limits": {**{name: known[name].value for name in LIMITS}, "max_results": _number(found.announced("filter", "maxResults"))},
        "service_provider_config": found.configuration,
        "resource_types": found.resource_types,
        "schemas": [_schema(schema) for schema in found.schemas],
        "deviations": list(
            dict.fromkeys([*found.deviations, *schema_deviations(found, client.types), *_contradictions(told, known, seen)])
        ),
        "requests": client.requests,
    }


def tenant_types(types: Mapping[str, ResourceType], found: Discovery) -> dict[str, ResourceType]:
    """The types with the extensions that only this provider has: by its /ResourceTypes (RFC 7643 section 6), of its /Schemas."""
    schemas = {schema.urn.lower(): schema for schema in found.schemas}
    return {name: resource_type.extended(_foreign(resource_type, schemas, found.resource_types)) for name, resource_type in types.items()}


def _foreign(resource_type: ResourceType, schemas: Mapping[str, Schema], resource_types: Sequence[Body]) -> Iterator[Schema]:
    known = {extension.urn.lower() for extension in resource_type.extensions}
    for one in resource_types:
        listed = one.get("schemaExtensions") if resource_type.endpoint == f"/{str(one.get('endpoint')).strip('/')}" else None
        extensions = listed if isinstance(listed, list) else ()
        urns = [str(extension.get("schema")).lower() for extension in extensions if isinstance(extension, Mapping)]
        yield from (schemas[urn] for urn in urns if urn in schemas and urn not in known)


def _written(path: str, text: str, check: bool) -> bool:
    """Whether a file has to be written, which it is then.

    :raises Invalid: where it cannot be.
    """
    if read_file(path) == text:
        return False
    if not check:
        write_file(path, text, "schema_dest")
    return True


def _picked(profile: Profile, provider: str, client: Client) -> str:
    if provider != AUTO:
        return f"The option provider says {provider}."
    if profile.hosts:
        return f"The base URL {client.url} is one of {', '.join(profile.hosts)}."
    return f"No profile knows the host of {client.url}, so it is taken for one that keeps to the RFCs."


# -- what is known -----------------------------------------------------------------------------------------------------------------------


def announced(found: Discovery) -> dict[str, Any]:
    """What ServiceProviderConfig says, as capabilities (RFC 7643 §5 and RFC 9865 §4)."""
    said: dict[str, Any] = {verb: found.supports(verb) for verb in VERBS}
    said["bulk_operations"] = _number(found.announced("bulk", "maxOperations"))
    said["bulk_payload"] = _number(found.announced("bulk", "maxPayloadSize"))
    said["page_size"] = _number(found.announced("pagination", "maxPageSize")) or _number(found.announced("filter", "maxResults"))
    ways = {way: found.announced("pagination", way) is True for way in ("cursor", "index")}
    said["pagination"] = "cursor" if ways["cursor"] and not ways["index"] else "index" if ways["index"] else None
    return {name: value for name, value in said.items() if value is not None}


def _number(value: Any) -> int | None:
    try:
        return int(value) if not isinstance(value, bool) and int(value) > 0 else None
    except (TypeError, ValueError, OverflowError):
        return None


def capabilities(
    profile: Profile, given: Mapping[str, Any], start: Capabilities, told: Mapping[str, Any], seen: Mapping[str, Any]
) -> dict[str, Known]:
    """Each capability: what was seen wins over what was given, that over the profile, and that over what is only announced."""
    found = {}
    statements = profile.statements
    for field in fields(Capabilities):
        name, value = field.name, getattr(start, field.name)
        if name in seen:
            found[name] = Known(seen[name], SEEN)
        elif name in given:
            found[name] = Known(value, GIVEN)
        elif name in statements:
            found[name] = Known(value, PROFILE, statements[name][1])
        elif name in told:
            found[name] = Known(min(value, told[name]) if name == "page_size" else told[name], ANNOUNCED)
        else:
            found[name] = Known(value, UNKNOWN if value is None else ASSUMED)
    return found


def options(known: Mapping[str, Known]) -> Body:
    """What is to be pasted as ``provider_options``: all that is known and is not as the profile ``rfc`` has it.

    That something works is no difference: it is tried anyway.
    """
    rfc = Capabilities()
    return {
        name: shown(one.value)
        for name, one in known.items()
        if one.source not in (ASSUMED, UNKNOWN) and name not in ASKED_FOR and one.value != getattr(rfc, name)
        if one.value is not True or getattr(rfc, name) is not None
    }


def shown(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, Mapping):
        return {name: shown(inner) for name, inner in value.items()}
    if isinstance(value, str):
        return str(value)  # a word of an enumeration is one for Python only
    return list(value) if isinstance(value, tuple) else value


# -- what deviates -----------------------------------------------------------------------------------------------------------------------


def _contradictions(told: Mapping[str, Any], known: Mapping[str, Known], seen: Seen) -> Iterator[str]:
    """What is announced as missing, or differs from what is known better; then what was seen."""
    words = {"patch": "PATCH", "filter": "filters", "etag": "versions (ETag)"}
    for name, word in words.items():
        if told.get(name) is False:
            yield f"ServiceProviderConfig announces no {word}."
    for name, value in told.items():
        better = known[name]
        if (
            better.source not in (ANNOUNCED, ASSUMED, UNKNOWN)
            and better.value is not None
            and better.value != value
            and name != "page_size"
        ):
            how = {SEEN: "its answers show", GIVEN: "provider_options say", PROFILE: "the profile says"}[better.source]
            yield f"ServiceProviderConfig announces {name}: {_word(value)}, and {how} {_word(better.value)}."
    yield from seen.deviations


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


# -- schemas -----------------------------------------------------------------------------------------------------------------------------


def _schema(schema: Schema) -> Body:
    return {
        "urn": schema.urn,
        "name": schema.name,
        "description": schema.description,
        "attributes": {attribute.name: _attribute(attribute) for attribute in schema.attributes},
    }


def _attribute(attribute: Attribute) -> Body:
    """The characteristics of RFC 7643 §7, named as options are."""
    names = ("type", "multi_valued", "required", "case_exact", "mutability", "returned", "uniqueness", "canonical_values")
    found: Body = {snake(name): shown(getattr(attribute, name)) for name in names}
    found = {name: str(value) if isinstance(value, str) else value for name, value in found.items()}
    if attribute.sub_attributes:
        found["sub_attributes"] = {sub.name: _attribute(sub) for sub in attribute.sub_attributes}
    return found
