"""Passes in the wallets of phones: signed by certificates made here, hidden without any."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
from flask import Flask

from app.access.holder import WALLETS
from app.bookings import service as bookings
from app.bookings.booking import Booking
from app.db.transaction import transaction
from app.gateways.wallets import SAVE_LINK, Wallets, wallets_for
from config.settings import Settings, SettingsError
from devices.passes.text import read
from tests.members import Member, acting, make_member, sign_in
from tests.readers import keys_of
from tests.stays import stay

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
DAY = datetime(2026, 1, 1, tzinfo=UTC)


def certificate(name: str) -> bytes:
    """Sign a certificate for that name by the test's own key."""
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    return (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(KEY.public_key())
        .serial_number(7)
        .not_valid_before(DAY)
        .not_valid_after(DAY + timedelta(days=3650))
        .sign(KEY, SHA256())
        .public_bytes(Encoding.PEM)
    )


def with_files(settings: Settings, folder: Path) -> Settings:
    """Write certificates and name them in the settings."""
    pem = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "apple.pem").write_bytes(certificate("Pass Type ID") + pem)
    (folder / "authority.pem").write_bytes(certificate("Apple WWDR"))
    account = {"client_email": "totem@project.example", "private_key": pem.decode()}
    (folder / "google.json").write_text(json.dumps(account))
    return replace(
        settings,
        apple_pass_type="pass.example.totem",
        apple_team="TEAM123456",
        apple_pass_key=folder / "apple.pem",
        apple_authority=folder / "authority.pem",
        google_wallet_issuer="3388000000000000000",
        google_wallet_key=folder / "google.json",
    )


@pytest.fixture
def filled(sqlite_app: Flask, tmp_path: Path) -> Flask:
    """The app with both wallets."""
    settings: Settings = sqlite_app.extensions["totem.settings"]
    sqlite_app.extensions[WALLETS] = wallets_for(with_files(settings, tmp_path))
    return sqlite_app


def booked(app: Flask, now: datetime) -> tuple[Member, Booking]:
    member = make_member(app)
    actor = acting(app, member)
    with app.app_context(), transaction() as session:
        return member, bookings.book(session, actor, stay(), now=now)


def test_without_certificates_wallets_are_not_spoken_of(sqlite_app: Flask, now: datetime) -> None:
    assert sqlite_app.extensions[WALLETS] == Wallets()
    member, booking = booked(sqlite_app, now)
    browser = sign_in(sqlite_app, member)
    page = browser.get(f"/bookings/{booking.ref}/pass").get_data(as_text=True)
    assert "Wallet" not in page
    assert browser.get(f"/bookings/{booking.ref}/pass.pkpass").status_code == 404
    assert browser.get(f"/bookings/{booking.ref}/pass/google").status_code == 404


def test_the_file_for_an_iphone_holds_the_pass_and_is_signed(
    filled: Flask, now: datetime, tmp_path: Path
) -> None:
    member, booking = booked(filled, now)
    browser = sign_in(filled, member)
    page = browser.get(f"/bookings/{booking.ref}/pass").get_data(as_text=True)
    assert f"/bookings/{booking.ref}/pass.pkpass" in page
    answer = browser.get(f"/bookings/{booking.ref}/pass.pkpass")
    assert answer.mimetype == "application/vnd.apple.pkpass"
    archive = zipfile.ZipFile(io.BytesIO(answer.get_data()))
    content = json.loads(archive.read("pass.json"))
    claims = read(content["barcodes"][0]["message"], keys_of(filled).ring).claims
    assert content["serialNumber"] == claims.pass_id.hex()
    assert content["expirationDate"] == booking.span.end.isoformat()
    manifest = json.loads(archive.read("manifest.json"))
    assert set(manifest) == set(archive.namelist()) - {"manifest.json", "signature"}
    for name, digest in manifest.items():
        assert hashlib.sha1(archive.read(name)).hexdigest() == digest  # noqa: S324
    verify_detached(archive, tmp_path)


def verify_detached(archive: zipfile.ZipFile, folder: Path) -> None:
    """Check the signature with OpenSSL, as Apple's phones do."""
    program = shutil.which("openssl")
    assert program is not None
    for name in ("manifest.json", "signature"):
        (folder / name).write_bytes(archive.read(name))
    command = [program, "smime", "-verify", "-inform", "DER", "-in", "signature", "-content"]
    command += ["manifest.json", "-noverify", "-out", "seen"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (folder / "seen").read_bytes() == archive.read("manifest.json")


def test_the_link_for_an_android_phone_is_a_signed_word_of_ours(
    filled: Flask, now: datetime
) -> None:
    member, booking = booked(filled, now)
    answer = sign_in(filled, member).get(f"/bookings/{booking.ref}/pass/google")
    assert answer.status_code == 302
    token = answer.headers["Location"].removeprefix(SAVE_LINK)
    head, body, signature = token.split(".")
    KEY.public_key().verify(
        unpadded(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), SHA256()
    )
    said = json.loads(unpadded(body))
    assert (said["iss"], said["iat"]) == ("totem@project.example", int(now.timestamp()))
    (saved,) = said["payload"]["genericObjects"]
    claims = read(saved["barcode"]["value"], keys_of(filled).ring).claims
    assert saved["id"] == f"3388000000000000000.{claims.pass_id.hex()}"


def unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_a_file_that_is_no_certificate_is_told_at_start(sqlite_app: Flask, tmp_path: Path) -> None:
    settings = with_files(sqlite_app.extensions["totem.settings"], tmp_path)
    (tmp_path / "google.json").write_text("{}")
    with pytest.raises(SettingsError, match="wallet"):
        wallets_for(settings)


def test_half_a_wallet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key.pem").touch()
    environ = {
        "TOTEM_INSTANCE": str(tmp_path),
        "TOTEM_APPLE_PASS_KEY": str(tmp_path / "key.pem"),
        "TOTEM_GOOGLE_WALLET_ISSUER": "3388",
        "TOTEM_APPLE_AUTHORITY": str(tmp_path / "nowhere.pem"),
    }
    with pytest.raises(SettingsError) as told:
        Settings.from_environment(environ)
    assert len(told.value.faults) == 3
