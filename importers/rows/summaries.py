"""Rows of summaries.csv: what a listing is in another language, as somebody wrote it."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from importers.rows import cells
from importers.rows.cells import one_of, required
from importers.rows.listings import CellRow, Rule, YesNo, code, columns_of
from socialmap.listings.summaries import LONGEST
from socialmap.listings.values import one_line
from socialmap.models.terms import OTHER_LANGUAGES, Language

LANGUAGES = {str(language): language for language in OTHER_LANGUAGES}


class SummaryRow(CellRow):
    """One summary as the file tells it."""

    key: Annotated[str, code(cells.key)] = Field(alias="id")
    language: Annotated[Language, code(lambda cell: one_of(LANGUAGES)(required(cell)))] = Field(
        alias="taal"
    )
    text: Annotated[str, BeforeValidator(required)] = Field(alias="samenvatting")
    written_by: Annotated[str, BeforeValidator(required), AfterValidator(one_line)] = Field(
        alias="door"
    )
    written_on: Annotated[date, code(lambda cell: cells.day(required(cell)))] = Field(alias="op")
    is_example: YesNo = Field(alias="voorbeeld")

    def broken_rules(self) -> Iterator[Rule]:
        """What does not fit."""
        if len(self.text) > LONGEST:
            over = len(self.text) - LONGEST
            yield "samenvatting", f"dit zijn {len(self.text)} tekens; maak het {over} korter"


SUMMARY_COLUMNS = columns_of(SummaryRow)
