"""The command line: `rightsdesk`, also `python -m bot`."""

import typer

from bot.commands import cases, reading, running, suppressions, upkeep

app = typer.Typer(
    name="rightsdesk",
    help="A Slack bot that runs a company's privacy inbox.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for command in (running.demo, running.run, running.init, running.check, reading.sort, reading.deadline, reading.laws):
    app.command()(command)
app.command("import")(reading.import_)
for command in (upkeep.digest, upkeep.purge, upkeep.backup, upkeep.restore):
    app.command()(command)
app.add_typer(cases.app, name="cases")
app.add_typer(suppressions.app, name="suppressions")
app.add_typer(upkeep.audit, name="audit")
app.add_typer(upkeep.quarantine, name="quarantine")
app.add_typer(upkeep.db, name="db")


def main() -> None:
    """The console script."""
    app(prog_name="rightsdesk")


if __name__ == "__main__":
    main()
