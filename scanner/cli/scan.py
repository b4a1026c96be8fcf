"""`assay scan`: judges plans and states and writes the reports."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from scanner.engine import Scan

_THRESHOLDS = ("low", "medium", "high", "critical", "never")


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    help="Write a report; the name's ending tells the format (.html, .xml for JUnit, .json, "
    ".txt). May be repeated.",
)
@click.option(
    "--source",
    "sources",
    multiple=True,
    metavar="DIR",
    help="The folder of the root module that was planned: locals and dynamic blocks, which a plan "
    "does not hold, are looked up there. Once, or once for each INPUT.",
)
@click.option(
    "--scope",
    metavar="FILE",
    help="What you declare of your resources: bastions, environments, cardholder data. Without it "
    "the documented tags count.",
)
@click.option("--format", "form", help="The format of all outputs, whatever their names.")
@click.option(
    "--framework",
    "frameworks",
    multiple=True,
    metavar="ID",
    help="Assess only this framework. May be repeated.",
)
@click.option(
    "--rule", "rules", multiple=True, metavar="ID", help="Apply only this rule. May be repeated."
)
@click.option(
    "--exclude",
    "excluded",
    multiple=True,
    metavar="ID",
    help="Leave this rule out. May be repeated.",
)
@click.option(
    "--fail-on",
    type=click.Choice(_THRESHOLDS),
    default="low",
    show_default=True,
    help="The lowest severity that makes the exit code 1.",
)
@click.option(
    "--undetermined",
    type=click.Choice(["ignore", "warn", "fail"]),
    default="warn",
    show_default=True,
    help="What undetermined findings, or parts that could not be read, do: nothing, a "
    "line on stderr, or exit code 3 (and failures in JUnit).",
)
@click.option("-q", "--quiet", is_flag=True, help="No summary and no progress.")
def scan(
    inputs: Sequence[str],
    outputs: Sequence[str],
    sources: Sequence[str],
    scope: str | None,
    form: str | None,
    frameworks: Sequence[str],
    rules: Sequence[str],
    excluded: Sequence[str],
    fail_on: str,
    undetermined: str,
    quiet: bool,
) -> int:
    """Judge Terraform plans and states.

    INPUT is plan JSON (`terraform show -json plan.out`), `-` for standard input, a saved plan
    (read through the local terraform or tofu), or a state; gzip is fine.

    Exit codes: 0 clean, 1 violations, 2 usage or unreadable input, 3 not decided.
    """
    import reports
    from scanner.cli.catalogue import all_rules, pick_frameworks, pick_rules
    from scanner.cli.progress import progress_bar
    from scanner.engine import scan as evaluate
    from scanner.record import tell_apart
    from scanner.scope import DEFAULT_SCOPES, read_scopes
    from scanner.sources.terraform import open_input

    reports.check(outputs, form)
    chosen = pick_rules(all_rules(), rules, excluded)
    assessed = pick_frameworks(frameworks)
    scopes = read_scopes(Path(scope)) if scope else DEFAULT_SCOPES
    inventories = [
        open_input(name, folder)
        for name, folder in zip(inputs, folders(sources, len(inputs)), strict=True)
    ]
    tell_apart(inventories)
    with progress_bar(quiet) as progress:
        result = evaluate(inventories, chosen, assessed, scopes=scopes, progress=progress)
    options = reports.Options(
        undetermined_as="failure" if undetermined == "fail" else "skipped",
    )
    for name in outputs:
        reports.write(result, name, form, options)
    if not quiet and "-" not in outputs:
        from reports.text import show

        show(result, options, sys.stdout)
    for name in outputs:
        if name != "-" and not quiet:
            click.echo(f"wrote {name}", err=True)
    return _exit_code(result, fail_on, undetermined, quiet)


def folders(sources: Sequence[str], count: int) -> Sequence[Path | None]:
    """Give the source folder of each input."""
    if len(sources) not in (0, 1, count):
        raise click.UsageError(f"--source is given {len(sources)} times for {count} inputs")
    if not sources:
        return [None] * count
    folders = [Path(folder) for folder in sources]
    return folders * count if len(folders) == 1 else folders


def _exit_code(result: Scan, fail_on: str, undetermined: str, quiet: bool) -> int:
    from scanner.finding import Verdict
    from scanner.rule import Severity

    violated = fail_on != "never" and result.count(Verdict.FAIL, Severity[fail_on.upper()])
    open_findings = result.count(Verdict.UNDETERMINED)
    incomplete = open_findings or result.gaps or result.crashes
    if incomplete and undetermined == "warn" and not quiet:
        click.echo(
            f"{open_findings} findings are undetermined and {len(result.gaps)} parts could not "
            "be read: they are not passes. --undetermined fail makes them count.",
            err=True,
        )
    if violated:
        return 1
    if result.crashes or (incomplete and undetermined == "fail"):
        return 3
    return 0
