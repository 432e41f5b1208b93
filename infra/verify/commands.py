"""Checks that every event belongs to the command that ledger.command remembers for its position, and no other."""

from __future__ import annotations

from datetime import datetime

from infra.verify.reading import CommandRow, Connection, Row, commands
from infra.verify.report import Report


class Commands:
    """The events of a command lie side by side and have one time, and one of them at least is of its own record: its
    version is that of this record after it.
    """

    def __init__(self, report: Report, connection: Connection) -> None:
        self._report = report
        self._stored = commands(connection)
        self._current: CommandRow | None = None
        self._next = next(self._stored, None)
        self._reached = 0
        self._cut_off = False
        self._time: datetime | None = None
        self._versions: dict[str, int] = {}

    def check(self, row: Row) -> None:
        """Check one event."""
        while self._next is not None and self._next.first <= row.position:
            self._begin(self._next, row.position)
        command = self._current
        if command is None or command.last < row.position:
            self._cut_off = command is not None and command.command_id == row.command_id
            self._found(row.position, f"the command {row.command_id} is not remembered for this event")
            return
        if command.command_id != row.command_id:
            self._found(row.position, f"command {command.command_id} is remembered for an event of {row.command_id}")
        if self._time is not None and self._time != row.recorded_at:
            self._report.found(row.position, "time", "recorded at another time than the other events of its command")
        self._reached = row.position
        self._time = row.recorded_at
        self._versions[row.record_id] = row.version

    def end(self) -> None:
        """Check that no command is remembered for events that are not there."""
        self._settle()
        while self._next is not None:
            self._found(self._next.first, f"command {self._next.command_id} is remembered for events behind the last")
            self._next = next(self._stored, None)

    def _begin(self, command: CommandRow, position: int) -> None:
        self._settle()
        if self._current is not None and command.first <= self._current.last:
            self._found(command.first, f"command {command.command_id} is remembered for events of another command")
        elif command.first < position:
            self._found(command.first, f"command {command.command_id} is remembered for an event that is not there")
        self._current, self._next = command, next(self._stored, None)
        self._cut_off = False
        self._time = None
        self._versions.clear()

    def _settle(self) -> None:
        """Check the current command, of which all events have passed."""
        command = self._current
        if command is None:
            return
        if self._reached < command.last:
            message = f"command {command.command_id} is remembered for more events than are its own"
            self._found(self._reached + 1, message)
        elif not self._cut_off and self._versions.get(command.record_id) != command.version:
            message = f"command {command.command_id} is remembered with another record or version than its events have"
            self._found(command.last, message)

    def _found(self, position: int, message: str) -> None:
        self._report.found(position, "command", f"{message}: correct ledger.command, it follows from the events")
