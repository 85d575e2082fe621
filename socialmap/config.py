"""Settings: what an operator may change, read once from the environment (prefix SOCIALMAP_)."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
TILES_CREDIT = "Kaart: © OpenStreetMap"


@dataclass(frozen=True)
class Settings:
    """Every setting of the directory, with defaults that work on a fresh machine."""

    instance: Path
    database_url: str
    secret_key: str
    port: int
    base_url: str
    mail_url: str
    geocoder_url: str
    tiles_url: str
    tiles_credit: str
    tiles_megabytes: int
    counts: bool
    """Is counted what is searched, shown, opened and called?"""
    today: str
    """A fixed date (yyyy-mm-dd) for tests and demonstrations; empty means the real one."""

    @property
    def index_dir(self) -> Path:
        return self.instance / "index"

    @property
    def mail_dir(self) -> Path:
        """Where letters land that no mail server sends."""
        return self.instance / "mail"

    @property
    def uploads_dir(self) -> Path:
        """Where the portraits are."""
        return self.instance / "uploads"

    @property
    def tiles_dir(self) -> Path:
        return self.instance / "tiles"


def settings_from_env(environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings found in `environ` (default: the process environment).

    Raises ValueError when a number or an address is not one.
    """
    env = os.environ if environ is None else environ

    def read(name: str, default: str = "") -> str:
        return env.get(f"SOCIALMAP_{name}", "").strip() or default

    instance = Path(read("INSTANCE", str(ROOT / "instance"))).resolve()

    def number(name: str, default: str) -> int:
        text = read(name, default)
        if not text.isdigit():
            raise ValueError(f"SOCIALMAP_{name} must be a number, not {text!r}")
        return int(text)

    port = number("PORT", "8000")
    return Settings(
        instance=instance,
        database_url=read("DATABASE_URL", f"sqlite:///{instance / 'socialmap.db'}"),
        secret_key=read("SECRET_KEY") or _kept_secret(instance),
        port=port,
        base_url=read("BASE_URL", f"http://localhost:{port}").rstrip("/"),
        mail_url=_mail_server(read("MAIL_URL")),
        geocoder_url=_web_address("GEOCODER_URL", read("GEOCODER_URL")),
        tiles_url=_web_address("TILES_URL", read("TILES_URL"), "{z}", "{x}", "{y}"),
        tiles_credit=read("TILES_CREDIT", TILES_CREDIT),
        tiles_megabytes=number("TILES_CACHE_MB", "200"),
        counts=_is_on("COUNT", read("COUNT", "1")),
        today=read("TODAY"),
    )


def _is_on(name: str, text: str) -> bool:
    """1 or 0."""
    if text not in ("0", "1"):
        raise ValueError(f"SOCIALMAP_{name} must be 1 or 0, not {text!r}")
    return text == "1"


def _web_address(name: str, text: str, *parts: str) -> str:
    """A web address with these parts in it, or nothing."""
    is_right = text.startswith(("https://", "http://")) and all(part in text for part in parts)
    if text and not is_right:
        wanted = f"https://… with {', '.join(parts)}" if parts else "https://…"
        raise ValueError(f"SOCIALMAP_{name} must be {wanted}, not {text!r}")
    return text


def _mail_server(text: str) -> str:
    """The address of a mail server, or nothing; a message never repeats it, for the password."""
    try:
        parts = urlsplit(text)
        is_right = parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none
        is_right = False
    if text and not is_right:
        raise ValueError("SOCIALMAP_MAIL_URL must be smtp://user:password@host:port, or smtps://…")
    return text


def _kept_secret(instance: Path) -> str:
    """A random key, made once and kept in the instance folder, readable by its owner only."""
    path = instance / "secret_key"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text().strip()
