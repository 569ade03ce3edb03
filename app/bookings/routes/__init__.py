"""The pages and files of bookings, by their addresses."""

from flask import Blueprint

from app.bookings.routes.feeds import calendar_feed

blueprint = Blueprint("bookings", __name__, template_folder="../templates")
blueprint.add_url_rule("/calendars/<secret>.ics", view_func=calendar_feed)
