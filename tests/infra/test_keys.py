"""The key-encryption key: taken from a private file or a command, and told to nobody."""

import os
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from infra.keys import KEY_BYTES, KeyEncryptionKey, KeyUnavailable, from_command, from_file

SECRET = bytes(range(KEY_BYTES))


def held(path: Path, text: str = SECRET.hex() + "\n", mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def test_a_new_key_is_random_and_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        keys = [from_file(tmp_path / name, create=True) for name in ("a", "b")]
    finally:
        os.umask(before)
    assert keys[0].secret != keys[1].secret
    assert [len(key.secret) for key in keys] == [KEY_BYTES, KEY_BYTES]
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600


def test_a_key_that_is_there_is_not_made_again(tmp_path: Path) -> None:
    path = held(tmp_path / "kek")
    assert from_file(path, create=True) == from_file(path) == KeyEncryptionKey(SECRET)


def test_many_that_make_the_key_at_once_get_the_same(tmp_path: Path) -> None:
    start = Barrier(8)

    def make(_: int) -> KeyEncryptionKey:
        start.wait(30)
        return from_file(tmp_path / "kek", create=True)

    for _ in range(5):
        with ThreadPoolExecutor(8) as threads:
            assert len(set(threads.map(make, range(8)))) == 1
        assert [path.name for path in tmp_path.iterdir()] == ["kek"]
        (tmp_path / "kek").unlink()


def test_a_place_where_no_key_can_be_made_is_explained(tmp_path: Path) -> None:
    with pytest.raises(KeyUnavailable, match="no key-encryption key can be made at"):
        from_file(tmp_path / "missing" / "kek", create=True)


def test_a_key_is_not_made_unasked(tmp_path: Path) -> None:
    with pytest.raises(KeyUnavailable, match=r"there is no key-encryption key at .*: restore it from its backup"):
        from_file(tmp_path / "kek")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620, 0o601])
def test_a_key_that_others_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    path = held(tmp_path / "kek", mode=mode)
    with pytest.raises(KeyUnavailable, match=f"chmod 600 {path}"):
        from_file(path)


MALFORMED = {
    "nothing": "",
    "too short": SECRET.hex()[:-2],
    "too long": SECRET.hex() + "00",
    "half a byte": SECRET.hex()[:-1],
    "other letters": "zz" * KEY_BYTES,
    "not ASCII": "ä" * 2 * KEY_BYTES,
    "the bytes themselves": "".join(map(chr, SECRET)),
    "two keys": SECRET.hex() + "\n" + SECRET.hex(),
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_key_is_refused_and_not_repeated(tmp_path: Path, text: str) -> None:
    with pytest.raises(KeyUnavailable) as refused:
        from_file(held(tmp_path / "kek", text))
    assert str(tmp_path / "kek") in str(refused.value)
    assert not text or text[:8] not in whole(refused.value)


def test_a_directory_in_the_keys_place_is_explained(tmp_path: Path) -> None:
    with pytest.raises(KeyUnavailable, match="cannot be read"):
        from_file(tmp_path)


def whole(error: BaseException | None) -> str:
    """All that a log could show of an error and of what it came from."""
    texts = []
    while error is not None:
        texts.append(f"{error} {error!r} {vars(error)}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(texts)


def command(program: str) -> str:
    return f"{sys.executable} -c '{program}'"


def test_a_command_prints_the_key() -> None:
    assert from_command(command(f'print("{SECRET.hex().upper()}")')) == KeyEncryptionKey(SECRET)


@pytest.mark.parametrize(
    "program",
    [
        f'import sys; print("{SECRET.hex()}"); sys.exit(1)',
        f'import sys; print("{SECRET.hex()}", file=sys.stderr); sys.exit(1)',
        f'print("key = {SECRET.hex()}")',
        f'print("{SECRET.hex()}" * 2)',
        'import sys; sys.stdout.buffer.write(bytes([0xff]) + b"' + SECRET.hex() + '")',
    ],
    ids=["fails", "fails and complains", "prints more", "prints two", "prints bytes"],
)
def test_a_command_that_fails_gives_nothing_away(program: str) -> None:
    with pytest.raises(KeyUnavailable, match="STADTBUCH_KEK_COMMAND") as refused:
        from_command(command(program))
    assert SECRET.hex()[:8] not in whole(refused.value)


@pytest.mark.parametrize("line", ["/no/such/program", "unbalanced '", ""])
def test_a_command_that_cannot_be_run_is_explained(line: str) -> None:
    with pytest.raises(KeyUnavailable, match="STADTBUCH_KEK_COMMAND failed"):
        from_command(line)


def test_a_command_is_run_without_a_shell(tmp_path: Path) -> None:
    with pytest.raises(KeyUnavailable):
        from_command(f"echo {SECRET.hex()} > {tmp_path / 'leak'}")
    assert not list(tmp_path.iterdir())


def test_a_key_shows_its_name_and_never_itself() -> None:
    key = KeyEncryptionKey(SECRET)
    assert repr(key) == "KeyEncryptionKey()"
    assert len(key.id) == 16
    assert key.id not in SECRET.hex()
    assert key.id != KeyEncryptionKey(bytes(KEY_BYTES)).id


def test_only_the_key_that_wrapped_a_data_key_unwraps_it() -> None:
    key, other, data = KeyEncryptionKey(SECRET), KeyEncryptionKey(bytes(KEY_BYTES)), os.urandom(32)
    wrapped = key.wrap(data)
    assert data not in wrapped
    assert key.unwrap(wrapped) == data
    for wrong, what in ((other, wrapped), (key, wrapped[:-1] + bytes([wrapped[-1] ^ 1])), (key, b""), (key, b"short")):
        with pytest.raises(KeyUnavailable, match="STADTBUCH_KEK_FILE or STADTBUCH_KEK_COMMAND"):
            wrong.unwrap(what)
