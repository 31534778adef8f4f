"""`python -m devtools.demo`: without Django, whose loading takes seconds; the parts load it."""

import argparse
import sys

from devtools.demo.machine import DemoError
from devtools.demo.run import run
from devtools.embedded import EmbeddedServerError
from devtools.embedded.program import end_with_parent


def main() -> None:
    parser = argparse.ArgumentParser(prog="demo")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--end-with-parent", action="store_true")
    options = parser.parse_args()
    if options.end_with_parent:
        end_with_parent()
    try:
        run(port=options.port, say=say)
    except (DemoError, EmbeddedServerError) as error:
        sys.exit(str(error))


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
