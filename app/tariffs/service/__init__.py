"""What can be done with prices: load the files, quote a stay, draft, publish and withdraw."""

from app.tariffs.service.drafting import (
    DraftWords,
    accept_base,
    discard_draft,
    save_draft,
    start_draft,
)
from app.tariffs.service.loading import load_network_files
from app.tariffs.service.publishing import publish_draft, record_vat_rate, withdraw
from app.tariffs.service.quoting import price_for, quote_for

__all__ = [
    "DraftWords",
    "accept_base",
    "discard_draft",
    "load_network_files",
    "price_for",
    "publish_draft",
    "quote_for",
    "record_vat_rate",
    "save_draft",
    "start_draft",
    "withdraw",
]
