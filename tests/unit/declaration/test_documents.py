# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files are read, and what each declares."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._engine import files
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.documents import Document, load_file, load_files
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.loader import check_declaration
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.model import DeclarationError
from ansible_collections.identity.scim.plugins.module_utils._engine.declaration.sources import find_files
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.schema.table import RESOURCE_TYPES


def write(folder: Path, **content: str | bytes) -> None:
    """Files with their content; ``__`` in a name stands for a dot, ``_in_`` for a folder."""
    for name, text in content.items():
        path = folder / name.replace("_in_", "/").replace("__", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


def read(tmp_path: Path, name: str, content: str | bytes) -> Document:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return load_file(str(path))


def mistake(tmp_path: Path, name: str, content: str | bytes) -> str:
    try:
        found = "\n".join(map(str, read(tmp_path, name, content).problems))
    except DeclarationError as mistaken:
        found = str(mistaken)
    return found.replace(f"{tmp_path}/", "")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.yml", "users: [{user_name: kim, title: '{{ title }}'}]"),
        ("a.yml", "users:\n- user_name: kim\n  title: a{% b %}"),
        ("a.yml", 'users: [{user_name: kim, title: "\\x7b{ title }}"}]'),
        ("a.json", '{"users": [{"user_name": "kim", "title": "{{ title }}"}]}'),
        ("a.json", r'{"users": [{"user_name": "kim", "title": "\u007b% title %}"}]}'),
        ("a.csv", "user_name,title\nkim,{{ title }}"),
        ("a.yml", "- {userName: kim, title: '{{ title }}'}"),
        ("a.yml", "---\nusers: [{user_name: lee}]\n---\nusers: [{user_name: kim, title: '{{ title }}'}]"),
    ],
)
def test_a_template_in_a_file_is_found(tmp_path: Path, name: str, content: str) -> None:
    write(tmp_path, **{name.replace(".", "__"): content})
    _declaration, problems = check_declaration(load_files([str(tmp_path / name)]).documents, RESOURCE_TYPES, {"User": (), "Group": ()})
    assert [problem.found for problem in problems if "template" in problem.found]


# -- which files -------------------------------------------------------------------------------------------------------------------------


def test_a_folder_is_read_in_the_order_of_names_without_what_is_hidden(tmp_path: Path) -> None:
    write(tmp_path, b__yml="", a__yaml="", c__json="", d__txt="", e__YML="", sub_in_f__yml="")
    write(tmp_path / ".git", x__yml="")
    write(tmp_path, __hidden__yml="")
    found = [os.path.relpath(path, tmp_path) for path in find_files(str(tmp_path)).files]
    assert sorted(found) == ["a.yaml", "b.yml", "c.json", "e.YML", "sub/f.yml"]
    assert found == sorted(found)


def test_a_hidden_folder_that_is_named_is_read(tmp_path: Path) -> None:
    write(tmp_path / ".people", a__yml="")
    assert len(find_files(str(tmp_path / ".people")).files) == 1


def test_globs(tmp_path: Path) -> None:
    write(tmp_path, team_a__yml="", team_b__yml="", other__yml="", deep_in_team_c__yml="")
    assert [Path(path).name for path in find_files(str(tmp_path / "team_*.yml")).files] == ["team_a.yml", "team_b.yml"]
    assert [Path(path).name for path in find_files(str(tmp_path / "**" / "team_?.yml")).files] == ["team_c.yml", "team_a.yml", "team_b.yml"]


@pytest.mark.parametrize("source", ["", "**/*.yml", "*/*.yml"])
def test_a_folder_that_cannot_be_looked_into_is_no_empty_one(tmp_path: Path, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, a_in_x__yml="", closed_in_x__yml="")
    closed, scandir, access = str(tmp_path / "closed"), os.scandir, os.access

    def refusing(path: Any) -> Any:
        if str(path).rstrip("/") == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)  # the tests may run as root, who may look into everything
    monkeypatch.setattr(os, "access", lambda path, mode: str(path).rstrip("/") != closed and access(path, mode))
    with pytest.raises(DeclarationError, match="closed: the folder cannot be read: Permission denied"):
        find_files(str(tmp_path / source))


@pytest.mark.parametrize("source", ["", "*.yml"])
def test_a_link_to_a_file_that_is_away_is_not_left_out(tmp_path: Path, source: str) -> None:
    write(tmp_path, a__yml="")
    (tmp_path / "b.yml").symlink_to("away.yml")
    found = find_files(str(tmp_path / source)).files
    assert [Path(path).name for path in found] == ["a.yml", "b.yml"]
    with pytest.raises(DeclarationError, match=r"b\.yml"):
        load_file(found[1])


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("nowhere.yml", "no such file or folder, and no file matches it as a glob (working folder: "),
        ("*.json", "no file matches it as a glob"),
        ("empty", "the folder has no declaration; expected a file that ends with .yml, .yaml, .json, .csv or .tsv"),
        ("notes.txt", "unknown file type; expected a file that ends with .yml, .yaml, .json, .csv or .tsv"),
        ("*.txt", "unknown file type; expected a file that ends with .yml, .yaml, .json, .csv or .tsv"),
        ("README.md", "README.md: unknown file type; expected a file that ends with .yml, .yaml, .json, .csv or .tsv"),
        ("R*", "README.md: unknown file type; expected a file that ends with .yml, .yaml, .json, .csv or .tsv"),
    ],
)
def test_a_source_that_names_nothing_is_no_empty_directory(tmp_path: Path, source: str, expected: str) -> None:
    write(tmp_path, notes__txt="", README__md="")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DeclarationError) as mistaken:
        find_files(str(tmp_path / source))
    assert str(mistaken.value).startswith(str(tmp_path))
    assert expected in str(mistaken.value)


def test_a_url_is_no_source_and_is_not_quoted() -> None:
    with pytest.raises(DeclarationError) as mistaken:
        find_files("https://kim:s3@example.com/people.yml")
    assert str(mistaken.value) == "src: is a URL, which is not read; expected the path of a file or folder, or a glob."


def linked(parent: Path, **links: str) -> None:
    """Links by name; ``__`` in a name stands for a dot, ``_in_`` for a folder."""
    for name, target in links.items():
        path = parent / name.replace("_in_", "/").replace("__", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(target)


ALL = pytest.mark.parametrize("source", ["", "*", "**", "**/*", "./**/*.yml"])


@ALL
def test_links_within_a_source_are_followed_and_loops_end(tmp_path: Path, source: str) -> None:
    write(tmp_path, a_in_one__yml="", b_in_two__yml="")
    linked(tmp_path, a_in_b="../b", b_in_a="../a", b_in_loop="..", a_in_three__yml="../b/two.yml", shared="b")
    found = {os.path.realpath(path) for path in find_files(str(tmp_path / source)).files}
    assert found == {str(tmp_path / "a" / "one.yml"), str(tmp_path / "b" / "two.yml")}


@pytest.mark.parametrize("source", ["**/team/*.yml", "**/team", "*/**/team/**", "**/team/**/*.yml", "**/*.yml"])
@pytest.mark.parametrize("link", ["a_in_team", "z_in_team", "a_in_b_in_team"])
def test_a_glob_finds_a_folder_by_each_of_its_paths(tmp_path: Path, source: str, link: str) -> None:
    """``shared`` does not match, and is found only by the path of the link, whether it is read before or after it."""
    write(tmp_path, people_in_k_in_shared_in_one__yml="users: [{user_name: kim}]")
    linked(tmp_path / "people", **{f"k_in_{link}": "../" * link.count("_in_") + "shared", "k_in_shared_in_loop": ".."})
    found = load_files([str(tmp_path / "people" / source), str(tmp_path / "people")])
    assert [document.users for document in found.documents] == [[{"user_name": "kim"}]]
    assert find_files(str(tmp_path / "people" / source)).files


@ALL
@pytest.mark.parametrize("target", ["../../other", "../../other/x.yml", "/proc/self", "/proc/self/environ", "../../away", "/dev/zero"])
def test_a_link_that_leaves_the_source_is_refused(tmp_path: Path, source: str, target: str) -> None:
    write(tmp_path, other_in_x__yml="", people_in_a__yml="", people_in_sub_in_b__yml="")
    linked(tmp_path, people_in_sub_in_out__yml=target)
    with pytest.raises(DeclarationError, match=r"sub/out\.yml: the link leads out of the source .*people"):
        find_files(str(tmp_path / "people" / source))


@pytest.mark.parametrize("source", ["*/x.yml", "shared/*.yml", "*/*"])
def test_a_glob_follows_a_folder_out_of_the_source_only_where_it_is_named(tmp_path: Path, source: str) -> None:
    write(tmp_path, other_in_x__yml="")
    linked(tmp_path, people_in_shared="../other")
    if source.startswith("shared"):
        assert len(find_files(str(tmp_path / "people" / source)).files) == 1
    else:
        with pytest.raises(DeclarationError, match="leads out of the source"):
            find_files(str(tmp_path / "people" / source))


def test_a_link_that_is_named_itself_is_followed(tmp_path: Path) -> None:
    write(tmp_path, other_in_x__yml="users: []")
    linked(tmp_path, link__yml="other/x.yml", folder="other", zero__yml="/dev/zero")
    assert [len(load_files([str(tmp_path / name)]).documents) for name in ("link.yml", "folder")] == [1, 1]
    assert [str(problem) for problem in load_files([str(tmp_path / "zero.yml")]).problems] == [
        f"{tmp_path}/zero.yml: the file cannot be read: it is not a regular file."
    ]


@ALL
def test_files_that_are_no_declarations_are_named(tmp_path: Path, source: str) -> None:
    names = ("c.xlsx", "d.ldif", "e.jsonl", "f.yml.j2", "g.csv.bak", "notes.txt", "h.yml~")
    beside = ("README.md", "readme", "LICENSE", ".gitkeep", "CODEOWNERS")
    write(tmp_path, a__yml="", b__tsv="")
    for name in (*names, *beside):
        (tmp_path / name).touch()
    found = find_files(str(tmp_path / source))
    only_yaml = source.endswith("yml")  # others are left out on purpose
    assert [Path(path).name for path in found.files] == (["a.yml"] if only_yaml else ["a.yml", "b.tsv"])
    assert [Path(path).name for path in found.ignored] == ([] if only_yaml else sorted(names))


def test_a_tsv_is_separated_by_tabs(tmp_path: Path) -> None:
    assert read(tmp_path, "a.tsv", "userName\ttitle\nkim\tChief, of all; really\n").users == [
        {"userName": "kim", "title": "Chief, of all; really"}
    ]


def test_a_file_that_several_sources_name_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, a__yml="users: [{user_name: kim}]", b__yml="groups: []")
    os.symlink(tmp_path / "a.yml", tmp_path / "link.yml")
    found = load_files([str(tmp_path / "a.yml"), str(tmp_path), f"{tmp_path}/./*.yml"])
    assert found.problems == []
    assert [Path(one.file).name for one in found.documents] == ["a.yml", "b.yml"]


def test_all_unreadable_files_are_reported_at_once(tmp_path: Path) -> None:
    write(tmp_path, a__yml="users: [", b__yml="users: []", c__json="{")
    found = load_files([str(tmp_path), "nowhere.yml"])
    assert [Path(one.file).name for one in found.documents] == ["b.yml"]
    assert [Path(problem.origin.file).name for problem in found.problems] == ["a.yml", "c.json", "nowhere.yml"]


# -- what stands in one ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.yml", "a.yaml", "a.YAML", "a.json", "a.JSON"])
def test_yaml_and_json_are_the_same(tmp_path: Path, name: str) -> None:
    content: Any = {"users": [{"user_name": "kim", "active": "true", "title": None}], "groups": [], "defaults": {"locale": "de"}}
    found = read(tmp_path, name, json.dumps(content))
    assert (found.users, list(found.groups), found.defaults) == (content["users"], [], {"locale": "de"})


def test_each_entry_has_its_place(tmp_path: Path) -> None:
    found = read(tmp_path, "a.yml", "users:\n  - user_name: kim\n  - user_name: lee\ngroups:\n  - display_name: Sales\n")
    assert [str(origin).replace(f"{tmp_path}/", "") for origin, _raw in found.entries("users")] == [
        "a.yml:2: users[0]",
        "a.yml:3: users[1]",
    ]
    assert [origin.line for origin, _raw in found.entries("groups")] == [5]


def test_json_numbers_stay_as_they_are_written(tmp_path: Path) -> None:
    found = read(tmp_path, "a.json", '{"users": [{"employee_number": 1.10, "id": 12345678901234567890, "active": true, "title": null}]}')
    assert found.users == [{"employee_number": "1.10", "id": "12345678901234567890", "active": True, "title": None}]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.yml", "", 'a.yml: the file is empty; expected the keys "users", "groups" or "defaults".'),
        ("a.yml", "\n \n", "a.yml: the file is empty"),
        ("a.json", "", "a.json: the file is empty"),
        ("a.json", "null", "a.json: the file is empty"),
        ("a.yml", "- kim", 'a.yml: the top level is not a mapping; expected a mapping with the keys "users", "groups" or "defaults"'),
        ("a.json", '"kim"', "a.json: the top level is not a mapping"),
        ("a.yml", "user: []", 'a.yml:1: unknown key "user". Did you mean "users"?'),
        ("a.yml", "7: []", 'a.yml:1: unknown key "7". Keys: users, groups, defaults.'),
        ("a.yml", "users: kim", 'a.yml:1: users: found "kim"; expected a list.'),
        ("a.yml", "groups: {a: b}", "a.yml:1: groups: found a mapping; expected a list."),
        ("a.yml", "defaults: [a]", "a.yml:1: defaults: found a list; expected a mapping of attributes."),
        ("a.yml", "users: []\nusers: []", 'a.yml:2: duplicate key "users" (lines 1 and 2).'),
        ("a.json", '{"users": [],\n "users": []}', 'a.json: duplicate key "users" in one object.'),
        ("a.json", '{"users": [{"a": 1, "b": 2, "a": 3}]}', 'a.json: duplicate key "a" in one object'),
        ("a.json", '{"users": [\n{"a": }]}', "a.json:2: not valid JSON: Expecting value"),
        ("a.json", '{"users": []} {}', "a.json:1: not valid JSON: Extra data"),
        pytest.param("a.json", "[" * 100_000, "a.json: nested too deeply", id="too deep"),
        ("a.yml", b"users: [caf\xe9]", "a.yml: the file is not UTF-8 text"),
        ("a.yml", "user: []".encode("utf-16"), 'a.yml:1: unknown key "user". Did you mean "users"?'),
        (
            "a.yml",
            "$ANSIBLE_VAULT;1.1;AES256\n6162",
            "a.yml: the file is encrypted with Ansible Vault and could not be decrypted; expected its password",
        ),
        ("a.json", "$ANSIBLE_VAULT;1.1;AES256\n6162", "a.json: the file is encrypted with Ansible Vault"),
    ],
)
def test_mistakes(tmp_path: Path, name: str, content: str | bytes, expected: str) -> None:
    assert mistake(tmp_path, name, content).startswith(expected)


CONFLICT = "{before}\n<<<<<<< HEAD\n{one}\n||||||| 1a2b3c\n{base}\n=======\n{other}\n>>>>>>> branch\n"


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("a.csv", ("userName,title", "kim,Chief", "kim,Boss", "kim,Lead")),
        ("a.tsv", ("userName\ttitle", "kim\tChief", "kim\tBoss", "kim\tLead")),
        ("a.yml", ("users:", "- user_name: kim", "- user_name: lee", "- user_name: ann")),
        ("a.json", ('{"users": [', '{"user_name": "kim"}]}', '{"user_name": "lee"}]}', '{"user_name": "ann"}]}')),
    ],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_conflict_markers_of_git(tmp_path: Path, name: str, lines: tuple[str, ...], ends: str) -> None:
    before, one, base, other = lines
    text = CONFLICT.format(before=before, one=one, base=base, other=other).replace("\n", ends)
    assert mistake(tmp_path, name, text) == f'{name}:2: found a conflict marker of git, "<<<<<<<". Resolve the merge.'
    for marker in ("||||||| 1a2b3c", "=======", ">>>>>>> branch"):  # one that was left behind
        assert mistake(tmp_path, name, f"{before}{ends}{marker}{ends}").startswith(f"{name}:2: found a conflict marker of git")


@pytest.mark.parametrize(
    "text", ["users:\n- user_name: kim # =======\n", "# ==================\nusers: []\n", "users:\n- title: <<<<<<< x\n"]
)
def test_other_lines_are_no_conflict(tmp_path: Path, text: str) -> None:
    assert mistake(tmp_path, "a.yml", text) == ""


@pytest.mark.parametrize("name", ["a.yml", "a.json"])
def test_a_byte_order_mark_says_nothing(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, name, b"\xef\xbb\xbf" + b'{"users": []}') == Document(
        str(tmp_path / name), lines={"users": 1} if name == "a.yml" else {}
    )


@pytest.mark.parametrize("content", ["users:\n", "users: []\n", "users: ~\ngroups: []\n"])
def test_a_part_may_hold_nothing(tmp_path: Path, content: str) -> None:
    found = read(tmp_path, "a.yml", content)
    assert (list(found.users), list(found.groups)) == ([], [])


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST", 2**20)
    assert mistake(tmp_path, "a.yml", b"#" * (2**20 + 1)) == "a.yml: the file cannot be read: it is larger than 1 MiB."
    assert mistake(tmp_path, "a.yml", b"#" * 2**20) == ""


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    os.symlink(tmp_path / "gone", tmp_path / "a.yml")
    with pytest.raises(DeclarationError, match=r"a\.yml: the file cannot be read: No such file or directory\."):
        load_file(str(tmp_path / "a.yml"))


def test_a_path_may_begin_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "people.yml").write_text("users: []\n", "utf-8")
    assert find_files("~/people.yml").files == (str(tmp_path / "people.yml"),)
