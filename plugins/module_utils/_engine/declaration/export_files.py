# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where an export is written: one file, or a folder with a file for each group of people. Readable by its owner only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..files import content, into
from ..scim.errors import Invalid
from ..scim.names import URN
from ..scim.schema.resource import Body, Resource, split_path
from ..scim.schema.types import Attribute, ResourceType
from .sources import JSON, YAML, files_in
from .writer import as_file, as_yaml

MARK = "# Exported by identity.scim.directory_info"
OURS = re.compile(r"(users|users-.*|groups)\.yml")
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Split:
    """Entries in their order; users with the resource that they were made from."""

    users: Sequence[tuple[Resource, Body]]
    groups: Sequence[Body]


@dataclass(frozen=True, slots=True)
class Saved:
    """The files of an export, and whether one of them was not as it is now."""

    files: tuple[str, ...] = ()
    changed: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """``dest`` and the path that splits people, in SCIM's names."""

    dest: str = ""
    split_by: tuple[str, ...] = ()

    @classmethod
    def of(cls, dest: str | None, split_by: str | None, resource_type: ResourceType) -> Place:
        """:raises Invalid: for a path that is no attribute with one value, or one that could not split anything."""
        place = cls(dest or "", tuple(_names(resource_type.root, split_by)) if split_by else ())
        if dest and not place.is_folder and Path(dest).suffix.lower() not in YAML + JSON:
            raise Invalid(f"dest: {dest} ends with none of {', '.join(YAML + JSON)}. A folder that is not there yet ends with /.")
        if place.split_by and not place.is_folder:
            raise Invalid(f"split_by needs a folder as dest, and {f'{dest} is a file' if dest else 'there is no dest'}.")
        return place

    @property
    def is_folder(self) -> bool:
        return bool(self.dest) and (Path(self.dest).is_dir() or self.dest.endswith("/") or not Path(self.dest).suffix)

    def save(self, declared: Split, url: str, check: bool) -> Saved:
        """Write what differs; with ``check``, tell only whether something does.

        :raises Invalid: where a file cannot be written.
        """
        if not self.dest:
            return Saved()
        texts = self._texts(declared, f"{MARK} from {url}\n")
        old, foreign = self._others(texts) if self.is_folder else ([], [])
        different = {path: text for path, text in texts.items() if content(path) != text}
        if not check:
            self._write(different, old)
        warning = f"{self.dest} holds files that are not of this export, and are read with it as a declaration: {', '.join(foreign[:20])}."
        return Saved(tuple(sorted(texts)), bool(different or old), (warning,) if foreign else ())

    def _texts(self, declared: Split, head: str) -> dict[str, str]:
        entries = [entry for _user, entry in declared.users]
        if not self.is_folder:
            whole: dict[str, Any] = {"users": entries, "groups": list(declared.groups)}
            return {self.dest: as_file(self.dest, whole, head)}
        parts: dict[str, dict[str, list[Body]]] = {}
        for user, entry in declared.users:
            parts.setdefault(_file_of(user, self.split_by), {"users": []})["users"].append(entry)
        if declared.groups:
            parts["groups.yml"] = {"groups": list(declared.groups)}
        return {str(Path(self.dest) / name): head + as_yaml(part) for name, part in parts.items()}

    def _others(self, texts: Iterable[str]) -> tuple[list[Path], list[str]]:
        """Files of earlier exports in the folder whose people are elsewhere now, and files of other people's making."""
        written = set(texts)
        found = [path for path in files_in(Path(self.dest)) if str(path) not in written] if Path(self.dest).is_dir() else []
        mine = [path for path in found if path.parent == Path(self.dest) and OURS.fullmatch(path.name) and _is_marked(path)]
        return mine, [str(path) for path in found if path not in mine]

    def _write(self, texts: Mapping[str, str], old: Iterable[Path]) -> None:
        try:
            if self.is_folder:
                Path(self.dest).mkdir(mode=0o700, parents=True, exist_ok=True)
            for path, text in texts.items():
                into(path, text, "dest")
            for gone in old:
                gone.unlink()
        except OSError as error:
            raise Invalid(f"dest: {error.filename} cannot be written: {error.strerror}.") from None


def _names(root: Attribute, path: str) -> Iterator[str]:
    attribute: Attribute | None = root
    for part in split_path(path, root):
        attribute = attribute.sub(part) if attribute else None
        if attribute is None and not path.lower().startswith(URN):
            raise Invalid(f"split_by: {path} is no attribute of SCIM; expected one such as enterprise.department or user_type.")
        if attribute is not None and attribute.multi_valued:
            raise Invalid(f"split_by: {path} has several values; expected an attribute with one, such as enterprise.department.")
        yield attribute.name if attribute else part
    if attribute is not None and attribute.is_complex:
        raise Invalid(f"split_by: {path} is no single value; expected one of {', '.join(sub.option for sub in attribute.sub_attributes)}.")


def _file_of(user: Resource, split_by: Iterable[str]) -> str:
    """The name of a user's file. Values that differ only in what no file name should hold share one."""
    value: Any = user.body if split_by else None
    for name in split_by:
        value = value.get(name) if isinstance(value, Mapping) else None
    text = unicodedata.normalize("NFC", str(value)).casefold() if value is not None else ""
    name = re.sub(r"\W+", "-", text)[:LONGEST_NAME].strip("-")
    return f"users-{name}.yml" if name else "users.yml"


def _is_marked(path: Path) -> bool:
    return (content(str(path)) or "").startswith(MARK)
