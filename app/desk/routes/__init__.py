"""The desk over HTTP: the board of a day, and who walks in."""

from app.desk.routes import walk_in
from app.desk.routes.board import blueprint

__all__ = ["blueprint", "walk_in"]
