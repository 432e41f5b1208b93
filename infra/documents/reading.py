"""Reads trusted documents from files: GraphQL as it stands, and the manifests that front-end compilers write."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

PREFIX: Final = "sha256:"
LARGEST_FILE: Final = 64 * 1024 * 1024
GRAPHQL: Final = (".graphql", ".gql")
_APOLLO: Final = "apollo-persisted-query-manifest"


class BadDocument(Exception):
    """Documents that cannot be taken; a line for each, with what to do."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document, and the file that it was found in."""

    text: str
    source: str

    @property
    def id(self) -> str:
        """The SHA256 hex document identifier of GraphQL over HTTP's appendix on persisted documents."""
        return PREFIX + hashlib.sha256(self.text.encode()).hexdigest()


def read(paths: Sequence[Path]) -> list[Document]:
    """The documents of these files, and of the GraphQL files below these directories; each text once.

    Raises BadDocument.
    """
    found = {document.id: document for path in paths for file in _files(path) for document in _documents(file)}
    if not found:
        raise BadDocument(f"There is no {' or '.join(GRAPHQL)} file here; name a compiler's manifest as a file.")
    return list(found.values())


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.rglob("*") if file.suffix in GRAPHQL and file.is_file())


def _documents(file: Path) -> Iterator[Document]:
    if file.stat().st_size > LARGEST_FILE:
        raise BadDocument(f"{file}: larger than {LARGEST_FILE // 1024**2} MB; is it the manifest?")
    try:
        content = file.read_bytes()
        if file.suffix != ".json":
            yield Document(content.decode(), file.name)
            return
        manifest = orjson.loads(content)
    except OSError as error:
        raise BadDocument(f"{file}: {error.strerror}") from error
    except (UnicodeDecodeError, orjson.JSONDecodeError) as error:
        raise BadDocument(f"{file}: not {'JSON' if file.suffix == '.json' else 'text'} in UTF-8") from error
    for key, text in _entries(file, manifest):
        document = Document(text, file.name)
        if PREFIX + key.removeprefix(PREFIX) != document.id:
            raise BadDocument(
                f"{file}: the id {key[:80]} is not the SHA-256 of its document. Let the compiler use SHA-256: in Relay "
                'persistConfig.algorithm "SHA256", in graphql-codegen persistedDocuments.hashAlgorithm "sha256".'
            )
        yield document


def _entries(file: Path, manifest: Any) -> Iterator[tuple[str, str]]:
    """Ids and texts: of Apollo's manifest, or of an object from id to text, as Relay and graphql-codegen write it."""
    if isinstance(manifest, Mapping) and manifest.get("format") == _APOLLO:
        operations = manifest.get("operations")
        listed = operations if isinstance(operations, list) else [None]
        pairs = [(each.get("id"), each.get("body")) if isinstance(each, Mapping) else (None, None) for each in listed]
    else:
        pairs = list(manifest.items()) if isinstance(manifest, Mapping) else [(None, None)]
    for key, text in pairs:
        if not isinstance(key, str) or not isinstance(text, str):
            raise BadDocument(f"{file}: no manifest of Relay, Apollo or graphql-codegen: an object from id to document")
        yield key, text
