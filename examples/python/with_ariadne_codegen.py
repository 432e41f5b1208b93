"""The files of a unit with a generated, typed client: python with_ariadne_codegen.py ADDRESS UNIT RECORD"""

import asyncio
import os
import sys
from uuid import uuid4

from generated.stadtbuch_client import Client, TransferFileLeadUnitInput


async def main(address: str, unit: str, record: str) -> None:
    """Reads every page, and shows what becomes of a command on an old version."""
    token = os.environ.get("TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with Client(url=address, headers=headers) as client:
        after = None
        while True:
            files = (await client.files_of_unit(unit=unit, after=after)).files
            for file in files.nodes:
                print(f"{file.reference}: {file.opened_on:%d.%m.%Y}, version {file.version}")
            if not files.page_info.has_next_page:
                break
            after = files.page_info.end_cursor
        command = TransferFileLeadUnitInput(
            record=record,
            idempotency_key=str(uuid4()),
            expected_version=99,  # the version that the person saw
            new_lead_unit="10",
            reason="Zuständigkeit geändert",
        )
        done = (await client.transfer(command)).transfer_file_lead_unit
        if done.typename__ == "VersionConflict":
            print(f"conflict: {done.actual} is there, not {done.expected}")
        else:
            print(done)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
