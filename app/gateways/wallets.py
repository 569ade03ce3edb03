"""Passes for the wallets of phones: Apple's signed file, Google's signed link; both are static.

Neither fetches anything. They exist where the operator has set their certificates, and only there.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs7 import (
    PKCS7Options,
    PKCS7SignatureBuilder,
)
from PIL import Image, ImageDraw

from config.settings import Settings, SettingsError

PKPASS: Final = "application/vnd.apple.pkpass"
SAVE_LINK: Final = "https://pay.google.com/gp/v/save/"
_BRAND: Final = "#4A2A5E"
_BRAND_RGB: Final = "rgb(74, 42, 94)"
_WHITE: Final = "rgb(255, 255, 255)"


@dataclass(frozen=True, slots=True)
class Card:
    """What a wallet shows: the code, and in words where and when it opens."""

    serial: str
    code: str
    title: str
    place: str
    when: str
    when_label: str
    site: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class AppleWallet:
    """Writes ``.pkpass`` files under one pass type of Apple's."""

    pass_type: str
    team: str
    certificate: x509.Certificate
    key: RSAPrivateKey | EllipticCurvePrivateKey
    authority: x509.Certificate

    def pkpass(self, card: Card) -> bytes:
        """Write the file that an iPhone adds to its wallet."""
        files = {"pass.json": self._content(card)}
        for name, side in (("icon.png", 29), ("icon@2x.png", 58), ("logo.png", 50)):
            files[name] = _mark(side)
        manifest = json.dumps(
            {name: hashlib.sha1(content).hexdigest() for name, content in files.items()}  # noqa: S324 - Apple's format
        ).encode()
        files |= {"manifest.json": manifest, "signature": self._signature(manifest)}
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return out.getvalue()

    def _content(self, card: Card) -> bytes:
        said = {
            "formatVersion": 1,
            "passTypeIdentifier": self.pass_type,
            "teamIdentifier": self.team,
            "serialNumber": card.serial,
            "organizationName": "Totem",
            "description": card.title,
            "backgroundColor": _BRAND_RGB,
            "foregroundColor": _WHITE,
            "labelColor": _WHITE,
            "relevantDate": card.starts_at.isoformat(),
            "expirationDate": card.ends_at.isoformat(),
            "sharingProhibited": True,
            "barcodes": [
                {
                    "format": "PKBarcodeFormatQR",
                    "message": card.code,
                    "messageEncoding": "iso-8859-1",
                }
            ],
            "eventTicket": {
                "primaryFields": [{"key": "place", "label": card.site, "value": card.place}],
                "secondaryFields": [{"key": "when", "label": card.when_label, "value": card.when}],
            },
        }
        return json.dumps(said, ensure_ascii=False).encode()

    def _signature(self, manifest: bytes) -> bytes:
        return (
            PKCS7SignatureBuilder()
            .set_data(manifest)
            .add_signer(self.certificate, self.key, SHA256())
            .add_certificate(self.authority)
            .sign(Encoding.DER, [PKCS7Options.DetachedSignature, PKCS7Options.Binary])
        )


@dataclass(frozen=True, slots=True)
class GoogleWallet:
    """Writes links by which an Android phone saves a pass."""

    issuer: str
    account: str
    key: RSAPrivateKey

    def link(self, card: Card, *, now: datetime) -> str:
        """Write the link; whoever follows it saves the pass in their own wallet."""
        class_id = f"{self.issuer}.totem"
        saved = {
            "id": f"{self.issuer}.{card.serial}",
            "classId": class_id,
            "state": "ACTIVE",
            "hexBackgroundColor": _BRAND,
            "cardTitle": _words("Totem"),
            "header": _words(card.place),
            "subheader": _words(f"{card.site}, {card.when}"),
            "barcode": {"type": "QR_CODE", "value": card.code},
            "validTimeInterval": {
                "start": {"date": card.starts_at.isoformat()},
                "end": {"date": card.ends_at.isoformat()},
            },
        }
        claims = {
            "iss": self.account,
            "aud": "google",
            "typ": "savetowallet",
            "iat": int(now.timestamp()),
            "origins": [],
            "payload": {"genericClasses": [{"id": class_id}], "genericObjects": [saved]},
        }
        return SAVE_LINK + self._signed(claims)

    def _signed(self, claims: dict[str, object]) -> str:
        parts = [{"alg": "RS256", "typ": "JWT"}, claims]
        text = ".".join(_base64(json.dumps(part).encode()) for part in parts)
        return f"{text}.{_base64(self.key.sign(text.encode(), PKCS1v15(), SHA256()))}"


@dataclass(frozen=True, slots=True)
class Wallets:
    """The wallets that this house can fill."""

    apple: AppleWallet | None = None
    google: GoogleWallet | None = None


def wallets_for(settings: Settings) -> Wallets:
    """Open what the settings name; raises ``SettingsError`` for a file that cannot be used."""
    apple = google = None
    try:
        if settings.apple_pass_key is not None and settings.apple_authority is not None:
            apple = _apple(settings, settings.apple_pass_key, settings.apple_authority)
        if settings.google_wallet_key is not None:
            google = _google(settings, settings.google_wallet_key)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError([f"The certificates of a wallet cannot be used: {error}."]) from error
    return Wallets(apple, google)


def _apple(settings: Settings, own: Path, authority: Path) -> AppleWallet:
    pem = own.read_bytes()
    key = load_pem_private_key(pem, None)
    if not isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey):
        raise ValueError("Apple's key is of another kind")  # noqa: TRY004 - one kind of error
    certificate = x509.load_pem_x509_certificate(pem)
    if certificate.public_key() != key.public_key():
        raise ValueError("Apple's certificate is not that of its key")
    return AppleWallet(
        settings.apple_pass_type,
        settings.apple_team,
        certificate,
        key,
        x509.load_pem_x509_certificate(authority.read_bytes()),
    )


def _google(settings: Settings, path: Path) -> GoogleWallet:
    account = json.loads(path.read_text())
    key = load_pem_private_key(account["private_key"].encode(), None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("Google's key is of another kind")  # noqa: TRY004 - one kind of error
    return GoogleWallet(settings.google_wallet_issuer, str(account["client_email"]), key)


def _words(text: str) -> dict[str, object]:
    return {"defaultValue": {"language": "fr", "value": text}}


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode("ascii").rstrip("=")


def _mark(side: int) -> bytes:
    """Draw the two plums of the house."""
    picture = Image.new("RGBA", (side, side))
    brush = ImageDraw.Draw(picture)
    unit = side / 28
    brush.ellipse([5 * unit, 11 * unit, 23 * unit, 27 * unit], fill="#C9A6E4")
    brush.ellipse([7 * unit, unit, 21 * unit, 17 * unit], fill="#F4BE37")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
