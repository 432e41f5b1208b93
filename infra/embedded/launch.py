"""Starts and stops the server process."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from infra.embedded.account import ENVIRONMENT, Account
from infra.embedded.errors import EmbeddedError
from infra.embedded.locks import Patience, Progress, inheritable, is_held
from infra.embedded.place import Place
from infra.embedded.running import RECOVERY_LIMIT, Running, asked, send

SOCKET_PORT = 5432  # names the socket file only; nothing listens on it
STOP_LIMIT = 120.0  # seconds; a fast shutdown writes a checkpoint
ANSWER_LIMIT = 10.0  # seconds that a server may be silent before it is stopped without a word
LOGS_KEPT = 10  # of at most 10 MB each

# Servers that this process started, by data directory, until they have ended and were waited for.
_children: dict[Path, int] = {}


def launch(
    place: Place,
    account: Account,
    bindir: Path,
    tcp_port: int | None,
    settings: Mapping[str, str],
    progress: Progress,
) -> Running:
    """Starts the server and waits until it answers, crash recovery included.

    To be called under the mutex and when no process of an earlier server is left: what that one's files
    still say (postmaster.pid, socket lock files) is then stale, even where it names a living process.
    """
    prune_logs(place)
    (place.data / "postmaster.pid").unlink(missing_ok=True)
    port = tcp_port or SOCKET_PORT
    arguments = {
        "unix_socket_directories": _listed(place.fresh_socket_dir(account, port)),
        "unix_socket_permissions": "0700",
        "listen_addresses": "127.0.0.1" if tcp_port else "",
        "port": str(port),
        **settings,
    }
    command = [str(bindir / "postgres"), "-D", str(place.data)]
    for name, value in arguments.items():
        command += ["-c", f"{name}={value}"]
    began = time.time()
    pid = _spawn(place, account, command)
    patience = Patience("PostgreSQL is starting or recovering", RECOVERY_LIMIT, progress)
    while True:
        with asked(place) as running:
            if running and running.pid == pid:
                return running
        if not _child_lives(place) and not is_held(place.alive):
            raise EmbeddedError(f"PostgreSQL in {place.data} did not start. It said:\n{last_words(place, began)}")
        if patience.over:
            raise EmbeddedError(
                f"PostgreSQL is still recovering {place.data} after {RECOVERY_LIMIT / 60:.0f} minutes and goes on. "
                f"Look into {place.log}; run the command again to go on waiting."
            )
        patience.pause()


def _spawn(place: Place, account: Account, command: list[str]) -> int:
    """Starts the postmaster in a session of its own, so that no Ctrl-C or closed terminal of ours reaches it."""
    place.startup_log.unlink(missing_ok=True)
    output = os.open(place.startup_log, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        with inheritable(place.alive) as alive:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=place.base,
                env=ENVIRONMENT,
                umask=0o077,
                start_new_session=True,
                pass_fds=[alive],
                **account.identity,
            )
    except OSError as error:
        raise EmbeddedError(f"{command[0]} cannot be run as the user {account.name}: {error.strerror}.") from error
    finally:
        os.close(output)
    process.returncode = 0  # it may outlive us, so it is waited for by _child_lives and not by Popen
    _children[place.data] = process.pid
    return process.pid


def _child_lives(place: Place) -> bool:
    """Whether a server that we started still runs. Until it is waited for, its process id belongs to nobody else."""
    if place.data not in _children:
        return False
    try:
        if os.waitpid(_children[place.data], os.WNOHANG) == (0, 0):
            return True
    except ChildProcessError:  # we are a forked copy of the process that started it
        pass
    del _children[place.data]
    return False


def shut_down(place: Place, account: Account, progress: Progress) -> None:
    """Stops the server the fast way and waits until its last process has gone. To be called under the mutex.

    Only a server that answers is asked to stop: PostgreSQL may hang for ever when a fast shutdown reaches it
    in the recovery after the crash of a backend. One that somebody started by hand holds no lock and is left running.
    """
    patience = Patience("PostgreSQL is stopping", STOP_LIMIT, progress)
    told: int | None = None
    while is_held(place.alive) or _child_lives(place):
        if told is None:
            told = _told_to_stop(place, account)
        if told is None and (patience.waited > ANSWER_LIMIT or not place.data.exists()):
            if not _child_lives(place):
                progress(f"PostgreSQL in {place.data} does not answer; it is left to the next start.")
                return
            told = _children[place.data]  # it recovers, and will do so again next time, or its files have gone
            _end(told, place, account)
        if told is not None and patience.over:
            progress("PostgreSQL does not stop; it is ended at once, and the next start recovers.")
            _end(told, place, account)
            patience = Patience("PostgreSQL is ending", float("inf"), progress)
        patience.pause()
    place.forget_socket_dir(account)


def _told_to_stop(place: Place, account: Account) -> int | None:
    with asked(place) as running:  # stays connected, so that the process id is still its own when it is signalled
        if running:
            send(signal.SIGINT, {running.pid}, place, account)
        return running.pid if running else None


def _end(pid: int, place: Place, account: Account) -> None:
    """Immediate shutdown. A child of ours that still lives needs no further proof that it is the server."""
    if _child_lives(place) and _children[place.data] == pid:
        os.kill(pid, signal.SIGQUIT)
    else:
        send(signal.SIGQUIT, {pid}, place, account)


def prune_logs(place: Place) -> None:
    """Keeps the newest log files; each is bounded by log_rotation_size."""
    logs = sorted(place.log.glob("postgresql-*.log"), reverse=True)
    for old in logs[LOGS_KEPT:]:
        old.unlink(missing_ok=True)


def last_words(place: Place, since: float) -> str:
    """The end of what the server said since then (seconds of the epoch), for a message to the user."""
    sources = [place.startup_log, *sorted(place.log.glob("postgresql-*.log"))[-1:]]
    said = [path for path in sources if path.is_file() and not path.is_symlink() and path.stat().st_mtime >= since]
    return "\n".join(line for path in said for line in path.read_text(errors="replace").splitlines()[-8:])


def _listed(folder: Path) -> str:
    """A path as an item of a list setting."""
    return '"' + str(folder).replace('"', '""') + '"'
