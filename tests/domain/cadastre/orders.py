"""Cadastre orders at every stage, for the tests to start from."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from domain.cadastre import FAMILY
from domain.cadastre.area import Area
from domain.cadastre.commands import (
    AssessFee,
    CancelOrder,
    ClaimLegitimateInterest,
    CompleteOrder,
    ConfirmLegitimateInterest,
    DeliverProduct,
    DraftOrder,
    GenerateProduct,
    IssueFeeNotice,
    IssueInvoice,
    OpenSeries,
    PlaceOrder,
    RecordDeliveryExpired,
    RecordPaymentOverdue,
    SettlePayment,
)
from domain.cadastre.vocabulary import (
    Assurance,
    CancelCause,
    DeliveryChannel,
    ExemptionGround,
    Format,
    InterestGround,
    PaperSize,
    PaymentMethod,
    Product,
    SeriesKind,
)
from domain.kernel import Money, Sealed
from tests.scenario import SOMEBODY_ELSE, TODAY, Given, an_id, given

ALTSTADT = "053110001000120003__"
BENRATH = "05310503300007______"
BIELEFELD = "05285303400001______"
SHA256 = "ab" * 32
RHINE = Area("053110", west=344_000, south=5_676_000, east=345_200, north=5_677_000)


def euros(amount: str) -> Money:
    return Money(Decimal(amount))


def sealed(text: str) -> Sealed[str]:
    return Sealed(text)


MAP = PlaceOrder(
    order_number="62-2026-00017",
    product=Product.PROPERTY_MAP,
    parcels=(ALTSTADT,),
    format=Format.PDF,
    paper_size=PaperSize.A3,
    copies=1,
    assurance=Assurance.NONE,
    requester=sealed("Jörg Müller, Bäckerstraße 3, 40213 Düsseldorf"),
    purpose=None,
)
OWNERS = PlaceOrder(
    order_number="62-2026-00018",
    product=Product.OWNER_STATEMENT,
    parcels=(ALTSTADT, BENRATH),
    format=Format.PDF,
    paper_size=PaperSize.A4,
    copies=1,
    assurance=Assurance.HIGH,
    requester=sealed("Änne Weiß, Lindenweg 9, 40629 Düsseldorf"),
    purpose=sealed("Grenzmauer"),
)
DATA = PlaceOrder(
    order_number="62-2026-00019",
    product=Product.DATA_EXTRACT,
    parcels=(BENRATH,),
    format=Format.NAS,
    requester=sealed("Planungsbüro Grün GmbH"),
)
CLAIM = ClaimLegitimateInterest(ground_kind=InterestGround.NEIGHBOUR, ground=sealed("Die Mauer steht auf der Grenze."))
PAY = SettlePayment(amount=euros("30.00"), method=PaymentMethod.CARD, reference="8400123")
MAKE = GenerateProduct(data_as_of=TODAY, sha256=SHA256)
BY_POST = DeliverProduct(channel=DeliveryChannel.POST)
WITHDRAW = CancelOrder(cause=CancelCause.WITHDRAWN, reason=sealed("Bauvorhaben aufgegeben"))
DOWNLOAD = DeliverProduct(channel=DeliveryChannel.DOWNLOAD, expires=date(2026, 4, 1))
NOTICES = an_id("fee notices of 2026")
INVOICES = an_id("invoices of 2026")
DUE = date(2026, 4, 2)
THE_DAY_AFTER = date(2026, 4, 3)
NOTICE = IssueFeeNotice(series_id=NOTICES, due=DUE)
INVOICE = IssueInvoice(series_id=INVOICES, due=DUE)
FREE = AssessFee(exemption_ground=ExemptionGround.ADMINISTRATIVE_ASSISTANCE)

nothing_yet = given(FAMILY)


def placed(order: PlaceOrder = MAP, on: date = TODAY) -> Given:
    return nothing_yet.when(order, on=on).so()


def claimed(ground_kind: InterestGround = InterestGround.NEIGHBOUR) -> Given:
    return placed(OWNERS).when(ClaimLegitimateInterest(ground_kind=ground_kind, ground=CLAIM.ground)).so()


def confirmed() -> Given:
    return claimed().when(ConfirmLegitimateInterest(), actor=SOMEBODY_ELSE).so()


def priced(order: PlaceOrder = MAP) -> Given:
    return placed(order).when(AssessFee(minutes=40 if order.format.is_data else None)).so()


def numbered(scenario: Given) -> Given:
    """The scenario, with a series for fee notices and one for invoices."""
    about = scenario.record_id
    notices = OpenSeries(series_kind=SeriesKind.FEE_NOTICE, year=2026, prefix="GB62")
    invoices = OpenSeries(series_kind=SeriesKind.INVOICE, year=2026, prefix="RE62", first=100)
    return scenario.about(NOTICES).when(notices).so().about(INVOICES).when(invoices).so().about(about)


def drafted(order: PlaceOrder = MAP) -> Given:
    return nothing_yet.when(draft_of(order)).so()


def draft_of(order: PlaceOrder) -> DraftOrder:
    """A basket with what an order asks for."""
    return DraftOrder(
        product=order.product,
        parcels=order.parcels,
        area=order.area,
        format=order.format,
        paper_size=order.paper_size,
        copies=order.copies,
    )


def noticed() -> Given:
    return numbered(priced()).when(NOTICE).so()


def invoiced() -> Given:
    return numbered(priced()).when(INVOICE).so()


def overdue() -> Given:
    return invoiced().when(RecordPaymentOverdue(), on=THE_DAY_AFTER).so()


def downloaded() -> Given:
    return made().when(DOWNLOAD).so()


def expired() -> Given:
    return downloaded().when(RecordDeliveryExpired(), on=date(2026, 4, 2)).so()


def paid() -> Given:
    return priced().when(PAY).so()


def made() -> Given:
    return paid().when(MAKE).so()


def delivered() -> Given:
    return made().when(BY_POST).so()


def completed() -> Given:
    return delivered().when(CompleteOrder()).so()


def cancelled() -> Given:
    return paid().when(WITHDRAW).so()


def another_priced(scenario: Given, number: str, on: date = TODAY) -> Given:
    """The scenario with one more order, whose fee is assessed; it is about that order."""
    order = placed(replace(MAP, order_number=number), on).when(AssessFee(), on=on).so()
    return scenario.beside(an_id(number), *(fact for _, fact in order.history)).about(an_id(number))
