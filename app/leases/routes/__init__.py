"""The pages of leases: their whole life for managers, letters and rent for tenants."""

from app.leases import service
from app.leases.routes.blueprint import blueprint

__all__ = ["blueprint", "service"]
