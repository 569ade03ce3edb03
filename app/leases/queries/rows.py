"""From rows to leases as values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from app.domain.ids import OrganisationId
from app.domain.indices import IndexSeries, Quarter
from app.domain.json_values import JsonValue
from app.domain.lease_states import LeaseState
from app.domain.money import Money
from app.domain.rents import RentTerms, Stage
from app.domain.titles import Title
from app.domain.vat_rules import VatCode
from app.leases.lease import Clauses, Condition, Inventory, Item, Lease, Revision, Tenant, Way
from app.leases.tables import LeaseInventoryRow, LeaseRevisionRow, LeaseRow
from app.people.tables import OrganisationRow
from app.spaces.network import Network


def lease_from(
    network: Network,
    row: LeaseRow,
    tenant: OrganisationRow,
    revisions: Iterable[LeaseRevisionRow] = (),
    inventories: Iterable[LeaseInventoryRow] = (),
) -> Lease:
    """Build a lease from its rows."""
    return Lease(
        id=row.id,
        ref=row.ref,
        state=LeaseState(row.state),
        tenant=Tenant(OrganisationId(tenant.id), tenant.name, tenant.siren),
        site=network.site_by_id(row.site_id),
        space=network.space_by_id(row.space_id),
        terms=terms_from(row),
        clauses=_clauses(row),
        offered_on=row.offered_on,
        signed_on=row.signed_on,
        signatory=row.signatory,
        left_on=row.left_on,
        deposit_returned_on=row.deposit_returned_on,
        revisions=tuple(revision_from(each) for each in revisions),
        inventories=tuple(_inventory(each) for each in inventories),
    )


def terms_from(row: LeaseRow) -> RentTerms:
    """Build what a lease asks."""
    return RentTerms(
        first_day=row.first_day,
        last_day=row.last_day,
        area_m2=Decimal(row.area_m2),
        rent_per_m2=Decimal(row.rent_per_m2),
        stages=_stages(row.stages),
        charges_per_m2=Decimal(row.charges_per_m2),
        services=Money(row.services_minor),
    )


def revision_from(row: LeaseRevisionRow) -> Revision:
    """Build a revision."""
    return Revision(
        id=row.id,
        effective_on=row.effective_on,
        series=IndexSeries(row.series),
        base=Quarter(row.base_year, row.base_quarter),
        base_value=row.base_value,
        new_value=row.new_value,
        before=Money(row.rent_before_minor),
        after=None if row.rent_after_minor is None else Money(row.rent_after_minor),
        made_on=row.made_on,
        settled_on=row.settled_on,
    )


def stages_json(stages: Iterable[Stage]) -> list[JsonValue]:
    """Write stages as a row keeps them."""
    return [[stage.months, str(stage.share)] for stage in stages]


def items_json(items: Iterable[Item]) -> list[JsonValue]:
    """Write the items of an inventory as a row keeps them."""
    return [
        {
            "name": item.name,
            "condition": item.condition.value,
            "note": item.note,
            "kept_minor": item.kept.minor,
        }
        for item in items
    ]


def _clauses(row: LeaseRow) -> Clauses:
    return Clauses(
        title=Title(row.title),
        motive=row.motive,
        call_reference=row.call_reference,
        services=row.services,
        deposit=Money(row.deposit_minor),
        vat_code=VatCode(row.vat_code),
        series=IndexSeries(row.index_series),
        base=Quarter(row.base_year, row.base_quarter),
    )


def _stages(kept: Sequence[JsonValue]) -> tuple[Stage, ...]:
    stages = []
    for pair in kept:
        match pair:
            case [int(months), str(share)]:
                stages.append(Stage(months, Decimal(share)))
            case _:
                raise ValueError("a stage is a number of months and a share")
    return tuple(stages)


def _inventory(row: LeaseInventoryRow) -> Inventory:
    items = tuple(_item(each) for each in row.items if isinstance(each, Mapping))
    return Inventory(Way(row.way), row.done_on, row.keys, items, row.note)


def _item(kept: Mapping[str, JsonValue]) -> Item:
    minor = kept["kept_minor"]
    return Item(
        name=str(kept["name"]),
        condition=Condition(str(kept["condition"])),
        note=str(kept["note"]),
        kept=Money(minor if isinstance(minor, int) else 0),
    )
