"""The pages of rights, by their addresses."""

from flask import Blueprint

from app.entitlements import tables as tables

blueprint = Blueprint("entitlements", __name__, template_folder="../templates")
