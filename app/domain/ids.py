"""Identifiers that the type checker keeps apart: a door is never taken for a space."""

from typing import NewType

AccountId = NewType("AccountId", int)
OrganisationId = NewType("OrganisationId", int)
SpaceId = NewType("SpaceId", int)
UnitId = NewType("UnitId", int)
SiteId = NewType("SiteId", int)
BuildingId = NewType("BuildingId", int)
DoorId = NewType("DoorId", int)
BookingId = NewType("BookingId", int)
SeriesId = NewType("SeriesId", int)
DeviceId = NewType("DeviceId", int)
EntitlementId = NewType("EntitlementId", int)
RateCardId = NewType("RateCardId", int)
ApiTokenId = NewType("ApiTokenId", int)
FeedId = NewType("FeedId", int)

BookingRef = NewType("BookingRef", str)
SeriesRef = NewType("SeriesRef", str)
SiteCode = NewType("SiteCode", str)
SpaceCode = NewType("SpaceCode", str)
UnitCode = NewType("UnitCode", str)
OperatorCode = NewType("OperatorCode", str)
