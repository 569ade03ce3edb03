"""Brings places, cards and rates of VAT to what the files say, and never overrules a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import BadNetwork
from app.spaces.network import Network, Site
from app.spaces.queries import read_network
from app.spaces.service import LoadReport, apply_plan, move_revision
from app.tariffs.charter import compose
from app.tariffs.files import CardPlan, NetworkFiles
from app.tariffs.indices import load_index_values
from app.tariffs.tables import CharterRow, RateCardRow, VatRateRow

ONE_DAY = timedelta(days=1)


def load_network_files(
    session: Session,
    files: NetworkFiles,
    *,
    now: datetime,
    announced: Mapping[int, int] | None = None,
) -> LoadReport:
    """Bring all to what the files say; move the revision if anything changed.

    Raises BadNetwork, listing everything that would break bookings to come; `announced` is the
    most people that any of them announced, by space.
    """
    places = apply_plan(session, files.plan, now=now, announced=announced)
    rates = load_vat_rates(session, files, now=now)
    cards = publish_cards(session, files, now=now)
    values = load_index_values(session, files.indices, now=now)
    changed = (*places.changed, *rates, *cards.changed, *values)
    report = LoadReport(changed, (*places.warnings, *cards.warnings))
    if report:
        move_revision(session, files.digest, now=now)
    return report


def load_vat_rates(session: Session, files: NetworkFiles, *, now: datetime) -> tuple[str, ...]:
    """Add the rates of VAT that are not known yet; raises BadNetwork for one that changed."""
    statement = select(VatRateRow).order_by(VatRateRow.revision)
    known = {(row.code, row.valid_from): row.percent for row in session.scalars(statement)}
    changed = [
        f"vat.toml: {rate.code.value} from {rate.valid_from} is {known[key]} per cent already:"
        " add a rate with a later day"
        for rate in files.vat.rates
        if (key := (rate.code.value, rate.valid_from)) in known and known[key] != str(rate.percent)
    ]
    if changed:
        raise BadNetwork(tuple(changed))
    added = [rate for rate in files.vat.rates if (rate.code.value, rate.valid_from) not in known]
    for rate in added:
        session.add(
            VatRateRow(
                code=rate.code.value,
                valid_from=rate.valid_from,
                revision=1,
                percent=str(rate.percent),
                source=rate.source,
                recorded_at=now,
            )
        )
    return tuple(f"VAT {rate.code.value} {rate.percent} from {rate.valid_from}" for rate in added)


def publish_cards(session: Session, files: NetworkFiles, *, now: datetime) -> LoadReport:
    """Write a new version of each card that differs from the newest one; gives what was written.

    The first version counts from the day its file names, a later one not before today and not
    before the last: what was sold before keeps its price. Once somebody published on screen, the
    files only say how they differ: what a person decided is not undone by a load.
    """
    publishing = _Publishing(session, files, read_network(session, 0), now)
    for plan in files.cards:
        publishing.look_at(plan)
    session.flush()
    return LoadReport(tuple(publishing.written), tuple(publishing.warnings))


@dataclass
class _Publishing:
    """One load of the cards: what stands already, and what was written."""

    session: Session
    files: NetworkFiles
    network: Network
    now: datetime

    def __post_init__(self) -> None:
        self.written: list[str] = []
        self.warnings: list[str] = []
        self._newest = _newest_cards(self.session)
        self._charter = _newest_charter(self.session)
        by_person = [row.published_by for row in self._newest.values()]
        by_person += [self._charter.published_by] if self._charter else []
        self._is_theirs = any(person is not None for person in by_person)

    def look_at(self, plan: CardPlan) -> None:
        """Write the card of one site, or say that it differs."""
        site = self.network.get_site(plan.site)
        before = self._newest.get(site.id)
        if before is not None and before.content == compose(plan.charter, plan.own):
            return
        if before is not None and self._is_theirs:
            self.warnings.append(
                f"rate card {site.code}: version {before.version} stays, for cards were published"
                " on screen; import the file as a draft instead"
            )
            return
        self._write(site, plan, before)

    def _write(self, site: Site, plan: CardPlan, before: RateCardRow | None) -> None:
        begins = plan.effective_on
        if before is not None:
            today = site.calendar.local_date(self.now)
            begins = max(begins, today, before.effective_on + ONE_DAY)
        row = RateCardRow(
            site_id=site.id,
            version=before.version + 1 if before else 1,
            effective_on=begins,
            deliberation=plan.deliberation,
            content=compose(plan.charter, plan.own),
            own=plan.own,
            note="",
            charter_id=self._charter_id(plan, begins),
            published_at=self.now,
        )
        self.session.add(row)
        self.written.append(f"rate card {site.code} version {row.version} from {begins}")

    def _charter_id(self, plan: CardPlan, begins: date) -> int:
        """Give the charter of these words, written first if it is new."""
        if self._charter is None or self._charter.content != plan.charter:
            number = self.session.scalar(select(func.max(CharterRow.version))) or 0
            self._charter = CharterRow(
                version=number + 1,
                effective_on=begins,
                deliberation=plan.deliberation,
                content=plan.charter,
                note="",
                published_at=self.now,
            )
            self.session.add(self._charter)
            self.session.flush()
        return self._charter.id


def _newest_cards(session: Session) -> dict[int, RateCardRow]:
    last = select(func.max(RateCardRow.id)).group_by(RateCardRow.site_id)
    rows = session.scalars(select(RateCardRow).where(RateCardRow.id.in_(last)))
    return {row.site_id: row for row in rows}


def _newest_charter(session: Session) -> CharterRow | None:
    return session.scalars(select(CharterRow).order_by(CharterRow.version.desc()).limit(1)).first()
