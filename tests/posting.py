"""A mail server on this machine that keeps what it gets."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope

USER, PASSWORD = "gids@x.example", "ge:h@im"


class Post:
    """Keeps what it gets; knows nobody called Onbekend or in `unknown`, and has no time for who is
    in `busy`."""

    def __init__(self) -> None:
        self.letters: list[Envelope] = []
        self.users: list[bytes] = []
        self.unknown: set[str] = set()
        self.busy: set[str] = set()

    async def handle_RCPT(  # noqa: N802  the name is that of the server
        self, server: SMTP, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("onbekend") or address in self.unknown:
            return "550 unknown user " + address
        if address in self.busy:
            return "450 try again " + address
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:  # noqa: N802
        self.letters.append(envelope)
        return "250 OK"

    def is_known(
        self, server: SMTP, session: Any, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        self.users.append(data.login)
        is_right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=is_right, handled=is_right)


def free_port() -> int:
    """A port on which nobody listens; the server can't choose one itself."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


@contextmanager
def served(*, is_secret: bool = False) -> Iterator[tuple[Post, str]]:
    """A mail server, and where it is; where `is_secret` it asks for the password."""
    options: dict[str, Any] = {}
    post = Post()
    if is_secret:
        options = {"authenticator": post.is_known, "auth_required": True, "auth_require_tls": False}
    controller = Controller(post, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield post, f"127.0.0.1:{controller.port}"
    finally:
        controller.stop()
