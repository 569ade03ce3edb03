"""The pages of leases: their whole life for managers, letters and rent for tenants."""

from app.leases import tables
from app.leases.routes.blueprint import blueprint
from app.tariffs import indices

__all__ = ["blueprint", "indices", "tables"]
