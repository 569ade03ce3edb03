"""Refusals about people: who may not, who is unknown, and what a sign-in can fail on."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from app.domain.errors.base import DomainError


@dataclass(eq=False)
class NotSignedIn(DomainError):
    """Nobody is signed in, and somebody must be."""

    code: ClassVar[str] = "not-signed-in"


@dataclass(eq=False)
class NotAllowed(DomainError):
    """The person is known but may not do this here."""

    code: ClassVar[str] = "not-allowed"
    permission: str


@dataclass(eq=False)
class UnknownAccount(DomainError):
    """No account has this id or address."""

    code: ClassVar[str] = "unknown-account"
    account: str


@dataclass(eq=False)
class UnknownOrganisation(DomainError):
    """No organisation has this id."""

    code: ClassVar[str] = "unknown-organisation"
    organisation: str


@dataclass(eq=False)
class BadEmail(DomainError):
    """This is no address that mail could be sent to."""

    code: ClassVar[str] = "bad-email"


@dataclass(eq=False)
class EmailTaken(DomainError):
    """An account has this address already."""

    code: ClassVar[str] = "email-taken"


@dataclass(eq=False)
class WeakPassword(DomainError):
    """The password is too short to be safe."""

    code: ClassVar[str] = "weak-password"
    minimum: int


@dataclass(eq=False)
class WrongCredentials(DomainError):
    """Address and password do not belong together; never says which of both is wrong."""

    code: ClassVar[str] = "wrong-credentials"


@dataclass(eq=False)
class AccountDisabled(DomainError):
    """The account was closed by the house."""

    code: ClassVar[str] = "account-disabled"


@dataclass(eq=False)
class TooManyAttempts(DomainError):
    """Too many tries in a short while; says when to try again."""

    code: ClassVar[str] = "too-many-attempts"
    retry_at: datetime


@dataclass(eq=False)
class BadLink(DomainError):
    """A mailed link is unknown, used or too old."""

    code: ClassVar[str] = "bad-link"


@dataclass(eq=False)
class UnknownRole(DomainError):
    """No role has this name, or it needs a site and got none."""

    code: ClassVar[str] = "unknown-role"
    role: str


@dataclass(eq=False)
class UnknownScope(DomainError):
    """No token scope has this name."""

    code: ClassVar[str] = "unknown-scope"
    scope: str


@dataclass(eq=False)
class AlreadyMember(DomainError):
    """The person belongs to the organisation already."""

    code: ClassVar[str] = "already-member"


@dataclass(eq=False)
class LastOwner(DomainError):
    """An organisation keeps at least one owner."""

    code: ClassVar[str] = "last-owner"


@dataclass(eq=False)
class LastManager(DomainError):
    """The network keeps at least one manager who can let others in."""

    code: ClassVar[str] = "last-manager"


@dataclass(eq=False)
class AlreadyGranted(DomainError):
    """The person holds this role there already."""

    code: ClassVar[str] = "already-granted"


@dataclass(eq=False)
class UnknownGrant(DomainError):
    """No role, profile, token or session of this number is there, or it has ended already."""

    code: ClassVar[str] = "unknown-grant"


@dataclass(eq=False)
class NotForYou(DomainError):
    """An invitation was written to another address."""

    code: ClassVar[str] = "not-for-you"


@dataclass(eq=False)
class BadValidity(DomainError):
    """A profile begins before it ends."""

    code: ClassVar[str] = "bad-validity"


@dataclass(eq=False)
class BadDocument(DomainError):
    """A document is not what is taken: its name, and why."""

    code: ClassVar[str] = "bad-document"
    name: str
    reason: str


@dataclass(eq=False)
class CompanyTooOld(DomainError):
    """No stage of a start-up holds on the days asked for: it is that many years old, or undated."""

    code: ClassVar[str] = "company-too-old"
    years: int


@dataclass(eq=False)
class ProofPending(DomainError):
    """The same profile is asked for already, and staff have not answered yet."""

    code: ClassVar[str] = "proof-pending"


@dataclass(eq=False)
class ProofDecided(DomainError):
    """A request for a profile was answered or withdrawn before."""

    code: ClassVar[str] = "proof-decided"


@dataclass(eq=False)
class UnknownProof(DomainError):
    """No request for a profile has this number, for whoever asks."""

    code: ClassVar[str] = "unknown-proof"


@dataclass(eq=False)
class DocumentGone(DomainError):
    """A document was deleted, as its rule says."""

    code: ClassVar[str] = "document-gone"
