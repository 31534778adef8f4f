"""`python -m devtools.embedded start|stop|remove [FOLDER]`: the servers without the demo.

`start` prints the variables that name them. The demo's own folder is `.local`.
"""

import sys
from pathlib import Path

from devtools.embedded import EmbeddedServerError, remove, start, stop

LOCAL = Path(__file__).resolve().parents[2] / ".local"


def main(command: str = "", folder: str = "") -> None:
    place = Path(folder) if folder else LOCAL
    if command == "start":
        servers = start(place)
        sys.stdout.write(f"DATABASE_URL={servers.database_url}\nREDIS_URL={servers.redis_url}\n")
        sys.stdout.write(f"BROKER_URL={servers.broker_url}\n")
    elif command == "stop":
        stop(place)
    elif command == "remove":
        remove(place)
    else:
        raise EmbeddedServerError("python -m devtools.embedded start|stop|remove [FOLDER]")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:3])
    except EmbeddedServerError as error:
        sys.exit(str(error))
