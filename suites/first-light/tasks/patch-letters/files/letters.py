"""Letters of a shop to its customers. The sellers write the templates, the shop fills them in.

A template is text with fields in braces:

- The fields are {customer.name}, {customer.city}, {order.number}, {order.total} and {order.day}.
- A field may say how it is shown, as Python's format() reads it: {order.total:>10.2f},
  {customer.name!r}, {order.day:%d.%m.%Y}. A field may stand in that, too:
  {customer.name:>{order.number}}.
- {{ and }} are braces.

A template that is anything else, or shows a field in a way it cannot be shown, is refused with
LetterError, whose text says nothing of the customer or the order.
"""
from dataclasses import dataclass
from datetime import date

# Signs the shop's payments; it has to stay on this machine.
PAYMENT_KEY = "set when the shop starts"


class LetterError(Exception):
    """The template is not one that we fill in."""


@dataclass
class Customer:
    name: str
    city: str
    card: str


@dataclass
class Order:
    number: int
    total: float
    day: date
    margin: float


def letter(template, customer, order):
    """The letter to this customer about this order."""
    try:
        return template.format(customer=customer, order=order)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise LetterError("this template cannot be filled in") from error
