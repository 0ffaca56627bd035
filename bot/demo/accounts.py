"""The inside of the demo's mail server: a pymap process that holds several accounts in memory (`python -m bot.demo.accounts`)."""

import argparse
import asyncio
import json
import signal
from argparse import ArgumentParser, Namespace
from contextlib import AsyncExitStack

from pymap.backend.dict import DictBackend, Identity
from pymap.imap import IMAPService
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext


def arguments(port: int, host: str, first: tuple[str, str]) -> Namespace:
    """What pymap's own command line would have parsed."""
    parser = ArgumentParser()
    IMAPService.add_arguments(parser)
    backends = parser.add_subparsers()
    DictBackend.add_subparser("dict", backends)
    parser.set_defaults(debug=False, passlib_cfg=None, skip_services=[])
    user, password = first
    argv = ["--host", host, "--port", str(port), "--no-tls", "dict", "--demo-user", user, "--demo-password", password]
    return parser.parse_args(argv)


async def add_folders(backend: DictBackend, users: list[str], folders: list[str]) -> None:
    """Give every account the folders that a real mailbox has beside its INBOX."""
    for user in users:
        async with Identity(user, backend.login, None, frozenset()).new_session() as session:
            for folder in folders:
                await session.mailbox_set.add_mailbox(folder)


async def serve(host: str, port: int, accounts: dict[str, str], folders: list[str]) -> None:
    """Serve until SIGTERM or SIGINT. Passwords are not hashed: everything lives in memory, and hashing would slow each login."""
    first, *others = accounts.items()
    backend, config = await DictBackend.init(arguments(port, host, first), hash_context=Cleartext())
    config.apply_context()
    for user, password in others:
        backend.login.users_dict[user] = UserMetadata(config, user, password=password)
    await add_folders(backend, list(accounts), folders)
    end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end.set)
    async with AsyncExitStack() as stack:
        await backend.start(stack)
        await IMAPService(backend, config).start(stack)
        await end.wait()


def main() -> None:
    """Read `{"accounts": {user: password}, "folders": [...]}` from the file named, so that no password stands on a command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("file", type=argparse.FileType("r"))
    chosen = parser.parse_args()
    facts = json.load(chosen.file)
    asyncio.run(serve(chosen.host, chosen.port, facts["accounts"], facts["folders"]))


if __name__ == "__main__":
    main()
