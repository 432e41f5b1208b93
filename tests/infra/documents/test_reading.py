"""Reading trusted documents: GraphQL files, and the manifests of compilers, whose ids must be what they say."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from infra.documents.checking import Check, operations
from infra.documents.reading import BadDocument, Document, read

ONE = "query One { records(first: 1) { asOfPosition } }"
TWO = "{ __typename }"


def digest(text: str, algorithm: str = "sha256") -> str:
    return hashlib.new(algorithm, text.encode()).hexdigest()


def written(path: Path, content: Any) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_an_id_is_that_of_the_protocol() -> None:
    # The example of GraphQL over HTTP, appendix on persisted documents.
    text = "query ($id: ID!) {\n  user(id: $id) {\n    name\n  }\n}"
    assert Document(text, "").id == "sha256:7dba4bd717b41f10434822356a93c32b1fb4907b983e854300ad839f84cdcd6e"


def test_a_graphql_file_is_a_document_as_it_stands(tmp_path: Path) -> None:
    text = f"# Bürger\n{ONE}\n"
    (document,) = read([written(tmp_path / "one.graphql", text)])
    assert (document.text, document.source) == (text, "one.graphql")
    assert document.id == f"sha256:{digest(text)}"


def test_a_directory_is_read_through_for_graphql_files_alone(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    written(tmp_path / "pages" / "one.graphql", ONE)
    written(tmp_path / "two.gql", TWO)
    written(tmp_path / "package.json", {"name": "portal"})
    written(tmp_path / "again.graphql", ONE)
    assert [document.text for document in read([tmp_path])] == [ONE, TWO]


@pytest.mark.parametrize(
    "manifest",
    [
        {digest(ONE): ONE, digest(TWO): TWO},
        {f"sha256:{digest(ONE)}": ONE, f"sha256:{digest(TWO)}": TWO},
        {
            "format": "apollo-persisted-query-manifest",
            "version": 1,
            "operations": [
                {"id": digest(ONE), "body": ONE, "name": "One", "type": "query"},
                {"id": digest(TWO), "body": TWO, "name": "", "type": "query"},
            ],
        },
    ],
    ids=["relay", "codegen", "apollo"],
)
def test_the_manifests_of_compilers_are_read(tmp_path: Path, manifest: Any) -> None:
    found = read([written(tmp_path / "persisted.json", manifest)])
    assert [(document.text, document.source) for document in found] == [
        (ONE, "persisted.json"),
        (TWO, "persisted.json"),
    ]


def test_an_id_by_another_algorithm_is_refused_with_what_to_set(tmp_path: Path) -> None:
    manifest = written(tmp_path / "persisted.json", {digest(ONE, "md5"): ONE})
    with pytest.raises(BadDocument, match=r"persistConfig\.algorithm"):
        read([manifest])


def test_a_text_under_the_id_of_another_is_refused(tmp_path: Path) -> None:
    manifest = written(tmp_path / "persisted.json", {digest(ONE): TWO})
    with pytest.raises(BadDocument, match="is not the SHA-256 of its document"):
        read([manifest])


@pytest.mark.parametrize(
    "content",
    [
        "[]",
        "3",
        "{",
        '{"a": 1}',
        '{"format": "apollo-persisted-query-manifest"}',
        '{"format": "apollo-persisted-query-manifest", "operations": [1]}',
        '{"format": "apollo-persisted-query-manifest", "operations": [{"id": "a"}]}',
    ],
)
def test_what_is_no_manifest_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(BadDocument, match=r"persisted\.json: (no manifest|not JSON)"):
        read([written(tmp_path / "persisted.json", content)])


def test_a_directory_without_documents_and_a_file_that_is_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadDocument, match=r"no \.graphql"):
        read([tmp_path])
    (tmp_path / "one.graphql").write_bytes(b"\xff")
    with pytest.raises(BadDocument, match="not text in UTF-8"):
        read([tmp_path])


@pytest.fixture(scope="module")
def check() -> Check:
    return Check()


def test_a_sound_document_is_taken_and_its_operations_named(check: Check) -> None:
    nested = """
      query Wide($n: Int!) { records(first: $n) { nodes { history(first: $n) { nodes { position } } } } }
    """
    assert check(ONE) == check(nested) == []
    assert operations(f"{ONE} {TWO}") == ["One", "query"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Syntax Error"),
        ("query {", "Syntax Error"),
        ("{ nobodyKnowsIt }", "nobodyKnowsIt"),
        ("fragment F on Record { number }", "no operation"),
        ("type Query { a: Int }", "no operation"),
        (f"{{ {'a ' * 3000} }}", "tokens"),
        ("{ records(first: 100) { nodes { history(first: 100) { nodes { position } } } } }", "rows"),
        ('{ records(first: 1, asOf: {position: 1, recordedAt: "2026-01-01T00:00:00Z"}) { asOfPosition } }', "one key"),
        ("query A($n: Int!, $m: Int!) { records(first: $n) { asOfPosition } }", "$m"),
    ],
)
def test_a_document_that_can_never_be_answered_is_refused_with_the_reason(check: Check, text: str, says: str) -> None:
    assert says in "\n".join(check(text))
