"""What is checked of a file that is attached to a paper or a meeting."""

import re
from typing import Final

from domain.council import checks
from domain.council.commands import AttachMeetingFile, AttachPaperFile
from domain.council.parts import FileData
from domain.kernel import Invalid, Message

_SHA512: Final = re.compile(r"[0-9a-f]{128}")


def new_file(command: AttachPaperFile | AttachMeetingFile) -> FileData:
    """The clear contents of the file. Raises Invalid."""
    if not _SHA512.fullmatch(command.sha512):
        raise Invalid(
            "sha512", Message("must be 128 lower-case hex digits", "muss aus 128 kleinen Hexziffern bestehen")
        )
    return FileData(
        role=command.role,
        public=command.public,
        item=command.item if isinstance(command, AttachMeetingFile) else None,
        mime_type=checks.short("mime_type", command.mime_type),
        size=checks.count("size", command.size),
        sha512=command.sha512,
    )
