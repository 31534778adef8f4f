"""The mail catcher: takes every letter and puts it into a folder, for /demo/mail/ to show.

`python -m devtools.demo.mail FD FOLDER`; the listening socket is the supervisor's, so letters wait in
it while this process is being restarted.
"""

import asyncio
import socket
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from devtools.demo.mailbox import letter_write


class Catcher:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        raw = content.encode() if isinstance(content, str) else content or b""
        letter_write(self.folder, raw)
        return "250 OK"


async def serve(listening: socket.socket, folder: Path) -> None:
    loop = asyncio.get_running_loop()
    catcher = Catcher(folder)
    server = await loop.create_server(lambda: SMTP(catcher, enable_SMTPUTF8=True), sock=listening)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2])))
