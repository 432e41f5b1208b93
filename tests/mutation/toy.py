"""A rule of a toy, to break: a gate that lets in whoever is old enough."""

from domain.kernel import Message, Rejected, Rule

TOO_YOUNG = Rule("toy.too_young", Message("Only adults go in.", "Nur für Erwachsene."), Message("Wait.", "Warten."))
NOBODY = Rule("toy.nobody", Message("Somebody must come.", "Jemand muss kommen."), Message("Come.", "Kommen."))
ADULT = 18


def enter(age: int | None) -> str:
    """Let somebody in."""
    against = []
    if age is None:
        against.append(NOBODY)
    for rule in against:
        raise Rejected(rule)
    if (age or 0) < ADULT:
        raise Rejected(TOO_YOUNG, age=age)
    return "in"
