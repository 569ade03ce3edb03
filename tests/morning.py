"""The house in the morning of the tests, for gunicorn: ``target="tests.morning:app"``.

Its clock stands still, so that what is booked for Tuesday is always tomorrow; so does the date in
its answers, by which doors correct their own.
"""

from email.utils import format_datetime

import gunicorn.util

from app.factory import create_app
from app.web import clock
from config.settings import Settings
from tests.conftest import NOW

STANDING_STILL = clock.freeze(NOW)
STANDING_STILL.__enter__()
gunicorn.util.http_date = lambda timestamp=None: format_datetime(NOW, usegmt=True)
app = create_app(Settings.from_environment())
