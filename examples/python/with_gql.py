"""The files of a unit with gql: python with_gql.py ADDRESS UNIT"""

import os
import sys

from gql import Client, gql
from gql.transport.httpx import HTTPXTransport

FILES = gql("""
  query GqlFiles($unit: String!, $after: String) {
    files(first: 2, after: $after, filter: { leadUnit: { eq: $unit } }, orderBy: [{ by: REFERENCE }]) {
      nodes { reference openedOn }
      pageInfo { endCursor hasNextPage }
    }
  }
""")


def main(address: str, unit: str) -> None:
    """Reads every page."""
    token = os.environ.get("TOKEN")
    transport = HTTPXTransport(url=address, headers={"Authorization": f"Bearer {token}"} if token else {})
    page = {"hasNextPage": True, "endCursor": None}
    with Client(transport=transport) as client:
        while page["hasNextPage"]:
            FILES.variable_values = {"unit": unit, "after": page["endCursor"]}
            files = client.execute(FILES)["files"]
            for file in files["nodes"]:
                print(f"{file['reference']}: {file['openedOn']}")
            page = files["pageInfo"]


if __name__ == "__main__":
    main(*sys.argv[1:])
