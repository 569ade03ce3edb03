"""Every page of the product with somebody who opens it; words in braces are made by scene.py."""

from __future__ import annotations

from dataclasses import dataclass

STRANGER = "stranger"
COWORKER = "coworker"
OWNER = "association"
CONCIERGE = "concierge.metz"
MANAGER = "manager"


@dataclass(frozen=True)
class Opening:
    """Somebody opens an address and is answered with ``status``."""

    who: str
    path: str
    status: int = 200

    @property
    def name(self) -> str:
        """A name for the test and its pictures."""
        path = self.path.strip("/").replace("/", "-").replace("{", "").replace("}", "")
        return f"{path.split('?')[0] or 'find'}{'-asked' if '?' in path else ''}-{self.who}"


ASKED = "people=8&date=2026-11-24&start=14:00&end=16:00"
PAGES: dict[str, tuple[Opening, ...]] = {
    "/": (Opening(STRANGER, "/"), Opening(COWORKER, f"/?{ASKED}&site=metz")),
    "/moments": (
        Opening(STRANGER, "/moments"),
        Opening(COWORKER, "/moments?people=8&minutes=120&within=fortnight&part=morning&site=metz"),
    ),
    "/simulator": (
        Opening(STRANGER, "/simulator"),
        Opening(STRANGER, f"/simulator?kind=meeting_room&{ASKED}&profile=student"),
        Opening(COWORKER, f"/simulator?kind=seat&{ASKED}&until=2026-12-18&payer=business"),
        Opening(STRANGER, "/simulator?date=2026-11-24&until=2026-11-01&people=0", 422),
    ),
    "/sites": (Opening(STRANGER, "/sites"),),
    "/sites/<code>": (Opening(STRANGER, "/sites/metz"),),
    "/sites/<code>/closures": (
        Opening(CONCIERGE, "/sites/metz/closures"),
        Opening(
            CONCIERGE,
            "/sites/metz/closures?spaces=metz-mirabelle&first=2026-11-24&start=08:00"
            "&last=2026-11-24&end=18:00&reason=works",
        ),
    ),
    "/sites/<code>/day": (
        Opening(STRANGER, "/sites/metz/day"),
        Opening(CONCIERGE, "/sites/metz/day?date=2026-11-24"),
        Opening(STRANGER, "/sites/nancy/day?date=2026-12-25"),
    ),
    "/sites/<code>/prices": (
        Opening(STRANGER, "/sites/metz/prices"),
        Opening(STRANGER, "/sites/thionville-3eme-lieu/prices?for=company&profile=student"),
    ),
    "/spaces/<code>": (
        Opening(STRANGER, "/spaces/metz-mirabelle"),
        Opening(COWORKER, f"/spaces/metz-mirabelle?{ASKED}"),
    ),
    "/spaces/<code>/calendar": (Opening(CONCIERGE, "/spaces/metz-mirabelle/calendar"),),
    "/basket": (Opening(COWORKER, "/basket"),),
    "/bookings": (Opening(COWORKER, "/bookings"), Opening(MANAGER, "/bookings")),
    "/bookings/<ref>": (
        Opening(COWORKER, "/bookings/{booking}"),
        Opening(CONCIERGE, "/bookings/{booking}"),
    ),
    "/bookings/<ref>/request": (Opening(CONCIERGE, "/bookings/{booking}/request"),),
    "/requests": (Opening(CONCIERGE, "/requests"),),
    "/people/<account_id>/inductions": (Opening(CONCIERGE, "/people/{person}/inductions"),),
    "/bookings/<ref>/confirm": (Opening(COWORKER, "/bookings/{hold}/confirm"),),
    "/bookings/<ref>/end": (Opening(COWORKER, "/bookings/{booking}/end"),),
    "/bookings/<ref>/hand-over": (Opening(COWORKER, "/bookings/{booking}/hand-over"),),
    "/hand-overs/<code>": (Opening(COWORKER, "/hand-overs/closed-long-ago", 404),),
    "/arrive/<ref>/<signed>": (Opening(STRANGER, "/arrive/{booking}/unsigned", 404),),
    "/me/waits": (Opening(COWORKER, "/me/waits"),),
    "/sites/<code>/waits": (Opening(CONCIERGE, "/sites/metz/waits"),),
    "/me/absences": (Opening(COWORKER, "/me/absences"),),
    "/bookings/release": (
        Opening(COWORKER, "/bookings/release"),
        Opening(COWORKER, "/bookings/release?first=2026-11-24&last=2026-12-24"),
    ),
    "/series/new": (
        Opening(
            COWORKER,
            f"/series/new?space=metz-mirabelle&{ASKED}&repeat=weekly&weekdays=1&until=2027-01-05",
        ),
    ),
    "/series/<ref>": (Opening(COWORKER, "/series/{series}"),),
    "/series/<ref>/change": (
        Opening(COWORKER, "/series/{series}/change?scope=all&start=18:00&end=19:00"),
    ),
    "/series/<ref>/cancel": (Opening(COWORKER, "/series/{series}/cancel"),),
    "/bookings/<ref>/move": (Opening(COWORKER, "/bookings/{booking}/move"),),
    "/bookings/<ref>/cancel": (Opening(COWORKER, "/bookings/{booking}/cancel"),),
    "/bookings/<ref>/pass": (Opening(COWORKER, "/bookings/{booking}/pass"),),
    "/bookings/<ref>/pass/print": (Opening(COWORKER, "/bookings/{booking}/pass/print"),),
    "/bookings/<ref>/guests": (
        Opening(COWORKER, "/bookings/{booking}/guests"),
        Opening(CONCIERGE, "/bookings/{booking}/guests"),
    ),
    "/bookings/<ref>/emergency-pass": (Opening(CONCIERGE, "/bookings/{booking}/emergency-pass"),),
    "/guests/<code>/<token>": (Opening(STRANGER, "{guest_link}"),),
    "/pass": (Opening(COWORKER, "/pass"), Opening(MANAGER, "/pass")),
    "/pass/next": (Opening(COWORKER, "/pass/next"), Opening(MANAGER, "/pass/next")),
    "/pass/phones": (Opening(COWORKER, "/pass/phones"),),
    "/pass/lost": (Opening(COWORKER, "/pass/lost"),),
    "/people/<account_id>/lost-phone": (Opening(CONCIERGE, "/people/{person}/lost-phone"),),
    "/me": (Opening(COWORKER, "/me"), Opening(CONCIERGE, "/me")),
    "/me/passages": (Opening(COWORKER, "/me/passages"),),
    "/me/calendars": (Opening(COWORKER, "/me/calendars"),),
    "/me/password": (Opening(COWORKER, "/me/password"),),
    "/me/profiles": (Opening(COWORKER, "/me/profiles"), Opening(OWNER, "/me/profiles")),
    "/me/profiles/new": (Opening(COWORKER, "/me/profiles/new?kind=student"),),
    "/me/tokens": (Opening(COWORKER, "/me/tokens"),),
    "/organisations": (Opening(OWNER, "/organisations"), Opening(COWORKER, "/organisations")),
    "/organisations/new": (Opening(COWORKER, "/organisations/new"),),
    "/organisations/<organisation_id>": (
        Opening(OWNER, "/organisations/{organisation}"),
        Opening(MANAGER, "/organisations/{organisation}"),
    ),
    "/organisations/<organisation_id>/edit": (
        Opening(OWNER, "/organisations/{organisation}/edit"),
    ),
    "/organisations/invitations/<token>": (
        Opening(STRANGER, "{invitation_link}"),
        Opening(COWORKER, "{invitation_link}"),
    ),
    "/sign-in": (Opening(STRANGER, "/sign-in"),),
    "/sign-in/link": (Opening(STRANGER, "/sign-in/link"),),
    "/sign-in/link/<token>": (
        Opening(STRANGER, "{sign_in_link}"),
        Opening(STRANGER, "/sign-in/link/used-long-ago", 410),
    ),
    "/sign-up": (Opening(STRANGER, "/sign-up"),),
    "/sign-up/confirm/<token>": (Opening(STRANGER, "{confirm_link}"),),
    "/password/forgot": (Opening(STRANGER, "/password/forgot"),),
    "/password/reset/<token>": (Opening(STRANGER, "{reset_link}"),),
    "/people": (Opening(MANAGER, "/people"), Opening(CONCIERGE, "/people?q=zzz")),
    "/people/<account_id>": (
        Opening(MANAGER, "/people/{person}"),
        Opening(CONCIERGE, "/people/{person}"),
    ),
    "/me/rights": (Opening(COWORKER, "/me/rights"), Opening(MANAGER, "/me/rights")),
    "/me/rights/order": (
        Opening(COWORKER, "/me/rights/order"),
        Opening(
            COWORKER, "/me/rights/order?site=metz&product=ten_half_days&first=2026-11-23&payer="
        ),
    ),
    "/people/<account_id>/rights": (Opening(CONCIERGE, "/people/{person}/rights"),),
    "/people/<account_id>/rights/sell": (Opening(CONCIERGE, "/people/{person}/rights/sell"),),
    "/roaming": (Opening(MANAGER, "/roaming"),),
    "/people/grants": (Opening(MANAGER, "/people/grants"),),
    "/me/leases": (Opening(OWNER, "/me/leases"), Opening(COWORKER, "/me/leases")),
    "/leases": (Opening(MANAGER, "/leases"),),
    "/leases/new": (Opening(MANAGER, "/leases/new"),),
    "/leases/<ref>": (Opening(MANAGER, "/leases/{lease}"), Opening(OWNER, "/leases/{lease}")),
    "/leases/<ref>/rent": (Opening(OWNER, "/leases/{lease}/rent"),),
    "/leases/<ref>/inventory/<way>": (Opening(MANAGER, "/leases/{lease}/inventory/out"),),
    "/leases/<ref>/edit": (Opening(MANAGER, "/leases/{draft_lease}/edit"),),
    "/indices": (Opening(MANAGER, "/indices"),),
    "/aid": (Opening(MANAGER, "/aid"), Opening(OWNER, "/aid")),
    "/aid/organisations/<organisation_id>": (
        Opening(MANAGER, "/aid/organisations/{organisation}"),
        Opening(OWNER, "/aid/organisations/{organisation}"),
    ),
    "/proofs": (Opening(CONCIERGE, "/proofs"), Opening(MANAGER, "/proofs")),
    "/proofs/<request_id>": (Opening(MANAGER, "/proofs/{proof}"),),
    "/desk": (Opening(MANAGER, "/desk"),),
    "/desk/<site>": (
        Opening(CONCIERGE, "/desk/metz"),
        Opening(CONCIERGE, "/desk/metz?q=nobody-of-that-name"),
        Opening(MANAGER, "/desk/nancy?date=2026-12-25"),
    ),
    "/desk/<site>/walk-in": (
        Opening(CONCIERGE, "/desk/metz/walk-in"),
        Opening(CONCIERGE, "/desk/metz/walk-in?q=8+screen+tomorrow&who=ana"),
    ),
    "/desk/<site>/evacuation": (Opening(CONCIERGE, "/desk/metz/evacuation"),),
    "/doors": (Opening(MANAGER, "/doors"),),
    "/doors/<site>": (Opening(MANAGER, "/doors/metz"), Opening(CONCIERGE, "/doors/metz")),
    "/doors/<site>/journal": (Opening(CONCIERGE, "/doors/metz/journal"),),
    "/doors/cards": (Opening(CONCIERGE, "/doors/cards"),),
    "/doors/<number>/open": (Opening(CONCIERGE, "/doors/104/open"),),
    "/doors/<site>/emergency": (Opening(CONCIERGE, "/doors/metz/emergency"),),
    "/doors/<site>/figures": (Opening(CONCIERGE, "/doors/metz/figures"),),
    "/doors/<site>/passages": (Opening(CONCIERGE, "/doors/metz/passages"),),
    "/doors/devices/<code>/revoke": (Opening(MANAGER, "/doors/devices/{reader}/revoke"),),
    "/prices": (Opening(STRANGER, "/prices"), Opening(STRANGER, "/prices?for=company")),
    "/rates": (Opening(MANAGER, "/rates"),),
    "/rates/<owner>": (Opening(MANAGER, "/rates/charter"), Opening(MANAGER, "/rates/metz")),
    "/rates/<owner>/<number>": (Opening(MANAGER, "/rates/metz/1"),),
    "/rates/compare": (
        Opening(MANAGER, "/rates/compare?before=metz:1&after=nancy:1"),
        Opening(MANAGER, "/rates/compare?before=metz:1&after=metz:1"),
    ),
    "/rates/drafts/<number>": (
        Opening(MANAGER, "/rates/drafts/{charter_draft}"),
        Opening(MANAGER, "/rates/drafts/{own_draft}"),
    ),
    "/rates/drafts/<number>/publish": (Opening(MANAGER, "/rates/drafts/{charter_draft}/publish"),),
    "/rates/drafts/<number>/simulation": (
        Opening(MANAGER, "/rates/drafts/{charter_draft}/simulation"),
        Opening(MANAGER, "/rates/drafts/{charter_draft}/simulation?month=2026-11"),
    ),
    "/rates/drafts/<number>/toml": (Opening(MANAGER, "/rates/drafts/{own_draft}/toml"),),
    "/rates/vat": (Opening(MANAGER, "/rates/vat"),),
    "/demo/mail": (Opening(STRANGER, "/demo/mail"),),
    "/demo/mail/<name>": (Opening(STRANGER, "/demo/mail/{mail}"),),
    # What refuses is a page too.
    "no such page": (Opening(STRANGER, "/nowhere", 404),),
    "no such booking": (Opening(COWORKER, "/bookings/nobodys", 404),),
    "not for them": (Opening(COWORKER, "/people", 403),),
}
# Files and machines' answers: no person reads them as a page.
NO_PAGES = frozenset(
    {
        "/bookings/<ref>/calendar.ics",
        "/bookings/<ref>/guests/<code>/badge.pdf",
        "/bookings/<ref>/pass.pkpass",
        "/bookings/<ref>/pass.svg",
        "/bookings/<ref>/pass/google",
        "/calendars/<secret>.ics",
        "/calendars/<secret>/<code>.ics",
        "/demo/mail/<name>/<number>",
        "/series/<ref>/calendar.ics",
        "/guests/<code>/<token>/pass.svg",
        "/aid/<entry_id>/letter.pdf",
        "/leases/<ref>/inventory-<way>.pdf",
        "/leases/<ref>/offer.pdf",
        "/leases/<ref>/rent.csv",
        "/leases/<ref>/revisions/<day>.pdf",
        "/roaming.csv",
        "/aid/export.csv",
        "/aid/organisations/<organisation_id>/declaration.pdf",
        "/healthz",
        "/pass-worker.js",
        "/pass.webmanifest",
        "/pass/passes.json",
        "/rates/<owner>/<number>/card.toml",
        "/rates/drafts/<number>/card.toml",
        "/proofs/<request_id>/documents/<document_id>",
        "/readyz",
    }
)
MACHINES = ("/api/", "/static/")
