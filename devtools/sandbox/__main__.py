"""`python -m devtools.sandbox FOLDER --shops FILE [--api FD] [--pages FD]`: the stand-in as a process.

FILE is JSON: shops by their numbers (see `devtools/demo/data/shops.py`). FD are listening sockets of
whoever starts it; without them it takes free ports and says which.
"""

import argparse
import json
import os
import signal
import socket
import sys
from pathlib import Path

from devtools.sandbox.server import Sandbox

_SETTINGS = ("portal.settings.dev", "portal.settings.test")


def main() -> None:
    if os.environ.get("DJANGO_SETTINGS_MODULE", "") not in _SETTINGS:
        sys.exit("Песочница ЮKassa не работает с рабочими настройками портала.")
    parser = argparse.ArgumentParser(prog="devtools.sandbox")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shops", type=Path)
    parser.add_argument("--api", type=int)
    parser.add_argument("--pages", type=int)
    given = parser.parse_args()
    api, pages = (
        None if number is None else socket.socket(fileno=number)
        for number in (given.api, given.pages)
    )
    sandbox = Sandbox(given.folder, api=api, pages=pages, may_die=True)
    if given.shops:
        for shop_id, shop in json.loads(given.shops.read_text()).items():
            sandbox.state.shop_set(shop_id, shop)
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)  # the threads inherit it
    sandbox.start()
    sandbox.sender.start()
    sys.stdout.write(f"{sandbox.api_url} {sandbox.pages_url}\n")
    sys.stdout.flush()
    signal.sigwait(ends)
    sandbox.stop()


if __name__ == "__main__":
    main()
