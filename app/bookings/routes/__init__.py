"""The pages and files of bookings, by their addresses."""

from flask import Blueprint
from flask.typing import RouteCallable

from app.bookings.routes import (
    addresses,
    agenda,
    basket,
    changes,
    closures,
    find,
    holds,
    inductions,
    lives,
    mine,
    place,
    requests,
    series,
    series_changes,
    simulator,
    site_days,
    stretches,
    waits,
)
from app.bookings.routes.feeds import calendar_feed, site_calendar_feed
from app.people.routes.blueprint import ID

blueprint = Blueprint("bookings", __name__, template_folder="../templates")

PAGES: tuple[tuple[str, str, RouteCallable], ...] = (
    ("/", "find", find.find),
    ("/moments", "stretches", stretches.stretches),
    ("/simulator", "simulator", simulator.simulator),
    ("/sites/<code>/day", "site_day", site_days.site_day),
    ("/sites/<code>/closures", "closures", closures.closures),
    ("/spaces/<code>", "place", place.place),
    ("/spaces/<code>/calendar", "space_calendar", addresses.space_calendar),
    ("/basket", "basket", basket.basket),
    ("/bookings", "bookings", mine.bookings),
    ("/bookings/<ref>", "booking", mine.booking),
    ("/bookings/<ref>/confirm", "confirm", holds.confirm_page),
    ("/bookings/<ref>/move", "move_page", changes.move_page),
    ("/bookings/<ref>/cancel", "cancel_page", changes.cancel_page),
    ("/bookings/<ref>/request", "request_page", requests.request_page),
    ("/requests", "requests", requests.requests),
    (f"/people/<{ID}:account_id>/inductions", "person_inductions", inductions.person_inductions),
    ("/bookings/release", "release_page", series_changes.release_page),
    ("/series/new", "series_new", series.series_new),
    ("/series/<ref>", "series", series.series),
    ("/series/<ref>/change", "series_change_page", series_changes.series_change_page),
    ("/series/<ref>/cancel", "series_cancel_page", series_changes.series_cancel_page),
    ("/me/calendars", "calendars", addresses.calendars),
    ("/me/waits", "waits", waits.waits),
    ("/sites/<code>/waits", "site_waits", waits.site_waits),
    ("/calendars/<secret>.ics", "calendar_feed", calendar_feed),
    ("/calendars/<secret>/<code>.ics", "site_calendar_feed", site_calendar_feed),
)
DEEDS: tuple[tuple[str, str, RouteCallable], ...] = (
    ("/hold", "hold", holds.hold),
    ("/basket", "confirm_basket", basket.confirm_basket),
    ("/bookings/<ref>/confirm", "confirm_hold", holds.confirm),
    ("/bookings/<ref>/drop", "drop_hold", holds.drop),
    ("/bookings/<ref>/move", "move", changes.move),
    ("/bookings/<ref>/cancel", "cancel", changes.cancel),
    ("/sites/<code>/closures", "close_places", closures.close_places),
    (f"/sites/<code>/closures/<{ID}:number>/end", "reopen", closures.reopen),
    ("/bookings/<ref>/approve", "approve", requests.approve),
    (f"/people/<{ID}:account_id>/inductions", "grant_induction", inductions.grant),
    (
        f"/people/<{ID}:account_id>/inductions/<{ID}:number>/revoke",
        "revoke_induction",
        inductions.revoke,
    ),
    ("/bookings/<ref>/refuse", "refuse_request", requests.refuse),
    ("/bookings/release", "release", series_changes.release),
    ("/series", "book_series", series.book_series),
    ("/series/<ref>/change", "change_series", series_changes.change_series),
    ("/series/<ref>/cancel", "cancel_series", series_changes.cancel_series),
    ("/me/calendars", "change_calendars", addresses.change_calendars),
    ("/me/waits", "join_line", waits.join_line),
    ("/me/waits/<ref>/leave", "leave_waiting", waits.leave_waiting),
    ("/me/waits/<ref>/decline", "decline_offer", waits.decline_offer),
    ("/spaces/<code>/calendar", "change_space_calendar", addresses.change_space_calendar),
)

for rule, name, view in (*PAGES, *lives.PAGES, *agenda.PAGES):
    blueprint.add_url_rule(rule, name, view, methods=["GET"])
for rule, name, view in (*DEEDS, *lives.DEEDS):
    blueprint.add_url_rule(rule, name, view, methods=["POST"])
