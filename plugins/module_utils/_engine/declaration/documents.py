# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of all sources, read: the raw entries of each, with their places."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import starmap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..escaping import HALF_A_CHARACTER, quoted, quoted_key
from ..wording import counted, join_names, nearest
from .encodings import WINDOWS, source_text
from .model import NOTES, DeclarationError, Document, Doubt, Origin, Problem, UnknownName
from .sources import CSV, JSON, YAML, find_files
from .value_rules import describe

if TYPE_CHECKING:
    from .csv_reader import Table
    from .json_tables import ObjectList
    from .mapping_file import TableMapping

KEYS = {"users": (list, "a list"), "groups": (list, "a list"), "defaults": (dict, "a mapping of attributes")}
KEYS_EXPECTED = 'the keys "users", "groups" or "defaults"'
MOST_LINES = 10

Lines = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class LoadedSources:
    """The documents of all sources, the problems of files that cannot be read, and the files that are not declarations."""

    documents: Sequence[Document] = ()
    problems: Sequence[Problem] = ()
    ignored: Sequence[str] = ()

    @property
    def presets(self) -> dict[str, str]:
        """The presets that read tables, by file."""
        return {document.file: document.preset for document in self.documents if document.preset}

    @property
    def unread_columns(self) -> dict[str, list[str]]:
        """The headings of columns with texts that nothing reads, by file."""
        return {document.file: list(document.unread) for document in self.documents if document.unread}


def load_files(sources: Iterable[str], decrypted: Mapping[str, bytes] | None = None) -> LoadedSources:
    """The documents of all sources, which are files, folders and globs.

    ``decrypted`` has, by the real path of a vaulted file, its decrypted content. A table that a mapping names is read through it.
    """
    files: dict[str, str] = {}
    read: dict[str, Sequence[Document] | DeclarationError] = {}  # by real path, or by a source that has no files
    ignored: list[str] = []
    for source in sources:
        try:
            found = find_files(source)
        except DeclarationError as error:
            read[f"{source}\0"] = error
            continue
        ignored += found.ignored
        for file in found.files:
            files.setdefault(os.path.realpath(file), file)
            read.setdefault(os.path.realpath(file), ())
    mapped: dict[str, str] = {}  # each table that a mapping names, and that mapping
    for real, file in sorted(files.items(), key=lambda each: _rank(each[1])):
        try:
            read[real] = () if real in mapped else load_documents(file, decrypted or {}, mapped)
        except DeclarationError as error:
            read[real] = error
    documents = with_names([document for found in read.values() if not isinstance(found, DeclarationError) for document in found])
    problems = [problem for error in read.values() if isinstance(error, DeclarationError) for problem in error.problems]
    problems += [problem for document in documents for problem in document.problems]
    return LoadedSources(documents, list(dict.fromkeys(problems)), list(dict.fromkeys(ignored)))


def _rank(file: str) -> int:
    """Mappings are read before their tables, so YAML before JSON, and JSON before CSV."""
    return next((rank for rank, suffixes in enumerate((YAML, JSON)) if file.lower().endswith(suffixes)), 2)


def with_names(documents: Sequence[Document]) -> Sequence[Document]:
    """The documents, those of SCIM with names in place of the ids of their provider."""
    if not any(document.foreign for document in documents):
        return documents
    from .scim_documents import named  # here: see ``read_value``

    return named(documents)


def load_file(file: str) -> Document:
    """The document of one file, the first if it has several.

    :raises DeclarationError: for a file that cannot be read, is too large, or has no declaration.
    """
    return load_documents(file, {}, {})[0]


def load_documents(file: str, decrypted: Mapping[str, bytes], mapped: dict[str, str]) -> Sequence[Document]:
    """The documents of one file. ``mapped`` gets the real path of each table that it names.

    :raises DeclarationError: for a file that cannot be read, is too large, or has no declaration.
    """
    if file.lower().endswith(CSV):
        return [_table(file, decrypted)]
    text = source_text(file, decrypted.get(os.path.realpath(file))).text
    values, lines = read_values(file, text)
    if not values and text.strip():
        return [Document(file)]  # comments alone
    if not values:
        raise DeclarationError.at(file, "the file is empty", KEYS_EXPECTED)
    documents: list[Document] = []
    for value in values:
        if isinstance(value, Mapping) and "csv" in value:
            documents.append(_mapped_table(file, value, lines, decrypted, mapped))
        elif objects := _known_objects(file, value):
            documents.append(_object_table(file, objects))
        else:
            document = replace(to_document(file, value, lines), literal=not _may_have_template(text))
            documents.append(_numbered(document, documents))
    return documents


def _may_have_template(text: str) -> bool:
    """Whether a value in a file may have a template: to look at the file once is far cheaper than at each value. Braces may be escaped."""
    return "{{" in text or "{%" in text or "\\" in text


def _numbered(document: Document, earlier: Sequence[Document]) -> Document:
    """A document of a file with several: its entries are numbered on."""
    first = {key: sum(len(getattr(other, key)) for other in earlier) for key in ("users", "groups")}
    if not any(first.values()) or document.paths:
        return document
    paths = {key: [f"{key}[{first[key] + index}]" for index in range(len(getattr(document, key)))] for key in first}
    return replace(document, paths=paths)


def _mapped_table(file: str, value: Mapping[str, Any], lines: Lines, decrypted: Mapping[str, bytes], mapped: dict[str, str]) -> Document:
    """The document of a table, read through the mapping beside it."""
    from .mapping_file import parse_mapping  # here: see ``read_value``

    real = os.path.realpath(os.path.join(os.path.dirname(file), str(value["csv"])))
    first = mapped.setdefault(real, file)  # with a mistake in its mapping, the table is not read by itself either
    if first != file:
        raise DeclarationError.at(file, f"the table is mapped twice, first in {first}", "one mapping", lines.get("csv", 0))
    mapping = parse_mapping(file, value, lines)
    return _table(mapping.csv, decrypted, mapping)


def _known_objects(file: str, value: Any) -> ObjectList | None:
    """The list of users of another product in a document; None if it is a declaration, of SCIM, or not known."""
    if isinstance(value, Mapping) and value.keys() <= KEYS.keys():
        return None
    from .csv_reader import is_known  # here: see ``read_value``
    from .json_tables import list_of_objects
    from .scim_documents import is_scim_document

    objects = None if is_scim_document(value) else list_of_objects(value)
    return objects if objects and is_known(file, objects.rows()) else None


def _object_table(file: str, objects: ObjectList, mapping: TableMapping | None = None) -> Document:
    """The document of a list of objects."""
    from .csv_reader import read_table  # here: see ``read_value``
    from .mapping_file import NO_MAPPING

    mapping = mapping or NO_MAPPING
    return replace(_of_table(file, read_table(file, objects.rows(), mapping, 1), mapping), missing=objects.missing)


def _table(file: str, decrypted: Mapping[str, bytes], mapping: TableMapping | None = None) -> Document:
    """The document of a CSV file, or of a list in JSON that has a mapping."""
    from .csv_reader import read_csv  # here: see ``read_value``
    from .mapping_file import NO_MAPPING

    mapping = mapping or NO_MAPPING
    text = source_text(file, decrypted.get(os.path.realpath(file)), mapping.encoding)
    if file.lower().endswith(JSON):
        from .json_tables import list_of_objects

        if objects := list_of_objects(_parse_json(file, text.text)):
            return _object_table(file, objects, mapping)
        raise DeclarationError.at(file, "the file has no list of objects", "a list of users, each an object")
    document = _of_table(file, read_csv(file, text.text, mapping), mapping)
    if text.encoding != WINDOWS or mapping.encoding:
        return document
    found = "the file is not UTF-8 and was read as Windows-1252. Check its names, or state the encoding in a mapping beside it"
    return replace(document, warnings=(Doubt(Origin(file, text.doubtful), found), *document.warnings))


def _of_table(file: str, table: Table, mapping: TableMapping) -> Document:
    """The document of a table that was read, with warnings of what it does not say."""
    if table.value is None:
        raise DeclarationError.at(file, "the file is empty", KEYS_EXPECTED)
    found = [f"skip: no row has {quoted(missing)} in the column {quoted(heading)}" for heading, missing in table.unmet]
    if table.states:
        one = len(table.states) == 1
        columns = f"column{'' if one else 's'} {join_names(list(map(quoted, table.states)))}"
        hint = f"Map {'it' if one else 'the one that does'} to active in a mapping beside the file"
        found.append(f"the {columns} may say who is inactive, and nothing reads {'it' if one else 'them'}. {hint}")
    warnings = [Doubt(Origin(file), text) for text in found]
    left_out = tuple(starmap(_left_out, table.left_out.items()))
    return Document(
        file,
        **table.value,
        defaults=mapping.defaults,
        lines=table.lines,
        preset=table.preset,
        warnings=warnings,
        left_out=left_out,
        unread=table.unread,
    )


def _left_out(heading: str, lines: Sequence[int]) -> tuple[str, str]:
    """Rows that are left out because of a heading: what is said of them, and how to leave them out on purpose."""
    named = f": line{'' if len(lines) == 1 else 's'} {join_names(list(map(str, lines)), most=MOST_LINES)}" if all(lines) else ""
    hint = f"skip: {{{quoted(heading)}: ''}} in a mapping beside the file"
    return f"left out {counted(len(lines), 'row')} without a text in {quoted(heading)}{named}", hint


def read_value(file: str, text: str) -> tuple[Any, Lines]:
    """The value of a text in JSON or YAML, by the suffix of its file; and for YAML the lines by path. Its numbers and booleans are text.

    :raises DeclarationError: for text that cannot be read, and for several documents.
    """
    if Path(file).suffix.lower() in JSON:
        return _parse_json(file, text), {}
    # Imported where it is needed: a run reads one format, and importing all of them takes longer than a small run.
    from .yaml_reader import read_yaml

    return read_yaml(file, text)


def read_values(file: str, text: str) -> tuple[list[Any], Lines]:
    """As ``read_value``, for a file of several documents; those that are empty are left out."""
    if Path(file).suffix.lower() in JSON:
        return ([] if not text.strip() else [_parse_json(file, text)]), {}
    from .yaml_reader import read_yaml_documents

    return read_yaml_documents(file, text)


def to_document(file: str, value: Any, lines: Lines) -> Document:
    """The document of a value ``{users: […], groups: […], defaults: {…}}``, or of SCIM. Wrong keys are ``problems`` of the document.

    :raises DeclarationError: if the value is not a mapping.
    """
    if value is None:
        raise DeclarationError.at(file, "the file is empty", KEYS_EXPECTED)
    from .scim_documents import is_scim_document, read_scim_document  # here: see ``read_value``

    if is_scim_document(value):
        return read_scim_document(file, value, lines)
    if not isinstance(value, Mapping):
        raise DeclarationError.at(file, "the top level is not a mapping", f"a mapping with {KEYS_EXPECTED}, or SCIM resources")
    problems: list[Problem] = []
    parts: dict[str, Any] = {}
    for key, part in value.items():
        origin = Origin(file, lines.get(key, 0), key)
        if key.startswith(NOTES):
            continue
        if key not in KEYS:
            problems.append(UnknownName.of(origin, "key", key, nearest(key.lower(), KEYS), "Keys", KEYS))
        elif part is not None and not isinstance(part, KEYS[key][0]):
            problems.append(Problem(origin, describe(part), KEYS[key][1]))
        elif part:
            parts[key] = part
    return Document(file, **parts, lines=lines, problems=tuple(problems))


def _parse_json(file: str, text: str) -> Any:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        mapping = dict(pairs)
        if len(mapping) < len(pairs):
            [(duplicate, _count)] = Counter(key for key, _value in pairs).most_common(1)
            raise DeclarationError.at(file, f"duplicate key {quoted_key(duplicate)} in one object")
        return mapping

    try:
        value = json.loads(text, object_pairs_hook=unique, parse_int=str, parse_float=str)
        if HALF_A_CHARACTER.search(text):
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        return value
    except UnicodeEncodeError:
        raise DeclarationError.at(file, r"a text has an unpaired surrogate (\ud800 to \udfff), which is not a character") from None
    except json.JSONDecodeError as error:
        raise DeclarationError.at(file, f"not valid JSON: {error.msg}", line=error.lineno) from None
    except RecursionError:
        raise DeclarationError.at(file, "nested too deeply") from None
