# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where an export is written: one file, or a folder with a file for each group of users. Only the owner can read the files."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..escaping import quoted
from ..files import check_writable, read_file, write_file
from ..scim.errors import Invalid
from ..scim.names import URN
from ..scim.schema.resource import Body, Resource, split_path
from ..scim.schema.types import Attribute, ResourceType
from ..wording import join_names
from .csv_writer import as_csv
from .model import Origin, UnknownName
from .sources import JSON, YAML, files_in
from .writer import as_commented, as_file

EXPORTED = "Exported by identity.scim.directory_info"
MARK = f"# {EXPORTED}"
OWN_NAMES = re.compile(r"(users|users-.*|groups)\.yml")
LONGEST_NAME = 60
TABLE = (".csv",)


@dataclass(frozen=True, slots=True)
class Saved:
    """The files of an export, whether a file is new, different or removed, and whether they are ``whole`` or have only what a table can."""

    files: tuple[str, ...] = ()
    changed: bool = False
    warnings: tuple[str, ...] = ()
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Destination:
    """``dest``, and ``split_by`` as a path of SCIM names."""

    dest: str = ""
    split_by: tuple[str, ...] = ()

    @classmethod
    def of(cls, dest: str | None, split_by: str | None, resource_type: ResourceType) -> Destination:
        """:raises Invalid: for a path that is not an attribute with one value, and for a ``dest`` that does not fit."""
        destination = cls(dest or "", tuple(_scim_names(resource_type.root, split_by)) if split_by else ())
        if dest and not destination.is_folder and Path(dest).suffix.lower() not in YAML + JSON + TABLE:
            raise Invalid(f"dest: {quoted(dest)} must end with {', '.join((*YAML, *JSON))} or {TABLE[0]}, or with / for a new folder.")
        if destination.split_by and not destination.is_folder:
            raise Invalid(f"split_by requires that dest is a folder, {f'and {quoted(dest)} is a file' if dest else 'and dest is not set'}.")
        return destination

    @property
    def is_folder(self) -> bool:
        return bool(self.dest) and (Path(self.dest).is_dir() or self.dest.endswith("/") or not Path(self.dest).suffix)

    def check(self) -> None:
        """:raises Invalid: if the file, or the folder that is created when it is needed, cannot be written."""
        if self.dest and not self.is_folder:
            check_writable(self.dest, "dest")
        elif self.dest:
            path = Path(self.dest)
            while not os.path.lexists(path):
                path = path.parent
            if not path.is_dir() or not os.access(path, os.W_OK):
                raise Invalid(f'dest: {quoted(self.dest)} cannot be written: "{path}" is not a folder that is writable.')

    def save(self, users: Sequence[tuple[Resource, Body]], groups: list[Body], url: str, check: bool) -> Saved:
        """Write the files that differ; with ``check``, only report whether any does. ``users`` are entries with their resources.

        :raises Invalid: if a file cannot be written.
        """
        if not self.dest:
            return Saved()
        texts, warnings = self._texts(users, groups, f"{EXPORTED} from {url}")
        outdated, foreign = self._other_files(texts)
        different = {path: text for path, text in texts.items() if read_file(path) != text}
        if not check:
            self._write(different, outdated)
        warning = f"{self.dest} has files that are not of this export and are read with it as a declaration: {join_names(foreign)}."
        return Saved(tuple(sorted(texts)), bool(different or outdated), (*warnings, *((warning,) if foreign else ())), not warnings)

    def _texts(self, users: Sequence[tuple[Resource, Body]], groups: list[Body], comment: str) -> tuple[dict[str, str], list[str]]:
        """The text of each file, and warnings of what a table does not have."""
        entries = [entry for _user, entry in users]
        if not self.is_folder and self.dest.lower().endswith(TABLE):
            text, warnings = as_csv(entries, groups)
            return {self.dest: text}, warnings
        if not self.is_folder:
            return {self.dest: as_file(self.dest, {"users": entries, "groups": groups}, comment)}, []
        parts: dict[str, dict[str, list[Body]]] = {}
        for user, entry in users:
            parts.setdefault(_file_name(user, self.split_by), {"users": []})["users"].append(entry)
        if groups:
            parts["groups.yml"] = {"groups": groups}
        return {str(Path(self.dest) / name): as_commented(part, comment) for name, part in parts.items()}, []

    def _other_files(self, texts: Iterable[str]) -> tuple[list[Path], list[str]]:
        """The files of earlier exports that this export does not have, and all other files in the folder."""
        written, folder = set(texts), Path(self.dest)
        others = [path for path in map(Path, files_in(folder).files) if str(path) not in written] if folder.is_dir() else []
        own = (path for path in others if path.parent == folder and OWN_NAMES.fullmatch(path.name))
        outdated = [path for path in own if (read_file(str(path)) or "").startswith(MARK)]
        return outdated, [str(path) for path in others if path not in outdated]

    def _write(self, texts: Mapping[str, str], outdated: Iterable[Path]) -> None:
        try:
            if self.is_folder:
                Path(self.dest).mkdir(mode=0o700, parents=True, exist_ok=True)
            for path, text in texts.items():
                write_file(path, text, "dest")
            for file in outdated:
                file.unlink()
        except OSError as error:
            raise Invalid(f'dest: "{error.filename}" cannot be written: {error.strerror}.') from None


def _scim_names(root: Attribute, path: str) -> Iterator[str]:
    attribute: Attribute | None = root
    for part in split_path(path, root):
        parent, attribute = attribute, attribute.sub(part) if attribute else None
        if attribute is None and not path.lower().startswith(URN):
            raise Invalid(str(UnknownName.attribute(Origin(path="split_by"), parent or root, part)))
        if attribute is not None and attribute.multi_valued:
            raise Invalid(f"split_by: {quoted(path)} is a list; expected an attribute with one value, such as enterprise.department.")
        yield attribute.name if attribute else part
    if attribute is not None and attribute.is_complex:
        raise Invalid(f"split_by: {quoted(path)} is a mapping; expected one of its attributes: {', '.join(attribute.sub_options)}.")


def _file_name(user: Resource, split_by: Iterable[str]) -> str:
    """The name of a user's file. Values that differ only in case or in characters that are left out share a file."""
    value: Any = user.body if split_by else None
    for name in split_by:
        value = value.get(name) if isinstance(value, Mapping) else None
    text = unicodedata.normalize("NFC", str(value)).casefold() if value is not None else ""
    name = re.sub(r"\W+", "-", text)[:LONGEST_NAME].strip("-")
    return f"users-{name}.yml" if name else "users.yml"
