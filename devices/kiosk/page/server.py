"""Serves the page of a door on 127.0.0.1: files, the views as they change, and what it scanned.

Nobody else may speak to it: the name in the request must be this machine's own, so that no page of
another site can reach it by a trick of names, and what is sent in must come from our own page.
"""

import json
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from devices.kiosk.events import Event, LanguageChosen, Scanned, Send, WishChosen
from devices.kiosk.page.screen import PageScreen
from devices.kiosk.room_views import CANCEL
from devices.kiosk.settings import LANGUAGES, Page
from devices.kiosk.wishes import wish_from

LONGEST_BODY: Final = 2048
HERE: Final = Path(__file__).parent
FOLDERS: Final = (HERE / "static", HERE / "built")
TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".wasm": "application/wasm",
}
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
        "connect-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Permissions-Policy": "camera=(self)",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class PageServer:
    """The page's own small server; what the page scanned becomes events of the loop."""

    def __init__(self, page: Page, screen: PageScreen, send: Send) -> None:
        self._screen = screen
        handler = type(
            "Handler", (_Handler,), {"page": page, "screen": screen, "send": staticmethod(send)}
        )
        self._server = ThreadingHTTPServer(("127.0.0.1", page.port), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.1,), name="page", daemon=True
        )

    @property
    def address(self) -> str:
        """Where the page is, for the browser of this machine."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def close(self) -> None:
        """Let open pages go and stop answering."""
        self._screen.close()
        if self._thread.is_alive():
            self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    page: Page
    screen: PageScreen
    send: Callable[[Event], None]
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        """Give a file of the page, its settings, or the views as they change."""
        if not self._is_ours():
            self._refuse(HTTPStatus.FORBIDDEN)
        elif self.path == "/views":
            self._stream()
        elif self.path == "/settings":
            told = {"camera": self.page.camera, "reload_at": self.page.reload_at}
            self._answer(json.dumps(told).encode(), "application/json")
        else:
            self._file("index.html" if self.path == "/" else self.path[1:].partition("?")[0])

    def do_POST(self) -> None:
        """Take in what the page saw or what somebody chose."""
        origin = f"http://{self.headers.get('Host', '')}"
        if not self._is_ours() or self.headers.get("Origin") != origin:
            self._refuse(HTTPStatus.FORBIDDEN)
            return
        event = self._event()
        if event is None:
            self._refuse(HTTPStatus.UNPROCESSABLE_ENTITY)
            return
        self.send(event)
        self._answer(b"{}", "application/json")

    def _event(self) -> Event | None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LONGEST_BODY:
            self.close_connection = True
            return None
        try:
            content = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            return None
        match (self.path, content):
            case ("/scan", {"text": str() as text}):
                return Scanned(text)
            case ("/language", {"language": str() as language}) if language in LANGUAGES:
                return LanguageChosen(language)
            case ("/wish", {"wish": str() as name}):
                wish = wish_from(name)
                return WishChosen(wish) if wish is not None or name == CANCEL else None
            case _:
                return None

    def _is_ours(self) -> bool:
        port = self.server.server_address[1]  # type: ignore[index]  # host and port over TCP
        return self.headers.get("Host") in {f"127.0.0.1:{port}", f"localhost:{port}"}

    def _file(self, name: str) -> None:
        for folder in FOLDERS:
            path = folder / name
            if path.suffix in TYPES and path.parent == folder and path.is_file():
                self._answer(path.read_bytes(), TYPES[path.suffix])
                return
        self._refuse(HTTPStatus.NOT_FOUND)

    def _stream(self) -> None:
        self._begin(HTTPStatus.OK, {"Content-Type": "text/event-stream", "Connection": "close"})
        self.close_connection = True
        try:
            for view in self.screen.views():
                line = f"data: {view}\n\n" if view else "event: alive\ndata:\n\n"
                self.wfile.write(line.encode())
                self.wfile.flush()
        except OSError:
            return

    def _answer(self, content: bytes, kind: str) -> None:
        headers = {"Content-Type": kind, "Content-Length": str(len(content))}
        self._begin(HTTPStatus.OK, headers)
        self.wfile.write(content)

    def _refuse(self, status: HTTPStatus) -> None:
        self.close_connection = True
        self._begin(status, {"Content-Length": "0", "Connection": "close"})

    def _begin(self, status: HTTPStatus, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in (HEADERS | headers).items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: what people show here is theirs."""
