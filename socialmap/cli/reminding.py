"""The daily question whether listings are still right: `flask remind`; and mail that comes back."""

from typing import BinaryIO

import click
from flask import current_app
from flask.cli import with_appcontext

from socialmap import db, upkeep
from socialmap.cli.grounds import require_tables, settings
from socialmap.geo.tree import area_tree
from socialmap.mail import Delivery, Letter, Mailer, MailError
from socialmap.models import Account
from socialmap.upkeep import BounceError, Digest, MailIds, extras
from socialmap.views.clock import now, today
from socialmap.views.digest import digest_letter
from socialmap.views.yearly import yearly_letter

MOST_FAILURES = 5
"""After so many letters in a row that the mail server did not take, the rest waits for tomorrow."""

OUTCOMES: dict[Delivery | None, str] = {Delivery.TAKEN: "sent", Delivery.REFUSED: "bounced"}
"""What is counted of a letter; of all others that it waits."""


@click.command()
@click.option("--dry-run", is_flag=True, help="Zeg alleen wie welke mail zou krijgen.")
@with_appcontext
def remind(dry_run: bool) -> None:
    """Vraag wie vermeldingen bijhoudt of ze nog kloppen. Elke dag, twee keer kan geen kwaad."""
    require_tables()
    session = db.session()
    wanted = upkeep.digests(session, area_tree(session), now(), today())
    yearly = extras.yearly_accounts(session, now(), today())
    with current_app.test_request_context(base_url=settings().base_url):
        letters = [(digest, digest_letter(digest, today())) for digest in wanted]
        yearly_letters = [(one, yearly_letter(session, one, today())) for one in yearly]
    if dry_run:
        _rehearse(letters, [letter for _, letter in yearly_letters])
        return
    counts = _send_all(letters)
    _send_yearly(yearly_letters, counts)
    _tell(counts)


def _rehearse(letters: list[tuple[Digest, Letter]], yearly: list[Letter]) -> None:
    """Say who would get what."""
    for digest, letter in letters:
        click.echo(f"{letter.to}: {letter.subject}")
        for card in digest.cards:
            click.echo(f"  {card.title}: controleren voor {card.review_due_on:%d-%m-%Y}")
    for letter in yearly:
        click.echo(f"{letter.to}: {letter.subject}")
    click.echo(f"Te versturen: {len(letters) + len(yearly)} mails.")


def _send_all(letters: list[tuple[Digest, Letter]]) -> dict[str, int]:
    """Send each letter that no other run sent today; stops where the mail server is away."""
    counts = {"sent": 0, "bounced": 0, "waiting": 0}
    failures = 0
    for digest, letter in letters:
        if failures == MOST_FAILURES:
            counts["waiting"] += 1
            continue
        with db.writing(db.engine()) as session:
            is_ours = upkeep.claim(session, digest, today())
        if not is_ours:
            continue
        delivery = _sent(letter)
        failures = failures + 1 if delivery is None else 0
        counts[_kept(digest, delivery)] += 1
    return counts


def _send_yearly(letters: list[tuple[Account, Letter]], counts: dict[str, int]) -> None:
    """The yearly mails, to who wants them."""
    for account, letter in letters:
        with db.writing(db.engine()) as session:
            is_ours = extras.claim_yearly(session, account.id, today())
        if not is_ours:
            continue
        delivery = _sent(letter)
        counts[OUTCOMES.get(delivery, "waiting")] += 1
        if delivery == Delivery.TAKEN:
            continue
        with db.writing(db.engine()) as session:
            extras.unclaim_yearly(session, account.id)
            if delivery == Delivery.REFUSED:
                upkeep.mark_bounced(session, account.id, today())


def _sent(letter: Letter) -> Delivery | None:
    """What became of a letter; None where the mail server took nothing."""
    mailer: Mailer = current_app.extensions["mailer"]
    try:
        return mailer.send(letter, now())
    except MailError:
        return None


def _kept(digest: Digest, delivery: Delivery | None) -> str:
    """Keep what became of a letter: what did not go is asked again by the next run."""
    if delivery != Delivery.TAKEN:
        with db.writing(db.engine()) as session:
            upkeep.unclaim(session, digest, today())
            if delivery == Delivery.REFUSED:
                upkeep.mark_bounced(session, digest.account.id, today())
    return OUTCOMES.get(delivery, "waiting")


def _tell(counts: dict[str, int]) -> None:
    click.echo(f"Verstuurd: {counts['sent']} mails.")
    if counts["bounced"]:
        click.echo(
            f"Onbekend bij de mailserver: {counts['bounced']} adressen. "
            "Hun vermeldingen staan nu bij de wijkcontactpersoon."
        )
    if counts["waiting"]:
        raise click.ClickException(
            f"Niet verstuurd: {counts['waiting']} mails. Kijk de mailserver na "
            "(SOCIALMAP_MAIL_URL); de volgende keer gaan ze opnieuw."
        )


@click.command()
@click.argument("report", metavar="BESTAND", type=click.File("rb"), default="-")
@with_appcontext
def bounce(report: BinaryIO) -> None:
    """Verwerk een bericht over mail die terugkwam (RFC 3464).

    Wie niet te bereiken is, krijgt geen vragen meer; de wijkcontactpersoon wel.
    """
    require_tables()
    ids = MailIds(settings().secret_key)
    try:
        account_id = upkeep.read_bounce(report.read(), ids)
    except BounceError as error:
        raise click.ClickException(str(error)) from None
    if account_id is None:
        click.echo("Dit adres werkt nog: de mail is alleen later, of de postbus is vol.")
        return
    with db.writing(db.engine()) as session:
        is_new = upkeep.mark_bounced(session, account_id, today())
    click.echo("Dit adres krijgt geen mail meer." if is_new else "Dat was al bekend.")
