"""The pages of leases: their whole life for managers, letters and rent for tenants."""

from app.leases.routes import drafts, indices, life, listing, papers
from app.leases.routes.blueprint import blueprint
from app.leases.routes.seeing import offices_of

__all__ = ["blueprint", "drafts", "indices", "life", "listing", "offices_of", "papers"]
