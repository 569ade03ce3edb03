"""The pages of prices hang on this."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("tariffs", __name__, template_folder="../templates")
