"""`python -m portal.embedded start|stop|remove`: the servers without the demo."""

import sys
from pathlib import Path

from portal.embedded import EmbeddedServerError, remove, start, stop

LOCAL = Path(__file__).resolve().parents[2] / ".local"


def main(command: str) -> None:
    if command == "start":
        servers = start(LOCAL)
        sys.stdout.write(f"DATABASE_URL={servers.database_url}\nREDIS_URL={servers.redis_url}\n")
        sys.stdout.write(f"BROKER_URL={servers.broker_url}\n")
    elif command == "stop":
        stop(LOCAL)
    elif command == "remove":
        remove(LOCAL)
    else:
        raise EmbeddedServerError("python -m portal.embedded start|stop|remove")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:2] or [""])
    except EmbeddedServerError as error:
        sys.exit(str(error))
