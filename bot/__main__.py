"""The command line: `rightsdesk`, also `python -m bot`."""

import typer

from bot.commands import cases, reading, running, sorting, suppressions, upkeep

app = typer.Typer(
    name="rightsdesk",
    help="A Slack bot that runs a company's privacy inbox.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command()(running.demo)
app.command()(running.run)
app.command()(running.init)
app.command()(running.check)
app.command()(reading.sort)
app.command()(reading.deadline)
app.command()(reading.laws)
app.command("import")(reading.import_)
app.command()(upkeep.digest)
app.command()(upkeep.purge)
app.command()(upkeep.backup)
app.command()(upkeep.restore)
app.add_typer(cases.app, name="cases")
app.add_typer(suppressions.app, name="suppressions")
app.add_typer(sorting.sorting, name="sorting")
app.add_typer(upkeep.audit, name="audit")
app.add_typer(upkeep.quarantine, name="quarantine")
app.add_typer(upkeep.db, name="db")


def main() -> None:
    """The console script."""
    app(prog_name="rightsdesk")


if __name__ == "__main__":
    main()
