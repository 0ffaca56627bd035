"""The demo's front door: it needs packages that a production desk does without."""

import sys
from pathlib import Path

from handlers.refused import Refused


def demo(*, once: bool, folder: Path = Path(".demo"), tools: Path = Path(".tools")) -> int:
    """Run the demo and return its exit status: 0 when every sample mail is in its place."""
    try:
        from bot.demo.play import perform

        return perform(once=once, folder=folder, tools=tools)
    except ModuleNotFoundError as error:
        sys.stderr.write(f"The demo needs a package that isn't installed ({error.name}): pip install 'rightsdesk[demo]'\n")
    except Refused as refused:
        sys.stderr.write(f"{refused.sentence}\n")
    return 1
