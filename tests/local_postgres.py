"""Prints the binary directory of the oldest PostgreSQL from 15 to 17 on this machine, or nothing."""

import re
import shutil
import subprocess
import sys
from pathlib import Path


def version(bindir: Path) -> int | None:
    """Major version of the server in this directory; None where there is no server that can be run."""
    try:
        text = subprocess.run([bindir / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    found = re.search(r" (\d+)", text)
    return int(found[1]) if found else None


def find() -> Path | None:
    """Looks where pg_config points, then where Debian, the PGDG packages and Red Hat put them."""
    places = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    if pg_config := shutil.which("pg_config"):
        shown = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=True).stdout
        places.append(Path(shown.strip()))
    servers = sorted((major, str(place)) for place in places if (major := version(place)) and 15 <= major < 18)
    return Path(servers[0][1]) if servers else None


if __name__ == "__main__":
    sys.stdout.write(str(find() or ""))
