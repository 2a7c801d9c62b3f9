# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles of service providers in files of the user: one record in YAML or JSON, with the fields of a record in the catalog."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from ..escaping import quoted
from ..scim.errors import Invalid
from ..scim.providers.profile import Profile, Sureness, from_record
from ..scim.providers.profiles import PROFILES, profile_for
from ..scim.providers.records import Mistake, Mistakes
from .documents import read_value
from .encodings import source_text
from .line_numbers import locate
from .loader import summary
from .model import DeclarationError, Origin, Problem, UnknownName
from .sources import JSON, YAML
from .value_rules import describe
from .vault import is_vaulted

SUFFIXES = YAML + JSON
NAMED = "a mapping with keys such as title and documented"


def is_path(provider: str) -> bool:
    """Whether the option ``provider`` is the path of a file, and not the name of a profile: no name has a separator or such a suffix."""
    return "/" in provider or os.sep in provider or provider.lower().endswith(SUFFIXES)


def chosen_profile(provider: str, url: str) -> Profile:
    """The profile of the option ``provider``: of a file, of the catalog, or for ``auto`` the one that matches the base URL.

    :raises Invalid: for an unknown name, and for a file that has no profile, with all its mistakes.
    """
    return read_profile(provider) if is_path(provider) else profile_for(provider, url)


def read_profile(path: str) -> Profile:
    """The profile in a file.

    :raises Invalid: as ``chosen_profile`` does.
    """
    file = os.path.expanduser(path)
    if not file.lower().endswith(SUFFIXES):
        raise Invalid(f"provider: the path of a profile ends with {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}, got {quoted(path)}.")
    _refuse_missing(path, file)
    value = read_value(file, source_text(file).text)[0]
    if not isinstance(value, Mapping):
        raise DeclarationError.at(file, "the file is empty" if value is None else "the top level is not a mapping", NAMED)
    try:
        profile = from_record(value, Path(file).stem)
    except Mistakes as wrong:
        problems = [_problem(file, mistake) for mistake in wrong.mistakes]
    else:
        problems = list(_stated_twice(file, profile))
    if problems:
        raise Invalid(*summary(sorted(locate(problems), key=lambda problem: problem.origin.line), "the profile"))
    return profile


def _refuse_missing(path: str, file: str) -> None:
    """Refuse a file that does not exist, or is encrypted: a profile has no secret, so nothing decrypts it."""
    name = Path(file).stem
    if not os.path.lexists(file):
        place = "" if os.path.isabs(file) else f" in {os.getcwd()}"
        hint = f' Did you mean the profile "{name}", without a suffix?' if name in PROFILES and Path(path).name == path else ""
        raise Invalid(f"provider: there is no file {quoted(path)}{place}.{hint}")
    with suppress(OSError):  # reading the file says what is wrong
        if is_vaulted(file):
            raise Invalid(f"provider: {quoted(path)} is encrypted with Ansible Vault. A profile has no secrets: store it as plain text.")


def _problem(file: str, mistake: Mistake) -> Problem:
    origin = Origin(file).below(*mistake.path)
    if mistake.known:
        return UnknownName.of(origin, "key", str(mistake.path[-1]), mistake.similar, "Keys", mistake.known)
    return Problem(origin, "no value" if mistake.found is None else describe(mistake.found), mistake.expected)


def _stated_twice(file: str, profile: Profile) -> Iterator[Problem]:
    """Capabilities that are in two of the mappings: the reader would have to know which one counts."""
    seen: dict[str, str] = {}
    for sureness in Sureness:
        for name in getattr(profile, sureness):
            if seen.setdefault(name, sureness) != sureness:
                yield Problem(Origin(file).below(sureness, name), f"is in {seen[name]} too", f"it in one of {', '.join(Sureness)}")
