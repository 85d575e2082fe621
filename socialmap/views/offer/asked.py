"""What a step of a new offer needs: its draft, who may go on with it, and what was typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import abort, make_response, render_template, request
from pydantic import ValidationError

from socialmap import db, people
from socialmap.geo.tree import area_tree
from socialmap.listings.values import ListingValues
from socialmap.models import Account, OfferDraft
from socialmap.models.terms import Part
from socialmap.reviews import offers
from socialmap.views import doors
from socialmap.views.clock import today
from socialmap.views.edit.asked import located
from socialmap.views.edit.forms import Around, PartForm, Reading
from socialmap.views.edit.reader import Typed
from socialmap.views.offer.start import is_helper
from socialmap.views.offer.steps import STEPS, as_typed, forms_with

CLASH = "Deze antwoorden passen niet bij elkaar. Kijk ze nog eens na."
ACT = doors.ACT
"""Boxes of a form that are not typed."""


@dataclass(frozen=True)
class Making:
    """A new offer that is being made."""

    token: str
    draft: OfferDraft
    helper: Account | None
    """Who enters it for somebody else."""

    @property
    def is_sent(self) -> bool:
        return self.draft.sent_at is not None

    @cached_property
    def begun(self) -> ListingValues:
        """What is known of it by how it began."""
        return offers.values_of_start(self.draft)

    @cached_property
    def around(self) -> Around:
        session = db.session()
        return Around(session, area_tree(session), today(), self.begun, list, located)

    @cached_property
    def forms(self) -> dict[Part, PartForm]:
        """The form of each step."""
        mail = self.helper.mail if self.helper else ""
        return forms_with(people.choices_with_mail(db.session(), mail) if mail else [])

    def is_done(self, part: Part) -> bool:
        """Has one gone through this step?"""
        return part.value in offers.parts_done(self.draft)

    def typed(self, part: Part) -> Typed:
        """What stands in the boxes of a step."""
        boxes = offers.boxes_of(self.draft).get(part.value)
        return self.forms[part].shown(self.begun) if boxes is None else as_typed(boxes)

    def read(self, part: Part, typed: Typed) -> Reading:
        """What was typed in a step, as fields of a listing."""
        return self.forms[part].read(typed, self.around)

    @property
    def title(self) -> str:
        """What it is called now."""
        return self.typed(Part.TEXT).get("title", "").strip() or self.begun.title

    def next_step(self, after: Part | None = None) -> Part | None:
        """The first step not gone through yet, of those after `after` first; None for none."""
        at = STEPS.index(after) + 1 if after else 0
        order = [part for part in STEPS[at:] + STEPS[:at] if part != after]
        return next((part for part in order if not self.is_done(part)), None)

    def read_all(self) -> tuple[ListingValues | None, Mapping[Part, Mapping[str, str]]]:
        """The whole listing; or what is still wrong or missing, by step and box."""
        readings = {part: self.read(part, self.typed(part)) for part in STEPS}
        faults = {part: reading.errors for part, reading in readings.items() if reading.errors}
        told: dict[str, Any] = {}
        for reading in readings.values():
            told |= reading.values
        if faults:
            return None, faults
        try:
            return ListingValues.model_validate(dict(self.begun) | told), {}
        except ValidationError:
            return None, {Part.TEXT: {"": CLASH}}

    def is_our_form(self) -> bool:
        """Was this form given out by us, to who is signed in where that counts?"""
        return doors.is_signed_form() if self.helper else doors.is_fresh_form()


def making_or_404(token: str) -> Making:
    """The offer at this address; one entered for somebody else only for who enters it."""
    draft = offers.find_draft(db.session(), token)
    if draft is None:
        abort(make_response(render_template("offer/gone.html"), 404))
    if draft.account_id is None:
        return Making(token, draft, None)
    is_read = request.method in doors.READS
    account = doors.account_or_login() if is_read else doors.account_or_kept()
    if account.id != draft.account_id or not is_helper(account):
        abort(403)
    return Making(token, draft, account)


def step_or_404(name: str) -> Part:
    """The step with this name."""
    if name not in {part.value for part in STEPS}:
        abort(404)
    return Part(name)
