"""The own projections of a home: a copy of each file, and beside it the SHA-256 that it was checked with."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from infra.files import replacing
from infra.own.errors import BadProjection
from projections.query import OWN


@dataclass(frozen=True, slots=True)
class Own:
    """A registered projection. `sha256` is that of the file when it was added."""

    name: str
    path: Path
    sha256: str

    @property
    def unchanged(self) -> bool:
        """Whether the copy is still what was checked."""
        try:
            return hashlib.sha256(self.path.read_bytes()).hexdigest() == self.sha256
        except OSError:  # gone, or not to be read: not what was checked
            return False

    @property
    def changed(self) -> str:
        """What to do where it is not."""
        return f"{self.path} is not what was added: `stadtbuch project add` it again"


@dataclass(frozen=True, slots=True)
class Registry:
    """The folder `own` of a home. `NAME.sha256` is in the form of sha256sum: `sha256sum -c` checks it too."""

    folder: Path

    def all(self) -> list[Own]:
        """What is registered, by name. One whose checksum was changed by hand is there, and is not `unchanged`."""
        found = []
        for path in sorted(self.folder.glob(f"{OWN}*.sha256")):
            try:
                text = path.read_text(encoding="ascii", errors="replace")
            except FileNotFoundError:  # removed meanwhile
                continue
            except OSError as error:
                text = str(error)
            match = re.fullmatch(rf"([0-9a-f]{{64}})  {re.escape(path.stem)}\.py\n", text)
            found.append(Own(path.stem, path.with_suffix(".py"), match[1] if match else ""))
        return found

    def unkept(self, name: str) -> Own:
        """One that is not registered, or not any more."""
        return Own(name, self.folder / f"{name}.py", "")

    def find(self, name: str) -> Own:
        """The one of that name, with or without its prefix. Raises BadProjection."""
        wanted = OWN + name.removeprefix(OWN)
        known = self.all()
        for own in known:
            if own.name == wanted:
                return own
        names = ", ".join(own.name for own in known) or "none"
        raise BadProjection(f"There is no own projection {name!r}. There are: {names}")

    def keep(self, name: str, source: bytes) -> Own:
        """Register a file that was checked, in the place of an earlier one."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        digest = hashlib.sha256(source).hexdigest()
        own = Own(name, self.folder / f"{name}.py", digest)
        _replace(own.path, source)
        _replace(own.path.with_suffix(".sha256"), f"{digest}  {name}.py\n".encode("ascii"))
        return own

    def forget(self, own: Own) -> None:
        """Take it out; its rows are another matter."""
        own.path.with_suffix(".sha256").unlink(missing_ok=True)
        own.path.unlink(missing_ok=True)


def _replace(path: Path, text: bytes) -> None:
    with replacing(path) as new:
        new.write_bytes(text)
        new.chmod(0o600)
