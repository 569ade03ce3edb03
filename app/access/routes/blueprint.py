"""The pages of doors hang on this."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("access", __name__, template_folder="../templates")
