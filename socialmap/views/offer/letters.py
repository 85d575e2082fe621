"""The letters about a new offer: the link to go on with it, and what became of it."""

from flask import render_template

from socialmap.mail import Letter
from socialmap.reviews.offers import KEPT, Told
from socialmap.views.structured import public_url


def link_letter(mail: str, token: str) -> Letter:
    """The link to go on with an offer; nothing of what was typed, since anyone can type a mail
    address."""
    told = {"link": public_url("offer.going_on", token=token), "days": KEPT.days}
    return Letter(
        to=mail,
        subject="Uw link om verder te gaan met uw aanbod",
        text=render_template("mail/offer_link.txt", **told),
        html=render_template("mail/offer_link.html", **told),
    )


def decided_letter(told: Told) -> Letter | None:
    """What was decided on an offer; None where there is nobody to tell."""
    if not told.mail:
        return None
    page = public_url("listing.listing", slug=told.slug) if told.is_accepted else ""
    words = {
        "told": told,
        "page": page,
        "login": public_url("login.ask"),
        "again": public_url("offer.start"),
    }
    subject = "Uw aanbod staat in de gids" if told.is_accepted else "Over het aanbod dat u meldde"
    return Letter(
        to=told.mail,
        subject=subject,
        text=render_template("mail/offer_decided.txt", **words),
        html=render_template("mail/offer_decided.html", **words),
    )
