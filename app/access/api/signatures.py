"""Which device signed this request (RFC 9421); replays within its minute do no harm.

Pulling only reads, journal lines are taken once by number and hash, and a heartbeat is set right by
the next one: so no nonce is kept.
"""

from __future__ import annotations

from typing import cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import request

from app.access import queries
from app.access.devices import Device, Standing
from app.db.transaction import reading
from app.domain.errors import BadSignature, DevicePending, DeviceRevoked, UnknownSigner
from app.web import clock, guards
from devices.passes.letters import InvalidLetter, Letter, verify_letter


def find_device() -> Device:
    """Give the approved device that signed this request, for the guard of devices' views.

    Raises ``UnknownSigner``, ``BadSignature``, ``DevicePending``, ``DeviceRevoked``.
    """
    named: list[str] = []
    found: list[Device] = []

    def find_key(code: str) -> Ed25519PublicKey | None:
        named.append(code)
        with reading() as session:
            device = queries.find_device(session, code)
        if device is None:
            return None
        found.append(device)
        return Ed25519PublicKey.from_public_bytes(device.public_key)

    letter = Letter(request.method, request.url, request.get_data(), dict(request.headers))
    try:
        verify_letter(letter, find_key=find_key, now=clock.now())
    except InvalidLetter as error:
        raise (UnknownSigner if named and not found else BadSignature) from error
    device = found[-1]
    if device.standing is Standing.PENDING:
        raise DevicePending
    if device.standing is Standing.REVOKED:
        raise DeviceRevoked
    return device


def signer() -> Device:
    """Give the device behind this request."""
    return cast(Device, guards.device())
