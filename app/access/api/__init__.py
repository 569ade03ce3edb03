"""Passes, arrivals and devices as JSON, under /api/v1."""

from app.access.api import devices, passes, rooms
from app.access.api.signatures import find_device

blueprints = (passes.blueprint, devices.blueprint, rooms.blueprint)

__all__ = ["blueprints", "find_device"]
