"""A camera as a reader: every frame is searched for QR codes, light on dark too."""

import threading
from collections.abc import Callable, Iterable, Iterator

import zxingcpp
from PIL import Image

_ONLY_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


class CameraReader:
    """Yields the text of each QR code in each frame; the kiosk passes over repetitions."""

    def __init__(self, open_frames: Callable[[], Iterable[Image.Image]]) -> None:
        self._open_frames = open_frames
        self._closed = threading.Event()

    def texts(self) -> Iterator[str]:
        """Yield texts until the frames end or `close`; raises ReaderUnreachable as they do."""
        for frame in self._open_frames():
            if self._closed.is_set():
                return
            yield from codes_in(frame)

    def close(self) -> None:
        """End `texts` at the next frame."""
        self._closed.set()


def codes_in(frame: Image.Image) -> list[str]:
    """Return the texts of the QR codes in one picture."""
    found = zxingcpp.read_barcodes(frame, formats=_ONLY_QR)
    return [code.text for code in found if code.valid]
