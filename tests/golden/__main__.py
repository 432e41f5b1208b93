"""Writes the golden bodies of facts that have none yet."""

from domain.families import FAMILIES
from domain.kernel import Envelope, Fact
from tests.golden.samples import body_of, golden, sample


def write_missing() -> None:
    """One file for each topic that has none; those that are there stay as they are."""
    wanted: dict[str, type[Fact | Envelope]] = {fact.topic: fact for family in FAMILIES for fact in family.facts}
    for topic, cls in (wanted | {"envelope": Envelope}).items():
        path = golden(topic)
        if not path.exists():
            path.write_bytes(body_of(sample(cls)) + b"\n")
            print(path.name)


if __name__ == "__main__":
    write_missing()
