"""Settings: what an operator may change, read once from the environment (prefix SOCIALMAP_)."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"


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
    today: str
    """A fixed date (yyyy-mm-dd) for tests and demonstrations; empty means the real one."""

    @property
    def index_dir(self) -> Path:
        return self.instance / "index"


def settings_from_env(environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings found in `environ` (default: the process environment).

    Raises ValueError when SOCIALMAP_PORT is not a number.
    """
    env = os.environ if environ is None else environ

    def read(name: str, default: str = "") -> str:
        return env.get(f"SOCIALMAP_{name}", "").strip() or default

    instance = Path(read("INSTANCE", str(ROOT / "instance"))).resolve()
    port = read("PORT", "8000")
    if not port.isdigit():
        raise ValueError(f"SOCIALMAP_PORT must be a number, not {port!r}")
    return Settings(
        instance=instance,
        database_url=read("DATABASE_URL", f"sqlite:///{instance / 'socialmap.db'}"),
        secret_key=read("SECRET_KEY") or _kept_secret(instance),
        port=int(port),
        base_url=read("BASE_URL", f"http://localhost:{port}").rstrip("/"),
        mail_url=read("MAIL_URL"),
        geocoder_url=read("GEOCODER_URL"),
        tiles_url=read("TILES_URL"),
        today=read("TODAY"),
    )


def _kept_secret(instance: Path) -> str:
    """A random key, made once and kept in the instance folder, readable by its owner only."""
    path = instance / "secret_key"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text().strip()
