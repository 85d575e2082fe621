"""What readers say is wrong, for who checks or keeps the listing: adapted, or right as it is."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from socialmap import db
from socialmap.geo.tree import area_tree
from socialmap.models import Account
from socialmap.models.terms import ReportState, Role
from socialmap.reviews import reports, words
from socialmap.reviews.reports import ReportView
from socialmap.views import doors
from socialmap.views.clock import now, today
from socialmap.views.report import SLIPS, too_long
from socialmap.views.typed import plain_lines

ACTS = {"aangepast": ReportState.HANDLED, "klopt-wel": ReportState.DISMISSED}
MOST = 50
"""So many reports stand on the page; the oldest first, so that the rest comes into view."""

bp = Blueprint("desk_reports", __name__, url_prefix="/bureau/meldingen")
bp.after_request(doors.keep_private)


def decider() -> Account:
    """Who is signed in and may decide on some listing."""
    return doors.with_role(Role.EDITOR, Role.WIJK_CONTACT, Role.REDACTEUR)


@bp.get("")
def desk_reports() -> ResponseReturnValue:
    """The open reports, the oldest first, and what was decided lately."""
    return page(decider())


@bp.post("/<report_id>")
def decide(report_id: str) -> ResponseReturnValue:
    """Close a report; a second press or somebody else's changes nothing."""
    account = decider()
    view, act = report_or_404(account, report_id), request.form.get("besluit", "")
    state = ACTS.get(act) or abort(400)
    if state == ReportState.DISMISSED and not view.may_dismiss:
        abort(403)
    answer = plain_lines(request.form.get("antwoord", ""))
    errors = too_long(answer) or [SLIPS[slip] for slip in words.stops(answer, today())]
    if errors:
        return page(account, view.report.id, answer, errors), 422
    by = account.name or account.mail
    with db.writing(db.engine()) as session:
        is_new = reports.decide(session, view.report.id, state, answer, by, now())
    return redirect(url_for("desk_reports.desk_reports", klaar=act if is_new else "al"), 303)


def report_or_404(account: Account, report_id: str) -> ReportView:
    """The report with this id, if this account may decide on it."""
    try:
        id = UUID(report_id)
    except ValueError:
        abort(404)
    session = db.session()
    return reports.find_report(session, area_tree(session), account, id, now()) or abort(404)


def page(
    account: Account,
    wrong_id: UUID | None = None,
    answer: str = "",
    errors: list[str] | None = None,
) -> str:
    """The reports, with what was typed at the one where something is wrong."""
    session = db.session()
    tree = area_tree(session)
    waiting = reports.open_reports(session, tree, account, now())
    return render_template(
        "desk/reports.html",
        waiting=waiting[:MOST],
        count=len(waiting),
        decided=reports.decided_reports(session, tree, account, now())[:MOST],
        done=request.args.get("klaar", ""),
        wrong_id=wrong_id,
        answer=answer,
        errors=errors or [],
    )
