"""What can be read of bookings: themselves, what may be had and for how much, calendar feeds."""

from app.bookings.queries.absences import (
    Absence,
    absences_of,
    counted_absences,
    given_up_among,
    is_released,
    released_among,
)
from app.bookings.queries.announced import announced_people
from app.bookings.queries.bookings import (
    Listing,
    Page,
    bookings_of_person,
    bookings_of_space,
    find_log,
    find_visit,
    find_visits_by_id,
    get_booking,
    get_visit,
    my_bookings,
    past,
    upcoming,
    visits_of_site,
)
from app.bookings.queries.feeds import (
    feed_secret,
    find_own_feed,
    find_space_feed,
    get_feed,
    site_secret,
)
from app.bookings.queries.inductions import Induction, inductions_of
from app.bookings.queries.locks import lock_booking, lock_booking_by_id, lock_recognised
from app.bookings.queries.offered import find_by_ref, get_offered
from app.bookings.queries.offers import (
    Alternative,
    Offer,
    Search,
    Way,
    Whose,
    alternatives_for,
    lawful_space,
    offers,
    price_of,
)
from app.bookings.queries.releases import own_between
from app.bookings.queries.requests import (
    Approver,
    History,
    Request,
    approvers_of,
    history_of,
    open_requests,
)
from app.bookings.queries.rights import as_it_stands
from app.bookings.queries.rows import state_at
from app.bookings.queries.series import (
    dates_of_series,
    find_dates,
    get_series,
)
from app.bookings.queries.stretches import Stretch, find_stretches
from app.bookings.queries.would_do import is_shown, places_that_would_do

__all__ = [
    "Absence",
    "Alternative",
    "Approver",
    "History",
    "Induction",
    "Listing",
    "Offer",
    "Page",
    "Request",
    "Search",
    "Stretch",
    "Way",
    "Whose",
    "absences_of",
    "alternatives_for",
    "announced_people",
    "approvers_of",
    "as_it_stands",
    "bookings_of_person",
    "bookings_of_space",
    "counted_absences",
    "dates_of_series",
    "feed_secret",
    "find_by_ref",
    "find_dates",
    "find_log",
    "find_own_feed",
    "find_space_feed",
    "find_stretches",
    "find_visit",
    "find_visits_by_id",
    "get_booking",
    "get_feed",
    "get_offered",
    "get_series",
    "get_visit",
    "given_up_among",
    "history_of",
    "inductions_of",
    "is_released",
    "is_shown",
    "lawful_space",
    "lock_booking",
    "lock_booking_by_id",
    "lock_recognised",
    "my_bookings",
    "offers",
    "open_requests",
    "own_between",
    "past",
    "places_that_would_do",
    "price_of",
    "released_among",
    "site_secret",
    "state_at",
    "upcoming",
    "visits_of_site",
]
