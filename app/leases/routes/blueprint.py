"""The pages of leases hang on this."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("leases", __name__, template_folder="../templates")
