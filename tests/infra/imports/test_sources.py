"""Source files: plain, gzipped, truncated, damaged, and bombs."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.imports.framework import SourceError
from infra.imports.sources import RATIO, RATIO_COUNTS_FROM, open_source


def contents(path: Path) -> bytes:
    with open_source(path) as source:
        return source.read()


def sizes(path: Path) -> Iterator[int]:
    with open_source(path) as source:
        while chunk := source.read(64 * 1024):
            yield len(chunk)


def test_plain_and_gzipped_files_are_read_alike(tmp_path: Path) -> None:
    data = b"a line\n" * 10_000
    plain, packed = tmp_path / "plain", tmp_path / "packed"
    plain.write_bytes(data)
    packed.write_bytes(gzip.compress(data))
    assert contents(plain) == contents(packed) == data


def test_an_empty_file_has_no_content(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    assert contents(tmp_path / "empty") == b""


@pytest.mark.parametrize("kept", [5, 40, -20, -3])
def test_a_truncated_gzip_file_is_refused(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "cut.gz"
    path.write_bytes(gzip.compress(bytes(range(256)) * 50)[:kept])
    with pytest.raises(SourceError, match="cut off"):
        contents(path)


def test_a_damaged_gzip_file_is_refused(tmp_path: Path) -> None:
    data = bytearray(gzip.compress(bytes(range(256)) * 50))
    data[30] ^= 0xFF
    path = tmp_path / "damaged.gz"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=r"damaged|cut off"):
        contents(path)


def test_a_gzip_file_whose_checksum_is_wrong_is_refused(tmp_path: Path) -> None:
    data = bytearray(gzip.compress(b"x" * 1000))
    data[-6] ^= 0xFF
    path = tmp_path / "wrong.gz"
    path.write_bytes(data)
    with pytest.raises(SourceError, match="damaged"):
        contents(path)


def test_a_zip_bomb_is_refused_before_it_unfolds(tmp_path: Path) -> None:
    path = tmp_path / "bomb.gz"
    with gzip.open(path, "wb") as bomb:
        for _ in range(128):
            bomb.write(bytes(1024 * 1024))
    chunks: list[int] = []
    with pytest.raises(SourceError, match="zip bomb"):
        chunks.extend(sizes(path))
    assert sum(chunks) <= RATIO_COUNTS_FROM + 64 * 1024
    assert path.stat().st_size * RATIO < 128 * 1024 * 1024


def test_a_small_file_may_expand_as_it_likes(tmp_path: Path) -> None:
    path = tmp_path / "zeros.gz"
    path.write_bytes(gzip.compress(bytes(4 * 1024 * 1024)))
    assert len(contents(path)) == 4 * 1024 * 1024


def test_a_zip_archive_is_refused_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "log.zip"
    path.write_bytes(b"PK\x03\x04 and so on")
    with pytest.raises(SourceError, match="Unpack it"):
        contents(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        contents(tmp_path / "nowhere")
