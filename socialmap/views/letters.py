"""Letters: made of their two templates, and sent once what they tell was saved."""

from collections.abc import Iterable
from typing import Any

from flask import current_app, render_template

from socialmap.mail import Letter, Mailer, MailError
from socialmap.views.clock import now


def letter(to: str, subject: str, template: str, **told: Any) -> Letter:
    """A letter to one address, of `mail/<template>.txt` and `.html`."""
    return Letter(
        to=to,
        subject=subject,
        text=render_template(f"mail/{template}.txt", **told),
        html=render_template(f"mail/{template}.html", **told),
    )


def send_all(letters: Iterable[Letter]) -> bool:
    """Send these letters; False when the mail server did not take one, and those after it."""
    mailer: Mailer = current_app.extensions["mailer"]
    try:
        for one in letters:
            mailer.send(one, now())
    except MailError:
        return False
    return True
