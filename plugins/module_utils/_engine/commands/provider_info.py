# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service provider can do: what its responses show, what its profile states, what it announces, and what is assumed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..declaration.profile_file import SUFFIXES, chosen_profile
from ..declaration.writer import as_file
from ..files import check_writable, read_file, write_file
from ..scim.client.client import Client
from ..scim.client.deviations import schema_deviations
from ..scim.client.discovery import Discovery, discover
from ..scim.client.probes import Findings, probe
from ..scim.errors import Invalid
from ..scim.providers.capabilities import Capabilities
from ..scim.providers.catalog import RFC
from ..scim.providers.profile import Profile, Sureness, as_record
from ..scim.providers.profiles import AUTO
from ..scim.schema.resource import Body
from ..scim.schema.types import Attribute, ResourceType, Schema
from .task import Result, Task

SEEN, GIVEN, PROFILE, ANNOUNCED, ASSUMED, UNKNOWN = "seen", "given", "profile", "announced", "assumed", "unknown"
LIMITS = ("page_size", "bulk_operations", "bulk_payload", "members_per_request", "rate", "burst", "concurrency")
READ_WHEN_NEEDED = ("bulk", "bulk_operations", "bulk_payload")  # the client reads them from ServiceProviderConfig itself
CHARACTERISTICS = ("type", "multi_valued", "required", "case_exact", "mutability", "returned", "uniqueness", "canonical_values")

VERIFIED, DOCUMENTED = Sureness.VERIFIED, Sureness.DOCUMENTED

SchemaOf = Callable[[Mapping[str, ResourceType], str], str]


def provider(task: Task, schema_of: SchemaOf) -> Result:
    """The work of ``identity.scim.provider_info``. ``schema_of`` returns the JSON Schema of files for resource types."""
    client, parameters = task.client, task.parameters
    dest, schema_dest = parameters["dest"], parameters["schema_dest"]
    if dest and not dest.lower().endswith(SUFFIXES):  # what the option provider takes for a path
        raise Invalid(f'dest: "{dest}" must end with {", ".join(SUFFIXES[:-1])} or {SUFFIXES[-1]}.')
    for path, option in ((dest, "dest"), (schema_dest, "schema_dest")):
        if path and not task.check:
            check_writable(path, option)
    known_before = client.capabilities
    profile = chosen_profile(parameters["provider"], client.url)
    discovery, findings = discover(client), probe(client)
    found = capabilities(profile, parameters.get("provider_options") or {}, known_before, discovery, findings)
    deviations = [
        *discovery.deviations,
        *schema_deviations(discovery, client.types),
        *contradictions(discovery, found),
        *findings.deviations,
    ]
    texts = []
    if dest:
        texts.append((dest, profile_text(dest, profile, found, client.url), "dest"))
    if schema_dest:
        texts.append((schema_dest, schema_of(tenant_types(client.types, discovery), client.url), "schema_dest"))
    changed = [each for each in texts if read_file(each[0]) != each[1]]
    for path, text, option in changed if not task.check else ():
        write_file(path, text, option)
    result: Result = {
        "changed": bool(changed),
        "profile": {
            "name": profile.name,
            "title": profile.title,
            "reason": _reason(profile, parameters["provider"], client),
            "evidence": profile.evidence,
            "tested": profile.tested and asdict(profile.tested),
            "sources": profile.sources,
            "notes": profile.notes,
        },
        "capabilities": found,
        "provider_options": options(found),
        "limits": {**{name: found[name]["value"] for name in LIMITS}, "max_results": discovery.announced.max_results},
        "service_provider_config": discovery.configuration,
        "resource_types": discovery.resource_types,
        "schemas": [_schema(schema) for schema in discovery.schemas],
        "deviations": list(dict.fromkeys(deviations)),
        "requests": client.requests,
    }
    return json.loads(json.dumps(result))  # type: ignore[no-any-return]  # Ansible takes neither tuples nor members of enumerations


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


def _reason(profile: Profile, name: str, client: Client) -> str:
    if name != AUTO:
        return f'The option provider is "{name}".'
    if profile.hosts:
        return f"The base URL {client.url} matches {', '.join(profile.hosts)}."
    return f"No profile matches the base URL {client.url}, so the provider is expected to follow the RFCs."


# -- capabilities ------------------------------------------------------------------------------------------------------------------------


def capabilities(profile: Profile, given: Body, known_before: Capabilities, discovery: Discovery, findings: Findings) -> dict[str, Body]:
    """The value of each capability and its most certain source; a statement of the profile also has its sureness.

    ``known_before`` is what is known before this module's own probes. What is not stated or ``given`` of it, earlier tasks have seen.
    """
    before = {field.name: getattr(known_before, field.name) for field in fields(Capabilities)}
    begun = profile.capabilities(given)
    learned = [name for name, value in before.items() if value not in (getattr(begun, name), discovery.announced.capabilities.get(name))]
    announced = dict(discovery.announced.capabilities)
    if "page_size" in announced and before["page_size"]:
        announced["page_size"] = min(announced["page_size"], before["page_size"])
    return {  # from the least certain source to the most certain one
        **{name: {"value": value, "known": UNKNOWN if value is None else ASSUMED} for name, value in before.items()},
        **{name: {"value": value, "known": ANNOUNCED} for name, value in announced.items()},
        **{
            name: {"value": before[name], "known": PROFILE, "sureness": sureness} for name, (_value, sureness) in profile.statements.items()
        },
        **{name: {"value": before[name], "known": GIVEN} for name in given},
        **{name: {"value": before[name], "known": SEEN} for name in learned},
        **{name: {"value": value, "known": SEEN} for name, value in findings.capabilities.items()},
    }


def options(found: Mapping[str, Body]) -> Body:
    """The ``provider_options`` to set: whatever is known and differs from the profile ``rfc``."""
    return {name: capability["value"] for name, capability in found.items() if name not in READ_WHEN_NEEDED and _differs(name, capability)}


def _differs(name: str, capability: Body) -> bool:
    """Whether a capability is known and differs from the profile ``rfc``. A feature that works does not: the client tries it anyway."""
    value, default = capability["value"], getattr(Capabilities(), name)
    return capability["known"] not in (ASSUMED, UNKNOWN) and value != default and (value is not True or default is not None)


def profile_text(dest: str, profile: Profile, found: Mapping[str, Body], url: str) -> str:
    """The text of a file with a profile: what the provider's responses show, what it announces, and what else the profile states."""
    stated: dict[Sureness, Body] = {sureness: {} for sureness in Sureness}
    works, unknown = [], []
    for name in (field.name for field in fields(Capabilities)):
        capability = found[name]
        if _is_stated(name, capability, profile):
            stated[_sureness(capability)][name] = capability["value"]
        elif capability["known"] == SEEN:
            works.append(name)
        elif capability["known"] == UNKNOWN:
            unknown.append(name)
    new = Profile(Path(dest).stem, f"SCIM service provider at {urlsplit(url).hostname}") if profile is RFC else profile
    record = as_record(replace(new, verified=stated[VERIFIED], documented=stated[DOCUMENTED], assumed=stated[Sureness.ASSUMED]))
    comments = [
        f"Profile of the service provider at {url}, written by identity.scim.provider_info. Use it with provider: and its path.",
        "verified: seen in the provider's responses. documented: announced by it, given in provider_options, or in the sources.",
        *([f"Seen to work as in the RFCs, so not stated here: {', '.join(works)}."] if works else []),
        *([f"Not known, so tried when needed: {', '.join(unknown)}."] if unknown else []),
    ]
    return as_file(dest, record, *comments)


def _is_stated(name: str, capability: Body, profile: Profile) -> bool:
    """Whether a profile states a capability: it is in this one already, or it differs from the RFCs."""
    if name in profile.statements:
        return bool(capability["value"] != getattr(Capabilities(), name))
    read_when_needed = capability["known"] == ANNOUNCED and name in READ_WHEN_NEEDED
    return not read_when_needed and _differs(name, capability)


def _sureness(capability: Body) -> Sureness:
    if capability["known"] == PROFILE:
        return Sureness(capability["sureness"])
    return VERIFIED if capability["known"] == SEEN else DOCUMENTED


def contradictions(discovery: Discovery, found: Mapping[str, Body]) -> Iterator[str]:
    """What is announced as missing, and what differs from a more certain source."""
    announced = discovery.announced.capabilities
    for name, feature in (("patch", "PATCH"), ("filter", "filters"), ("etag", "versions (ETag)")):
        if announced.get(name) is False:
            yield f"ServiceProviderConfig announces no support for {feature}."
    sources = {SEEN: "its responses show", GIVEN: "provider_options sets", PROFILE: "the profile states"}
    for name, value in announced.items():
        known, source = found[name]["value"], sources.get(found[name]["known"])
        if source and known not in (None, value) and name != "page_size":
            yield f"ServiceProviderConfig announces {name}: {_text(value)}, but {source} {_text(known)}."


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
    result = {name: getattr(attribute, name) for name in CHARACTERISTICS}
    if attribute.sub_attributes:
        result["sub_attributes"] = {sub.name: _attribute(sub) for sub in attribute.sub_attributes}
    return result
