"""Questions about paths: answers, exit codes, formats, and errors that name what is near."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.plans import plan
from tests.reports.networks import RESOURCES

PLAN = plan(RESOURCES)
ZONES = Path(__file__).parents[2] / "fixtures" / "landing_zones"
WEB, STORE, OTHER = "aws_instance.web", "aws_instance.store", "aws_instance.other"


def test_yes_tells_the_way_hop_by_hop_and_exits_0(assay: Run) -> None:
    done = assay("path", "internet", WEB, "-", "--port", "443", stdin=PLAN)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.decode().splitlines()
    assert lines[0].startswith("yes: tcp 443 from ")
    order = [line.split()[1] for line in lines if line[2:4].strip().isdecimal()]
    assert order == [
        "internet",
        WEB,
        "aws_internet_gateway.main",
        "aws_security_group.web",
        WEB,
        WEB,
        "aws_route_table.public",
    ]
    assert "reply:" in lines
    assert "  aws_instance.web: direct: tcp 443 from any address (grade any)" in lines


def test_no_names_every_blocker_and_exits_0(assay: Run) -> None:
    done = assay("path", "internet", STORE, "-", stdin=PLAN)
    assert done.returncode == 0
    text = done.stdout.decode()
    assert text.startswith("no: all protocols from internet to aws_instance.store\n\nstopped by:")
    for code in ("NET-ADDR", "NET-RET"):
        assert f"  {code} " in text


def test_undetermined_names_the_missing_facts_and_exits_3(assay: Run) -> None:
    done = assay("path", "internet", OTHER, "-", "--port", "443", stdin=PLAN)
    assert done.returncode == 3
    text = done.stdout.decode()
    assert text.startswith("undetermined: tcp 443 from internet to aws_instance.other")
    assert "aws_instance.other.associate_public_ip_address: known after apply" in text


@pytest.mark.parametrize(
    ("target", "expected", "code"),
    [(WEB, "yes", 0), (WEB, "no", 1), (STORE, "no", 0), (STORE, "yes", 1), (OTHER, "yes", 3)],
)
def test_an_expectation_makes_it_a_check(assay: Run, target: str, expected: str, code: int) -> None:
    done = assay("path", "internet", target, "-", "--expect", expected, stdin=PLAN)
    assert done.returncode == code
    assert (b"expected was" in done.stderr) is (code == 1)


def test_between_resources_and_outward(assay: Run) -> None:
    assert assay("path", WEB, STORE, "-", "--port", "443", stdin=PLAN).stdout.startswith(b"yes")
    assert assay("path", WEB, STORE, "-", "--port", "22", stdin=PLAN).stdout.startswith(b"no")
    outward = assay("path", WEB, "internet", "-", "--protocol", "udp", stdin=PLAN)
    assert outward.stdout.startswith(b"yes: udp from ")
    ranges = assay("path", "10.20.1.0/24", WEB, "-", "--port", "443", stdin=PLAN)
    assert ranges.stdout.startswith(b"yes")


def test_a_network_stands_for_all_in_it(assay: Run) -> None:
    done = assay("path", "internet", "aws_vpc.main", "-", "--format", "json", stdin=PLAN)
    found = json.loads(done.stdout)
    assert found["answer"] == "yes"
    assert [(item["resource"], item["answer"]) for item in found["exposures"]] == [
        (OTHER, "undetermined"),
        (WEB, "yes"),
    ]
    assert found["unreached"] == 1
    subnet = assay("path", "internet", "aws_subnet.store", "-", "--expect", "no", stdin=PLAN)
    assert subnet.returncode == 0


def test_outputs_go_by_the_endings_of_their_names(assay: Run, tmp_path: Path) -> None:
    names = ("a.txt", "a.json", "a.svg")
    outputs = [part for name in names for part in ("-o", name)]
    done = assay("path", "internet", WEB, "-", *outputs, stdin=PLAN)
    assert (done.returncode, done.stdout) == (0, b"")
    assert (tmp_path / "a.txt").read_text().startswith("yes: ")
    assert json.loads((tmp_path / "a.json").read_text())["question"]["to"] == WEB
    assert (tmp_path / "a.svg").read_text().startswith("<svg xmlns=")
    assert assay("path", "internet", WEB, "-", "--format", "svg", stdin=PLAN).stdout[:4] == b"<svg"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("internet", "aws_instance.wbe"), "did you mean aws_instance.web"),
        (("internet", "web"), "did you mean"),
        (("nowhere", WEB), "nowhere is no resource that was read"),
        (("internet", "10.0.0.0/8"), "one end at least must be a resource"),
        (("internet", "aws_internet_gateway.main"), "stands in no network"),
        (("internet", WEB, "--port", "99999"), "ports go from 0 to 65535"),
        (("internet", WEB, "--port", "http"), "give a number"),
        (("internet", WEB, "--port", "80", "--protocol", "icmp"), "ICMP has no ports"),
        (("internet", WEB, "-o", "a.pdf"), ".svg"),
        (("internet", WEB, "--format", "html"), "text, json, svg"),
    ],
)
def test_mistakes_exit_2_and_say_what_to_do(
    assay: Run, arguments: tuple[str, ...], words: str
) -> None:
    source, target, *options = arguments
    done = assay("path", source, target, "-", *options, stdin=PLAN)
    assert done.returncode == 2, done.stdout
    assert words in done.stderr.decode()


def test_an_empty_network_and_an_unknown_type_are_told(assay: Run) -> None:
    empty = plan({"aws_vpc.empty": {"cidr_block": "10.0.0.0/16"}, "aws_x.y": {"name": "z"}})
    done = assay("path", "internet", "aws_vpc.empty", "-", stdin=empty)
    assert (done.returncode, b"nothing that was read is placed in" in done.stderr) == (2, True)
    done = assay("path", "internet", "aws_x.y", "-", stdin=empty)
    assert (done.returncode, b"does not read aws_x yet" in done.stderr) == (2, True)


def test_ends_of_two_inputs_are_not_joined_and_equal_names_are_told_apart(
    assay: Run, tmp_path: Path
) -> None:
    (tmp_path / "a.json").write_bytes(PLAN)
    (tmp_path / "b.json").write_bytes(plan({"aws_vpc.far": {"cidr_block": "10.9.0.0/16"},
        "aws_subnet.far": {"vpc_id": RESOURCES["aws_subnet.public"]["vpc_id"]},
    }))  # fmt: skip
    done = assay("path", WEB, "aws_subnet.far", "a.json", "b.json")
    assert done.returncode == 2
    assert b"different inputs" in done.stderr
    (tmp_path / "c.json").write_bytes(PLAN)
    done = assay("path", "internet", WEB, "a.json", "c.json")
    assert (done.returncode, b"several inputs have" in done.stderr) == (2, True)
    done = assay("path", "internet", f"c.json: {WEB}", "a.json", "c.json")
    assert done.returncode == 0, done.stderr


def test_a_landing_zone_answers(assay: Run) -> None:
    folder = ZONES / "payments_pci_aws" / "broken"
    done = assay(
        "path", "internet", "aws_lb.api", folder / "plan.json", "--source", folder,
        "--port", "443", "--expect", "yes",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert b"[NET-IGW]" in done.stdout


def test_the_commands_of_the_page_work(assay: Run, tmp_path: Path) -> None:
    shutil.copytree(ZONES / "payments_pci_aws" / "compliant", tmp_path, dirs_exist_ok=True)
    page = (Path(__file__).parents[2] / "docs" / "paths.md").read_text()
    (block,) = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    commands = [shlex.split(line)[1:] for line in block.splitlines()]
    assert len(commands) == 3
    for command in commands:
        done = assay(*command)
        assert done.returncode in (0, 3), done.stderr
    assert (tmp_path / "path.svg").exists()
