"""What is done with titles and the stock."""

from collections.abc import Callable
from dataclasses import replace

from domain.library import commands as c
from domain.library.state import Item, Title
from domain.library.vocabulary import (
    WithdrawalGround,
)
from tests.machines.library.people import BRANCHES, MEDIA, nobody, or_before
from tests.machines.machine import Attempt, Scene


def catalogue(scene: Scene) -> Attempt:
    number = scene.number("T-") if scene.chance(0.7) else scene.taken("library.title_number")
    return Attempt(command=c.CatalogueTitle(number=number, title="Immensee", media_type=scene.pick(MEDIA)))


def correct_title(scene: Scene) -> Attempt:
    record, _ = scene.some(Title)
    field = scene.pick(["title", "creator", "isbn", "number"])
    return Attempt(command=c.CorrectTitle(field=field, new=scene.pick(["a", "b"]), reason=scene.text()), record=record)


def acquiring(scene: Scene, barcode: str) -> c.AcquireItem:
    return c.AcquireItem(
        barcode=barcode,
        title=scene.often("Immensee", None),
        media_type=scene.pick(MEDIA),
        branch=scene.pick(BRANCHES),
        for_loan=scene.chance(0.9),
    )


def acquire(scene: Scene) -> Attempt:
    return Attempt(command=acquiring(scene, scene.number()))


def acquire_under_a_taken_barcode(scene: Scene) -> Attempt:
    return Attempt(command=replace(acquiring(scene, scene.taken("library.barcode")), title="Immensee"))


def acquire_of_a_title(scene: Scene) -> Attempt:
    title_id, title = scene.some(Title)
    media_type = scene.often(title.media_type, *MEDIA)
    command = replace(acquiring(scene, scene.number()), title_id=title_id, media_type=media_type)
    return Attempt(command=command if scene.chance(0.8) else replace(command, title_id=nobody(scene)))


def assign(scene: Scene) -> Attempt:
    record, _ = scene.some(Item)
    title_id, _ = scene.pick(scene.world.of(Title).items())
    return Attempt(command=c.AssignItemToTitle(title_id=scene.often(title_id, nobody(scene))), record=record)


def correct_item(scene: Scene) -> Attempt:
    record, _ = scene.some(Item)
    field = scene.pick(["title", "shelf_mark", "branch", "barcode"])
    command = c.CorrectItem(field=field, new=scene.pick(BRANCHES), reason=scene.text())
    return Attempt(command=command, record=record)


def withdraw(scene: Scene) -> Attempt:
    record, _ = scene.some(Item)
    return Attempt(command=c.WithdrawItem(ground=scene.pick(WithdrawalGround)), record=record, on=or_before(scene))


def begin_twice(scene: Scene) -> Attempt:
    record, _ = scene.some(Item)
    return Attempt(command=replace(acquiring(scene, scene.number()), title="Immensee"), record=record)


def send_nothing(scene: Scene) -> Attempt:
    return Attempt(command=c.RecallItem(), record=nobody(scene))


MOVES: tuple[Callable[[Scene], Attempt], ...] = (
    catalogue,
    correct_title,
    acquire,
    acquire_under_a_taken_barcode,
    acquire_of_a_title,
    assign,
    correct_item,
    withdraw,
    begin_twice,
    send_nothing,
)
