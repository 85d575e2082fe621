"""What the database itself refuses, whichever database it is and whoever writes to it."""

import traceback
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

REFUSED = {
    "ck_account_ends_after_it_began": "UPDATE account SET ended_on = '1999-01-01'",
    "ck_account_mail_is_folded": "UPDATE account SET mail = 'Redactie@gids.example'",
    "ck_account_role_editors_have_a_provider": (
        "UPDATE account_role SET provider_id = NULL WHERE role = 'aanbieder'"
    ),
    "ck_account_role_wijk_contacts_have_an_area": (
        "UPDATE account_role SET area_code = NULL WHERE role = 'wijkcontact'"
    ),
    "ck_account_role_only_editors_begin_later": (
        "UPDATE account_role SET from_at = '2026-11-23 12:00:00' WHERE role = 'redacteur'"
    ),
    "ck_area_only_the_city_has_no_parent": "UPDATE area SET parent_code = NULL WHERE code = 'NK'",
    "ck_claim_confirmed_has_a_moment": "UPDATE claim SET state = 'confirmed'",
    "ck_claim_decided_has_a_moment": (
        "UPDATE claim SET state = 'granted', confirmed_at = '2026-11-23 12:00:00'"
    ),
    "ck_claim_running_has_a_beginning": (
        "UPDATE claim SET state = 'running', confirmed_at = '2026-11-23 12:00:00'"
    ),
    "ck_contact_for_exactly_one": "UPDATE contact SET listing_id = NULL",
    "ck_contact_one_period": "UPDATE contact SET until_on = '2020-01-01'",
    "ck_coverage_area_or_reach": "UPDATE coverage SET reach = 'stad' WHERE reach IS NULL",
    "ck_edit_decided_has_a_moment": "UPDATE edit SET state = 'returned'",
    "ck_group_session_ends_after_start": (
        "UPDATE group_session SET starts_at = '15:00:00', ends_at = '14:00:00'"
    ),
    "ck_group_session_one_period": (
        "UPDATE group_session SET from_on = '2026-02-01', until_on = '2026-01-01'"
    ),
    "ck_listing_ages_in_order": "UPDATE listing SET min_age_months = 24, max_age_months = 12",
    "ck_listing_ages_known_or_empty": "UPDATE listing SET ages_known = FALSE",
    "ck_listing_closure_in_order": (
        "UPDATE listing SET closed_from = '2026-02-01', closed_until = '2026-01-01'"
    ),
    "ck_listing_ended_has_a_date": "UPDATE listing SET status = 'ended'",
    "ck_listing_only_places_lack_a_provider": "UPDATE listing SET provider_id = NULL",
    "ck_listing_review_rhythm": "UPDATE listing SET review_months = 13",
    "ck_listing_room_is_dated": "UPDATE listing SET room = 'vol'",
    "ck_listing_weeks_not_negative": "UPDATE listing SET weeks = -1",
    "ck_listing_summary_another_language": (
        "UPDATE listing_summary SET language = 'nl' WHERE language = 'tr'"
    ),
    "ck_listing_call_somebody_called": "UPDATE listing_call SET name = ''",
    "ck_listing_summary_says_something": "UPDATE listing_summary SET text = ''",
    "ck_listing_summary_somebody_wrote_it": "UPDATE listing_summary SET written_by = ''",
    "ck_listing_term_known_term": "UPDATE listing_term SET term = 'inloop' WHERE kind = 'language'",
    "ck_login_link_expires_later": "UPDATE login_link SET expires_at = made_at",
    "ck_login_try_counted_at_least_once": "UPDATE login_try SET count = 0",
    "ck_offer_draft_changes_after_it_began": "UPDATE offer_draft SET changed_at = '1999-01-01'",
    "ck_offer_draft_sent_is_a_listing": "UPDATE offer_draft SET listing_id = NULL",
    "ck_person_detail_public_needs_consent": (
        "UPDATE person_detail SET visibility = 'public', consent_on = NULL WHERE kind = 'mail'"
    ),
    "ck_temporary_change_days_in_order": (
        "UPDATE temporary_change SET from_on = '2026-02-01', until_on = '2026-01-01'"
    ),
    "ck_temporary_change_short_text": f"UPDATE temporary_change SET text = '{'a' * 201}'",
    "ck_temporary_change_whole_session": "UPDATE temporary_change SET part = NULL",
    "ck_temporary_change_place_when_moved": "UPDATE temporary_change SET kind = 'gesloten'",
    "ck_place_area_has_a_code": (
        "UPDATE place SET visibility = 'area', area_code = NULL, area_level = NULL, street = NULL,"
        " house_number = NULL, postcode = NULL, lat = NULL, lon = NULL, name = NULL"
    ),
    "ck_place_area_is_a_wijk_or_larger": (
        "UPDATE place SET visibility = 'area', area_code = 'NK03', area_level = 'buurt',"
        " street = NULL, house_number = NULL, postcode = NULL, lat = NULL, lon = NULL, name = NULL"
    ),
    "ck_place_area_level_with_code": "UPDATE place SET area_level = NULL, area_code = 'NK03'",
    "ck_place_both_coordinates": "UPDATE place SET lat = NULL, lon = 4.9",
    "ck_place_coordinates_on_earth": "UPDATE place SET lat = 91, lon = 4.9",
    "ck_place_details_only_when_exact": (
        "UPDATE place SET visibility = 'area', area_code = 'NK', area_level = 'wijk'"
    ),
    "ck_place_hidden_has_no_area": (
        "UPDATE place SET visibility = 'hidden', area_code = 'NK', area_level = 'wijk',"
        " street = NULL, house_number = NULL, postcode = NULL, lat = NULL, lon = NULL, name = NULL"
    ),
    "ck_postcode_wijk_share_is_a_part": "UPDATE postcode_wijk SET share = 1.5",
    "ck_report_answer_fits": f"UPDATE report SET answer = '{'x' * 501}'",
    "ck_report_decided_has_a_moment": "UPDATE report SET state = 'handled'",
    "ck_report_words_fit": f"UPDATE report SET words = '{'x' * 501}'",
    "ck_field_ask_a_month_and_no_day": "UPDATE field_ask SET month = '2026-11-23'",
    "ck_field_ask_counted_at_least_once": "UPDATE field_ask SET count = 0",
    "ck_listing_count_a_month_and_no_day": "UPDATE listing_count SET month = '2026-11-23'",
    "ck_listing_count_counted_at_least_once": "UPDATE listing_count SET count = 0",
    "ck_listing_count_only_questions_name_an_area": (
        "UPDATE listing_count SET what = 'gebeld', area_code = 'NK'"
    ),
    "ck_search_miss_a_month_and_no_day": "UPDATE search_miss SET month = '2026-11-23'",
    "ck_search_miss_counted_at_least_once": "UPDATE search_miss SET count = 0",
    "ck_team_member_backup_is_someone_else": "UPDATE team_member SET backup_id = person_id",
    "ck_team_member_one_period": (
        "UPDATE team_member SET from_on = '2026-02-01', until_on = '2026-01-01'"
    ),
    "ck_wijk_contact_absence_in_order": (
        "UPDATE wijk_contact SET absent_from = '2026-02-01', absent_until = '2026-01-01'"
    ),
    "ck_wijk_contact_deputy_is_someone_else": "UPDATE wijk_contact SET deputy_id = person_id",
    "ck_wijk_contact_one_period": "UPDATE wijk_contact SET until_on = '1999-01-01'",
}
"""For every rule of the models a change that breaks it."""
SAME_TWICE = {
    "uq_listing_call_listing_id_account_id_called_on": (
        "UPDATE listing_call SET listing_id = (SELECT id FROM listing ORDER BY key LIMIT 1)"
    ),
    "uq_account_role_account_id_area_code": (
        "UPDATE account_role SET area_code = 'NK' WHERE area_code IS NOT NULL"
    ),
    "uq_account_role_account_id_provider_id": (
        "UPDATE account_role SET provider_id = (SELECT id FROM provider ORDER BY slug LIMIT 1)"
        " WHERE provider_id IS NOT NULL"
    ),
    "uq_account_role_once": (
        "UPDATE account_role SET role = 'redacteur' WHERE provider_id IS NULL AND area_code IS NULL"
    ),
    "uq_claim_one_open": (
        "UPDATE claim SET provider_id = (SELECT id FROM provider ORDER BY slug LIMIT 1)"
    ),
    "uq_contact_one_per_role": "UPDATE contact SET role = 'primary'",
    "uq_contact_one_per_role_of_team": (
        "UPDATE contact SET team_id = (SELECT id FROM team ORDER BY slug LIMIT 1),"
        " listing_id = NULL, place_id = NULL, role = 'primary', until_on = NULL"
    ),
    "uq_coverage_listing_id_area_code": (
        "UPDATE coverage SET listing_id = (SELECT id FROM listing WHERE key = 'elders')"
    ),
    "uq_coverage_listing_id_reach": (
        "UPDATE coverage SET reach = 'stad', area_code = NULL,"
        " listing_id = (SELECT id FROM listing WHERE key = 'elders')"
    ),
    "uq_wijk_contact_one_open_ended": "UPDATE wijk_contact SET area_code = 'NK', until_on = NULL",
}
"""What makes two rows the same where more than one column keeps them apart."""
TABLES = SQLModel.metadata.sorted_tables
NOWHERE = "nergens"


def refusal(engine: sa.Engine, change: str | sa.Executable) -> str:
    """What the database says when it refuses a change; empty when it accepts it (then undone)."""
    statement = sa.text(change) if isinstance(change, str) else change
    with engine.connect() as connection:
        try:
            assert connection.execute(statement).rowcount, f"{change} meets no row"
        except sa.exc.IntegrityError as error:
            return str(error.orig)
    return ""


def checks() -> Iterator[sa.CheckConstraint]:
    """The rules of all tables."""
    for table in TABLES:
        yield from (rule for rule in table.constraints if isinstance(rule, sa.CheckConstraint))


def is_closed_list(rule: sa.CheckConstraint) -> bool:
    return bool(rule._type_bound)


def test_every_table_has_a_row_to_try_on(furnished: sa.Engine) -> None:
    with furnished.connect() as connection:
        empty = [
            table.name
            for table in TABLES
            if connection.execute(sa.select(table).limit(1)).first() is None
        ]
    assert empty == []


def test_there_is_a_trial_for_every_rule() -> None:
    assert {str(rule.name) for rule in checks() if not is_closed_list(rule)} == set(REFUSED)


def test_what_breaks_a_rule_is_refused_by_name(furnished: sa.Engine) -> None:
    told = {name: refusal(furnished, change) for name, change in REFUSED.items()}
    assert [name for name, message in told.items() if name not in message] == []


def test_a_value_outside_its_closed_list_is_refused(furnished: sa.Engine) -> None:
    columns = [
        (table, column)
        for table in TABLES
        for column in table.columns
        if isinstance(column.type, sa.Enum)
    ]
    assert len(columns) == len([rule for rule in checks() if is_closed_list(rule)])
    strange = sa.literal(NOWHERE, sa.String)
    accepted = [
        f"{table.name}.{column.name}"
        for table, column in columns
        if not refusal(furnished, sa.update(table).values({column.name: strange}))
    ]
    assert accepted == []


def test_what_must_be_told_cannot_be_empty(furnished: sa.Engine) -> None:
    accepted = [
        f"{table.name}.{column.name}"
        for table in TABLES
        for column in table.columns
        if not column.nullable
        and not refusal(furnished, sa.update(table).values({column.name: sa.null()}))
    ]
    assert accepted == []


def test_what_is_named_must_exist(furnished: sa.Engine) -> None:
    accepted = [
        f"{table.name}.{key.column_keys}"
        for table in TABLES
        for key in table.foreign_key_constraints
        if not refusal(furnished, sa.update(table).values(missing(key)))
    ]
    assert accepted == []


def missing(key: sa.ForeignKeyConstraint) -> dict[str, object]:
    """Values for the columns of a key to which no row answers."""
    column = next(iter(key.columns))
    value = uuid4() if isinstance(column.type, sa.Uuid) else NOWHERE
    return {column.name: value[:4] if isinstance(value, str) else value}


def test_what_is_unique_stays_so(furnished: sa.Engine) -> None:
    told = {promise: refusal(furnished, change) for promise, change in same_twice().items()}
    assert [promise for promise, message in told.items() if "unique" not in message.lower()] == []


def same_twice() -> dict[str, str | sa.Executable]:
    """For every promise that rows differ a change that makes two of them the same."""
    single = {
        f"{table.name}.{column.name}": sa.update(table).values({column.name: same(column)})
        for table in TABLES
        for rule in table.constraints
        if isinstance(rule, sa.UniqueConstraint) and len(rule.columns) == 1
        for column in rule.columns
    }
    return {**single, **SAME_TWICE}


def same(column: sa.Column[Any]) -> object:
    """A value that every row may have on its own, but no two."""
    return 7 if isinstance(column.type, sa.Integer) else NOWHERE


def test_there_is_a_trial_for_every_promise() -> None:
    """The key of a table with more beside it (an area with its level) adds nothing to the key."""
    rules = [
        rule
        for table in TABLES
        for rule in (*table.constraints, *(index for index in table.indexes if index.unique))
        if isinstance(rule, sa.UniqueConstraint | sa.Index)
        and not set(table.primary_key.columns) <= set(rule.columns)
    ]
    assert len(rules) == len(same_twice())


def test_no_value_stands_in_an_error(furnished: sa.Engine) -> None:
    with pytest.raises(sa.exc.IntegrityError) as caught, furnished.begin() as connection:
        connection.execute(
            sa.text("UPDATE place SET name = :n, visibility = 'hidden'"), {"n": "Bij Saadia thuis"}
        )
    assert "Saadia" not in "".join(traceback.format_exception(caught.value))
