"""Where the directory and the importers meet: the application, its commands, and serving it."""

import logging
import signal
import socket
import sys

import waitress

from importers.cli import areas_group, import_group
from importers.export import export_group
from importers.setup import setup
from socialmap import cli
from socialmap.app import create_app
from socialmap.config import Settings
from socialmap.search.index.keeper import Keeper
from socialmap.search.tally import TallyKeeper
from socialmap.views import counting

THREADS = 8

app = create_app()
app.cli.add_command(import_group)
app.cli.add_command(export_group)
app.cli.add_command(areas_group)
app.cli.add_command(setup)
cli.init_app(app)


def serve(settings: Settings) -> None:
    """Serve on the port of the settings until stopped."""
    if is_taken(settings.port):
        sys.exit(
            f"Poort {settings.port} is al bezet. Draait de Gouden Gids al? "
            f"Kies anders een andere poort: SOCIALMAP_PORT=8001 make run"
        )
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    print(f"De Gouden Gids staat op http://localhost:{settings.port}", flush=True)  # noqa: T201
    print("Stoppen: Ctrl+C", flush=True)  # noqa: T201
    Keeper(cli.searcher_of(app).store, app.extensions["engine"]).start()
    tallies = [app.extensions[name] for name in counting.TALLIES]
    counts = TallyKeeper(app.extensions["engine"], *tallies)
    counts.start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # else nothing below is done
    try:
        waitress.serve(app, port=settings.port, threads=THREADS, ident=None, _quiet=True)
    finally:
        counts.stop()


def is_taken(port: int) -> bool:
    """Does another program listen on this port?"""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        trial.settimeout(1)
        return trial.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    serve(app.extensions["settings"])
