"""What a door is told, in one signed paper: keys, revocations, its rules and its day, no names."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from devices.passes import cose, sheets
from devices.passes.cards import KEY_LENGTH
from devices.passes.cbor import SNAPSHOT_LIMITS, Cbor, NotStrictCbor, load
from devices.passes.claims import PASS_ID_LENGTH, Seconds
from devices.passes.keys import KeyRing, PassKey, key_id, public_bytes
from devices.passes.rules import Knowledge
from devices.passes.sheets import DoorSheet, NotASheet

FORMAT: Final = 1
CONTENT_TYPE: Final = "application/cose"


class InvalidSnapshot(Exception):
    """The bytes are not a snapshot that this device may believe."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The server's word at `server_time`; `version` never falls, and neither does the time."""

    version: int
    server_time: Seconds
    device: str
    site: str
    zone: str
    keys: tuple[PassKey, ...]
    revoked: frozenset[bytes]
    doors: tuple[DoorSheet, ...]
    others: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    card_key: bytes = field(default=b"", repr=False)

    def find_door(self, wanted: int | str) -> DoorSheet | None:
        """Return the sheet of the door with this number or code, or None."""
        for sheet in self.doors:
            if wanted in (sheet.rules.door, sheet.code):
                return sheet
        return None

    def knowledge(self, sheet: DoorSheet, *, clock_floor: Seconds) -> Knowledge:
        """Return what this door knows when a pass is shown to it."""
        return Knowledge(
            sheet.rules,
            KeyRing(self.keys),
            self.revoked,
            self.server_time,
            clock_floor,
            card_key=self.card_key,
            cards=sheet.cards,
        )


def seal_snapshot(snapshot: Snapshot, key: Ed25519PrivateKey) -> bytes:
    """Sign a snapshot with the snapshot key, which is never a key that signs passes."""
    return cose.sign(cbor2.dumps(_to_map(snapshot)), kid=key_id(public_bytes(key)), key=key)


def read_snapshot(content: bytes, pinned: Ed25519PublicKey) -> Snapshot:
    """Return the snapshot if the key pinned at enrolment signed it; raises InvalidSnapshot."""
    try:
        signed = cose.split(content, SNAPSHOT_LIMITS)
        if signed.header != cose.protected_header(key_id(public_bytes(pinned))):
            raise InvalidSnapshot("signed by another key than the pinned one")
        cose.verify(signed, pinned)
        return _from_map(load(signed.payload, SNAPSHOT_LIMITS))
    except (cose.NotSigned, cose.WrongSignature, NotStrictCbor, NotASheet) as error:
        raise InvalidSnapshot(str(error)) from error


def etag(snapshot: Snapshot) -> str:
    """Return the strong ETag of a snapshot: of all it says except when it was said."""
    content = _to_map(snapshot)
    del content["time"], content["version"]
    return f'"{hashlib.sha256(cbor2.dumps(content)).hexdigest()[:32]}"'


def may_replace(new: Snapshot, held: Snapshot | None) -> bool:
    """Say whether a device holding `held` may take `new`: nothing in it may go back."""
    if held is None:
        return True
    same_device = new.device == held.device
    return same_device and new.version >= held.version and new.server_time >= held.server_time


def _to_map(snapshot: Snapshot) -> dict[str, object]:
    return {
        "format": FORMAT,
        "version": snapshot.version,
        "time": snapshot.server_time,
        "device": snapshot.device,
        "site": snapshot.site,
        "zone": snapshot.zone,
        "keys": [
            [key.kid, public_bytes(key.public), key.not_after, key.staff]
            for key in sorted(snapshot.keys, key=lambda key: key.kid)
        ],
        "revoked": sorted(snapshot.revoked),
        "doors": [sheets.to_map(sheet) for sheet in snapshot.doors],
        "others": [
            [number, sheets.sorted_names(names)]
            for number, names in sorted(snapshot.others.items())
        ],
        **({"card_key": snapshot.card_key} if snapshot.card_key else {}),
    }


def _from_map(content: Cbor) -> Snapshot:
    fields = sheets.map_of(content)
    if fields.get("format") != FORMAT:
        raise NotASheet("format")
    site = sheets.text_of(fields.get("site"))
    return Snapshot(
        version=sheets.number_of(fields.get("version")),
        server_time=sheets.number_of(fields.get("time")),
        device=sheets.text_of(fields.get("device")),
        site=site,
        zone=sheets.text_of(fields.get("zone")),
        keys=tuple(_key(item) for item in sheets.list_of(fields.get("keys"))),
        revoked=frozenset(
            sheets.bytes_of(item, PASS_ID_LENGTH) for item in sheets.list_of(fields.get("revoked"))
        ),
        doors=tuple(
            sheets.from_map(sheets.map_of(item), site)
            for item in sheets.list_of(fields.get("doors"))
        ),
        others=dict(_other(item) for item in sheets.list_of(fields.get("others"))),
        card_key=_card_key(fields.get("card_key", b"")),
    )


def _card_key(value: Cbor) -> bytes:
    return sheets.bytes_of(value, KEY_LENGTH) if value else b""


def _key(item: Cbor) -> PassKey:
    match item:
        case [bytes() as kid, bytes() as public, int() as not_after, bool() as staff]:
            try:
                return PassKey(kid, Ed25519PublicKey.from_public_bytes(public), not_after, staff)
            except ValueError as error:
                raise NotASheet("key") from error
        case _:
            raise NotASheet("key")


def _other(item: Cbor) -> tuple[int, dict[str, str]]:
    match item:
        case [int() as number, dict() as names]:
            return number, sheets.names_of(names)
        case _:
            raise NotASheet("other doors")
