"""The pages of leases: their whole life for managers, letters and rent for tenants."""

from app.leases.routes import drafts, indices, life, listing, papers
from app.leases.routes.blueprint import blueprint

__all__ = ["blueprint", "drafts", "indices", "life", "listing", "papers"]
