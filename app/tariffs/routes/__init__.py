"""The pages of prices: public ones per site, and for managers cards, drafts and rates of VAT."""

from app.tariffs.routes import public
from app.tariffs.routes.blueprint import blueprint

__all__ = ["blueprint", "public"]
