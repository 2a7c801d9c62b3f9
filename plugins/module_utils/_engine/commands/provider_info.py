# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service provider can do: what its responses show, what its profile states, what it announces, and what is assumed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from ..files import read_file, write_file
from ..scim.client.client import Client
from ..scim.client.deviations import schema_deviations
from ..scim.client.discovery import Discovery, discover
from ..scim.client.probes import Findings, probe
from ..scim.providers.capabilities import Capabilities
from ..scim.providers.profile import Profile, Sureness
from ..scim.providers.profiles import AUTO, profile_for
from ..scim.schema.resource import Body
from ..scim.schema.types import Attribute, ResourceType, Schema
from .task import Result, Task

SEEN, GIVEN, PROFILE, ANNOUNCED, ASSUMED, UNKNOWN = "seen", "given", "profile", "announced", "assumed", "unknown"
LIMITS = ("page_size", "bulk_operations", "bulk_payload", "members_per_request", "rate", "burst", "concurrency")
READ_WHEN_NEEDED = ("bulk", "bulk_operations", "bulk_payload")  # the client reads them from ServiceProviderConfig itself
CHARACTERISTICS = ("type", "multi_valued", "required", "case_exact", "mutability", "returned", "uniqueness", "canonical_values")

SchemaOf = Callable[[Mapping[str, ResourceType], str], str]


@dataclass(frozen=True, slots=True)
class Capability:
    """The value of one capability and its source; a statement of the profile also has its sureness."""

    value: Any
    source: str
    sureness: Sureness | None = None

    def result(self) -> Body:
        sureness = {"sureness": str(self.sureness)} if self.sureness else {}
        return {"value": as_json(self.value), "known": self.source, **sureness}


def provider(task: Task, schema_of: SchemaOf) -> Result:
    """The work of ``identity.scim.provider_info``. ``schema_of`` returns the JSON Schema of files for resource types."""
    client, parameters = task.client, task.parameters
    known_before = client.capabilities
    profile = profile_for(parameters["provider"], client.url)
    discovery, findings = discover(client), probe(client)
    found = capabilities(profile, parameters.get("provider_options") or {}, known_before, discovery, findings)
    deviations = [
        *discovery.deviations,
        *schema_deviations(discovery, client.types),
        *contradictions(discovery, found),
        *findings.deviations,
    ]
    dest = parameters["schema_dest"]
    return {
        "changed": bool(dest) and _write(dest, schema_of(tenant_types(client.types, discovery), client.url), task.check),
        "profile": {
            "name": profile.name,
            "title": profile.title,
            "reason": _reason(profile, parameters["provider"], client),
            "sources": list(profile.sources),
            "notes": list(profile.notes),
        },
        "capabilities": {name: capability.result() for name, capability in found.items()},
        "provider_options": options(found),
        "limits": {**{name: found[name].value for name in LIMITS}, "max_results": discovery.announced.max_results},
        "service_provider_config": discovery.configuration,
        "resource_types": discovery.resource_types,
        "schemas": [_schema(schema) for schema in discovery.schemas],
        "deviations": list(dict.fromkeys(deviations)),
        "requests": client.requests,
    }


def tenant_types(types: Mapping[str, ResourceType], discovery: Discovery) -> dict[str, ResourceType]:
    """The types with the extensions that /ResourceTypes lists for them (RFC 7643 section 6) and /Schemas describes."""
    schemas = {schema.urn.lower(): schema for schema in discovery.schemas}
    return {
        name: resource_type.extended(_extensions(resource_type, schemas, discovery.resource_types)) for name, resource_type in types.items()
    }


def _extensions(resource_type: ResourceType, schemas: Mapping[str, Schema], live_types: Sequence[Body]) -> Iterator[Schema]:
    known = {extension.urn.lower() for extension in resource_type.extensions}
    for live_type in live_types:
        extensions = live_type.get("schemaExtensions")
        if resource_type.endpoint == f"/{str(live_type.get('endpoint')).strip('/')}" and isinstance(extensions, list):
            urns = [str(extension.get("schema")).lower() for extension in extensions if isinstance(extension, Mapping)]
            yield from (schemas[urn] for urn in urns if urn in schemas and urn not in known)


def _write(path: str, text: str, check: bool) -> bool:
    """Write a file if its content differs; whether it does.

    :raises Invalid: if it cannot be written.
    """
    if read_file(path) == text:
        return False
    if not check:
        write_file(path, text, "schema_dest")
    return True


def _reason(profile: Profile, name: str, client: Client) -> str:
    if name != AUTO:
        return f'The option provider is "{name}".'
    if profile.hosts:
        return f"The base URL {client.url} matches {', '.join(profile.hosts)}."
    return f"No profile matches the base URL {client.url}, so the provider is expected to follow the RFCs."


# -- capabilities ------------------------------------------------------------------------------------------------------------------------


def capabilities(
    profile: Profile, given: Mapping[str, Any], known_before: Capabilities, discovery: Discovery, findings: Findings
) -> dict[str, Capability]:
    """Each capability from its most certain source: responses, then ``provider_options``, the profile, ServiceProviderConfig."""
    announced, statements = discovery.announced.capabilities, profile.statements
    found = {}
    for field in fields(Capabilities):
        name, value = field.name, getattr(known_before, field.name)
        if name in findings.capabilities:
            found[name] = Capability(findings.capabilities[name], SEEN)
        elif name in given:
            found[name] = Capability(value, GIVEN)
        elif name in statements:
            found[name] = Capability(value, PROFILE, statements[name][1])
        elif name in announced:
            found[name] = Capability(min(value, announced[name]) if name == "page_size" else announced[name], ANNOUNCED)
        else:
            found[name] = Capability(value, UNKNOWN if value is None else ASSUMED)
    return found


def options(found: Mapping[str, Capability]) -> Body:
    """The ``provider_options`` to set: whatever is known and differs from the profile ``rfc``.

    A feature that works is not a difference: the client tries it anyway.
    """
    rfc = Capabilities()
    return {
        name: as_json(capability.value)
        for name, capability in found.items()
        if capability.source not in (ASSUMED, UNKNOWN) and name not in READ_WHEN_NEEDED and capability.value != getattr(rfc, name)
        if capability.value is not True or getattr(rfc, name) is not None
    }


def contradictions(discovery: Discovery, found: Mapping[str, Capability]) -> Iterator[str]:
    """What is announced as missing, and what differs from a more certain source."""
    announced = discovery.announced.capabilities
    for name, feature in (("patch", "PATCH"), ("filter", "filters"), ("etag", "versions (ETag)")):
        if announced.get(name) is False:
            yield f"ServiceProviderConfig announces no support for {feature}."
    sources = {SEEN: "its responses show", GIVEN: "provider_options sets", PROFILE: "the profile states"}
    for name, value in announced.items():
        known = found[name]
        if known.source in sources and known.value not in (None, value) and name != "page_size":
            yield f"ServiceProviderConfig announces {name}: {_text(value)}, but {sources[known.source]} {_text(known.value)}."


def as_json(value: Any) -> Any:
    """A value as JSON has it: Ansible takes neither tuples nor members of enumerations."""
    if isinstance(value, Mapping):
        return {name: as_json(inner) for name, inner in value.items()}
    if isinstance(value, str):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str) else json.dumps(value)


# -- schemas -----------------------------------------------------------------------------------------------------------------------------


def _schema(schema: Schema) -> Body:
    return {
        "urn": schema.urn,
        "name": schema.name,
        "description": schema.description,
        "attributes": {attribute.name: _attribute(attribute) for attribute in schema.attributes},
    }


def _attribute(attribute: Attribute) -> Body:
    """The characteristics of RFC 7643 §7, with names in the style of Ansible's options."""
    result = {name: as_json(getattr(attribute, name)) for name in CHARACTERISTICS}
    if attribute.sub_attributes:
        result["sub_attributes"] = {sub.name: _attribute(sub) for sub in attribute.sub_attributes}
    return result
