"""The blueprint of rights."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("entitlements", __name__, template_folder="../templates")
ID = "int(max=9007199254740991)"  # larger numbers are unknown, not an error of the database
