"""The `assay` command: finds its subcommands without importing what they do not need."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import click

from scanner import __version__
from scanner.errors import AssayError, ConfigError

# The short helps stand here so that `assay --help` imports no command.
COMMANDS: Final = {
    "scan": "Judge Terraform plans and states and write reports.",
    "path": "Tell whether packets get from one end to another, and what stops them.",
    "rules": "List the rules, or show one.",
    "frameworks": "List the frameworks, or show one.",
    "graph": "Write the graph of resources for other programs.",
    "completion": "Print the shell's completion script.",
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names in the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command; it holds an object of the same name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"scanner.cli.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="assay")
def assay() -> None:
    """Compliance and landing-zone policy scanner for AWS and OCI.

    Typical use: terraform show -json plan.out | assay scan - -o report.html -o junit.xml
    """


def main() -> None:
    """Run the command and end the process with its exit code.

    0 clean; 1 violations at or above the threshold; 2 usage or unreadable input; 3 not decided.
    """
    # The data of a scan lives until the end, so looking for garbage in it only costs time.
    gc.disable()
    try:
        _check_packages()
        code = assay.main(prog_name="assay", standalone_mode=False)
    except click.exceptions.Abort:
        code = _fail("stopped before the end; no report was written")
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.ClickException as error:
        error.show()
        code = 2
    except AssayError as error:
        code = _fail(str(error))
    except BrokenPipeError:
        # The reader of our output went away, as `head` does: nothing to say, nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 2
    except Exception as error:  # a user must never see a trace, and a trace may quote secrets
        if os.environ.get("ASSAY_DEBUG"):
            raise
        code = _fail(
            f"a fault of assay itself stopped it ({type(error).__name__}); please report it "
            "with the command you ran. ASSAY_DEBUG=1 shows where."
        )
    sys.stdout.flush()
    # The process ends here: freeing a large graph object by object would only take time.
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 0)


def _check_packages() -> None:
    """Refuse to run where something else of the same name hides a package of ours (ADR 1)."""
    home = Path(__file__).parents[2]
    for name in ("rules", "reports"):
        spec = find_spec(name)
        found = Path((spec and spec.origin) or "nowhere").parent
        if found.parent != home:
            raise ConfigError(
                f"the folder {found} hides the {name} of assay: start assay from another folder, "
                "or install it in an environment of its own"
            )


def _fail(message: str) -> int:
    click.echo(f"assay: {message}", err=True)
    return 2
