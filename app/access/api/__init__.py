"""Passes, arrivals and devices as JSON, under /api/v1."""

from app.access.api.devices import blueprint as devices
from app.access.api.passes import blueprint as passes
from app.access.api.signatures import find_device

blueprints = (passes, devices)

__all__ = ["blueprints", "find_device"]
