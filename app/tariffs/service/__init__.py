"""What can be done with prices: load the files, quote a stay, draft and publish a card."""

from app.tariffs.service.loading import load_network_files
from app.tariffs.service.quoting import quote_for

__all__ = ["load_network_files", "quote_for"]
