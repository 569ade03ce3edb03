"""The WSGI object: ``gunicorn wsgi:app``, ``flask --app wsgi …``."""

from app.factory import create_app
from config.settings import Settings

app = create_app(Settings.from_environment())
