"""The pages of prices: public ones per site, and for managers cards, drafts and rates of VAT."""

from app.tariffs.routes import cards, drafts, public, publishing, vat
from app.tariffs.routes.blueprint import blueprint

__all__ = ["blueprint", "cards", "drafts", "public", "publishing", "vat"]
