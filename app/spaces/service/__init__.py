"""What can be done to places: occupy and give back, and load the network from its files."""

from app.spaces.service.allocations import (
    confirm_hold,
    end_early,
    forget_expired_holds,
    keep_until,
    lock_space,
    occupy,
    release,
)
from app.spaces.service.closing import reopen, shut
from app.spaces.service.doors import hear_door
from app.spaces.service.loading import LoadReport, apply_plan, load_network, move_revision
from app.spaces.service.many import Stay, occupy_many, release_many

__all__ = [
    "LoadReport",
    "Stay",
    "apply_plan",
    "confirm_hold",
    "end_early",
    "forget_expired_holds",
    "hear_door",
    "keep_until",
    "load_network",
    "lock_space",
    "move_revision",
    "occupy",
    "occupy_many",
    "release",
    "release_many",
    "reopen",
    "shut",
]
