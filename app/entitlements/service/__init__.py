"""What can be done with rights: buy, credit, spend, give back, take back, and reside."""

from app.entitlements.service.residing import end_residence, set_residence
from app.entitlements.service.reversing import reverse_right, reverse_use, use_pieces
from app.entitlements.service.roaming import note_visit, withdraw_visit
from app.entitlements.service.selling import (
    CREDITED,
    MOST_CREDITED,
    Credit,
    Order,
    Priced,
    credit,
    order,
    price_order,
    sell,
    sellable,
)
from app.entitlements.service.spending import (
    Spending,
    Stay,
    give_back,
    give_back_many,
    spend,
    spend_many,
)
from app.entitlements.service.telling import tell

__all__ = [
    "CREDITED",
    "MOST_CREDITED",
    "Credit",
    "Order",
    "Priced",
    "Spending",
    "Stay",
    "credit",
    "end_residence",
    "give_back",
    "give_back_many",
    "note_visit",
    "order",
    "price_order",
    "reverse_right",
    "reverse_use",
    "sell",
    "sellable",
    "set_residence",
    "spend",
    "spend_many",
    "tell",
    "use_pieces",
    "withdraw_visit",
]
