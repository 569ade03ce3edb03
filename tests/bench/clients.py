"""Clients that cost little themselves: ready-made requests over kept connections."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.bench.ratios import seconds

CLIENTS = 8


def post(path: str, body: Mapping[str, object], headers: Mapping[str, str]) -> bytes:
    """Make a request ready to be sent."""
    content = json.dumps(body).encode()
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(content)}", "", ""]
    return "\r\n".join(lines).encode() + content


def send(address: str, requests: Sequence[bytes]) -> float:
    """Send all requests, eight clients sharing them; gives requests per second. All must do."""
    host, _, port = address.partition(":")
    sockets = [socket.create_connection((host, int(port))) for _ in range(CLIENTS)]
    left: Iterator[bytes] = iter(requests)
    lock = threading.Lock()

    def work(connection: socket.socket) -> None:
        while True:
            with lock:
                request = next(left, None)
            if request is None:
                return
            connection.sendall(request)
            _read_success(connection)

    with ThreadPoolExecutor(CLIENTS) as pool:
        taken = seconds(lambda: list(pool.map(work, sockets)))
    for connection in sockets:
        connection.close()
    return len(requests) / taken


def _read_success(connection: socket.socket) -> None:
    """Read one answer whole; raises when it is neither 200 nor 201."""
    received = connection.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201")):
        raise RuntimeError(received[:600].decode())
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
