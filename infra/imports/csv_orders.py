"""Rows of cadastre orders from an earlier system: one row an order, with the days on which its steps were taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeVar
from uuid import UUID

from domain.cadastre.commands import (
    AssessFee,
    CompleteOrder,
    DeliverProduct,
    GenerateProduct,
    IssueFeeNotice,
    PlaceOrder,
    SettlePayment,
)
from domain.cadastre.state import Order
from domain.cadastre.vocabulary import (
    Assurance,
    DeliveryChannel,
    ExemptionGround,
    Format,
    PaperSize,
    PaymentMethod,
    Product,
    Stage,
)
from domain.kernel import Command, Effective, Message, Money, Sealed
from domain.requests import Request
from infra.imports.csv_mapping import Value
from infra.imports.framework import BadField, Book, Group, Planned, idempotency_key, principal, record_id
from infra.ledger.streams import Stream

KIND: Final = "csv"

DELIVERED: Final = (Stage.DELIVERED, Stage.COMPLETED)
WORDS: Final[Mapping[str, type[StrEnum]]] = MappingProxyType(
    {
        "product": Product,
        "format": Format,
        "paper_size": PaperSize,
        "assurance": Assurance,
        "exemption": ExemptionGround,
        "payment_method": PaymentMethod,
        "delivery_channel": DeliveryChannel,
    }
)
"""Fields whose values are words of the domain; a mapping translates the source's into these."""
TOGETHER: Final = (
    ("notice_number", "noticed_on", "due_on"),
    ("paid", "paid_on"),
    ("made_on", "sha256"),
    ("delivered_on", "delivery_channel"),
)
"""Fields that mean nothing without each other."""

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order, as far as its source had come with it: its values by field, without those that are empty."""

    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)

    @property
    def number(self) -> str:
        return str(self.values["order_number"])


class Step(NamedTuple):
    """Something that was done to an order on a day. Steps of one day are taken in the order they are named in."""

    day: date
    name: str
    command: Command


class OrderTarget:
    """Makes orders of rows. What an order has of a row already stays as it is; a row that says more is gone on with."""

    name: Final = "cadastre.order"
    retracts: Final = False
    one_row: Final = False
    required: Final = frozenset({"order_number", "placed_on", "product", "parcels", "requester"})
    optional: Final = frozenset(
        {
            "format", "paper_size", "copies", "assurance", "purpose", "minutes", "exemption", "assessed_on",
            "notice_number", "noticed_on", "due_on", "paid", "paid_on", "payment_method", "data_as_of", "made_on",
            "sha256", "delivered_on", "delivery_channel", "expires_on", "completed_on",
        }
    )  # fmt: skip
    types: Final[Mapping[str, str]] = MappingProxyType(
        {
            **dict.fromkeys(("copies", "minutes"), "integer"),
            "paid": "decimal",
            **{name: "date" for name in required | optional if name.endswith("_on") or name == "data_as_of"},
        }
    )

    def content(self, values: Mapping[str, Value], source: str, count: Callable[[str, str], int]) -> OrderRow:
        """The row, its words read. Raises BadField for a word that the domain does not know, and for half a step."""
        known = {name: value for name, value in values.items() if value is not None}
        for names in TOGETHER:
            given = [name for name in names if name in known]
            if given and len(given) < len(names):
                listed = ", ".join(names)
                raise BadField(
                    Message(f"{listed} are given together or not at all.", f"{listed} gibt es nur zusammen.")
                )
        read = {name: _word(WORDS[name], name, value) if name in WORDS else value for name, value in known.items()}
        return OrderRow(read)

    def key(self, row: OrderRow) -> str:
        """What the order is called."""
        return key_of(row.number)

    def record_id(self, key: str, book: Book) -> UUID:
        """The record that is called so."""
        return record_id(KIND, key)

    def source_id(self, row: OrderRow) -> str:
        """What a person would call the row."""
        return row.number

    def plan(self, group: Group[OrderRow], book: Book) -> Sequence[Planned]:
        """The steps that the order has not taken yet."""
        taken = set(_taken(group.state)) if isinstance(group.state, Order) else set()
        follows = group.version
        planned = []
        for row in group.rows:
            open_steps = [step for step in _steps(row.content) if step.name not in taken]
            digest = book.pseudonym("import.csv.order", _text(row.content)) if open_steps else ""
            requests = tuple(
                _request(group.record_id, group.key, step, digest, follows + n) for n, step in enumerate(open_steps)
            )
            taken.update(step.name for step in open_steps)
            follows += len(requests)
            planned.append(Planned(row=row.number, requests=requests))
        return planned

    def missing(self, key: str, stream: Stream, source: str, seen: Callable[[str], int]) -> tuple[Request, ...]:
        """Nothing: an order that a later file does not have was placed all the same."""
        return ()


def _word(words: type[E], name: str, value: Value) -> E:
    try:
        return words(str(value))
    except ValueError:
        listed = ", ".join(words)
        raise BadField(
            Message(
                f"{name}: translate the source's words to one of {listed}, in the mapping's values.",
                f"{name}: Übersetzen Sie die Wörter der Quelle in eines von {listed}, in den Werten der Zuordnung.",
            )
        ) from None


def _steps(row: OrderRow) -> list[Step]:
    found = list(_all_steps(row))
    order = {step.name: place for place, step in enumerate(found)}
    return sorted(found, key=lambda step: (step.day, order[step.name]))


def _all_steps(row: OrderRow) -> Iterator[Step]:
    """What the row says was done, each in the place it has where all is done on one day."""
    yield Step(row["placed_on"], "place", _placing(row))
    later = [row[name] for name in ("assessed_on", "noticed_on", "paid_on", "made_on") if row[name]]
    if later:
        assess = AssessFee(minutes=row["minutes"], exemption_ground=row["exemption"])
        yield Step(min(later), "assess", assess)
    if row["noticed_on"]:
        notice = IssueFeeNotice(notice_number=row["notice_number"], due=row["due_on"])
        yield Step(row["noticed_on"], "notice", notice)
    if row["paid_on"]:
        amount = Money(Decimal(row["paid"]).quantize(Decimal("0.01")))
        method = row["payment_method"] or PaymentMethod.TRANSFER
        yield Step(row["paid_on"], "pay", SettlePayment(amount=amount, method=method))
    if row["made_on"]:
        data_as_of = row["data_as_of"] or row["made_on"]
        yield Step(row["made_on"], "make", GenerateProduct(data_as_of=data_as_of, sha256=row["sha256"]))
    if row["delivered_on"]:
        command = DeliverProduct(channel=row["delivery_channel"], expires=row["expires_on"])
        yield Step(row["delivered_on"], "deliver", command)
    if row["completed_on"]:
        yield Step(row["completed_on"], "complete", CompleteOrder())


def _placing(row: OrderRow) -> PlaceOrder:
    format = row["format"] or Format.PDF
    return PlaceOrder(
        order_number=row.number,
        product=row["product"],
        parcels=tuple(row["parcels"].split()),
        format=format,
        paper_size=row["paper_size"] or (None if format.is_data else PaperSize.A4),
        copies=row["copies"] if row["copies"] is not None else 1,
        assurance=row["assurance"] or Assurance.NONE,
        requester=Sealed(row["requester"]),
        purpose=Sealed(row["purpose"]) if row["purpose"] else None,
    )


def _taken(order: Order) -> Iterator[str]:
    """The steps that an order has behind it."""
    yield "place"
    if order.fee is not None:
        yield "assess"
    if order.demand is not None:
        yield "notice"
    if order.settled:
        yield "pay"
    if order.sha256 is not None:
        yield "make"
    if order.stage in DELIVERED:
        yield "deliver"
    if order.stage is Stage.COMPLETED:
        yield "complete"


def _request(record: UUID, key: str, step: Step, digest: str, follows: int) -> Request:
    """A step is one event, and names the version it follows: what comes after a refused one is not recorded either."""
    return Request(
        command=step.command,
        principal=principal(KIND),
        idempotency_key=idempotency_key(KIND, key, f"{step.name}\x1f{digest}", follows),
        record_id=record,
        expected_version=follows or None,
        effective=Effective.on(step.day),
    )


def key_of(number: str) -> str:
    """What the record of an order is called."""
    return f"{OrderTarget.name}\x1f{number}"


def _text(row: OrderRow) -> str:
    return "\x1f".join(f"{name}={value}" for name, value in sorted(row.values.items()))
