"""What can be wrong with a question to a report, or with the form asked for."""


class BadQuestion(ValueError):
    """A name, a filter, an order or a chart that there is not; says what there is."""


class NotBuilt(Exception):
    """The view of a declared read model or report is not there."""


class DoesNotFit(Exception):
    """The format asked for cannot hold the rows as they are; says which can."""
