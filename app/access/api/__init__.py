"""Passes, arrivals and devices as JSON, under /api/v1."""

from app.access.api import devices, passes
from app.access.api.signatures import find_device

blueprints = (passes.blueprint, devices.blueprint)

__all__ = ["blueprints", "find_device"]
