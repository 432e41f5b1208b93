"""Commands through the API: what is recorded, and how what is not is answered."""

from __future__ import annotations

from tests.graphql_api.api import Api


def test_a_file_is_opened_and_can_be_read_at_once(api: Api) -> None:
    opened = api.file(reference="63-1/2026", subject="Neubau einer Lagerhalle")
    found = api.ask(
        """query ($number: String!, $position: BigInt!) {
          record(number: $number, minPosition: $position) {
            recordId kind family number version
            file { reference subject { text erased } leadUnit }
          }
        }""",
        number="63-1/2026",
        position=opened["position"],
    )
    assert found["record"] == {
        "recordId": opened["recordId"],
        "kind": "file",
        "family": "efile",
        "number": "63-1/2026",
        "version": "1",
        "file": {
            "reference": "63-1/2026",
            "subject": {"text": "Neubau einer Lagerhalle", "erased": False},
            "leadUnit": "63",
        },
    }
