"""Builds small and large scans of real objects, for the tests of the reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from scanner.engine import Crash, Scan
from scanner.finding import Finding, Verdict, name_of
from scanner.framework import Citation, Framework, Group, Link, Requirement, assess, tally
from scanner.model.base import Resource
from scanner.model.data import Bucket, Database
from scanner.record import Change, Deletion, Gap, Location, Record, Source
from scanner.rule import Rule, Severity
from scanner.truth import Evidence, Truth, all_of, known, unknown
from scanner.value import Unknown, Value


def _never(*_: Any) -> Truth:
    raise AssertionError("reports judge nothing")


def make_rule(id: str, title: str, severity: Severity, **more: Any) -> Rule:
    more.setdefault("risk", f"Without this, {title[0].lower()}{title[1:]} cannot be relied on.")
    more.setdefault("fix", "Change the configuration; see the provider's guide.")
    return Rule(id=id, title=title, severity=severity, subject=Database, check=_never, **more)


ENCRYPTED = make_rule(
    "database-encrypted-at-rest",
    "Database storage is encrypted at rest",
    Severity.HIGH,
    risk="Whoever holds a copied volume, snapshot or backup can read it unless it is\nencrypted.",
    fix="Enable storage encryption; an existing instance needs an encrypted copy.",
)
PRIVATE = make_rule(
    "database-not-publicly-accessible",
    "Database has no endpoint on the internet",
    Severity.CRITICAL,
    risk="Anyone on the internet can try passwords and known faults of the engine.",
    fix="Switch public access off and place the database in private subnets.",
)
BACKED_UP = make_rule(
    "database-backup-retained",
    "Backups are kept long enough",
    Severity.MEDIUM,
    risk="A loss that is noticed late cannot be undone.",
    fix="Set the retention of automatic backups.",
    settings={"minimum_days": 7},
)
VERSIONED = make_rule(
    "bucket-versioned",
    "Object versions are kept",
    Severity.LOW,
    risk="Overwritten or deleted objects cannot be restored.",
    fix="Enable versioning.",
)
TAGGED = make_rule("resource-tagged", "Owner and data class are tagged", Severity.LOW)
RULES = {item.id: item for item in (BACKED_UP, VERSIONED, ENCRYPTED, PRIVATE, TAGGED)}

HOSTILE = (
    "</script><img src=x onerror=alert(1)>",
    "]]>&amp;<!--scan--><script>alert(2)</script>",
    "right\u202eto\u2066left\u200bhidden\ufeff",
    "control\x00\x07\x1b[31mred\x1b[0m\x7f\x85\ufffe",
    "separators\u2028and\u2029here\r\n\ttab",
    "\ud800lone",
    "\"quoted\" 'and' `ticked` {{ 7 * 7 }} {% raw %} ${x} \\u003c",
    "long" * 2500,
    "#resource/../?a=b&c=d%3Cimg%3E",
    "__proto__",
    "كلمة שלום 数据库 🔑",
    "two  spaces",
    "two spaces",
    "[bold red]markup[/] [link=file:///x]y[/link]",
    "",
)


def make_resource(
    address: str,
    type: str = "aws_db_instance",
    model: type[Resource] = Database,
    location: Location = Location("111122223333", "eu-west-1"),
) -> Resource:
    record = Record(type, address, {}, location=location, change=Change.CREATE)
    return model(record.block, type, {})


def fact(resource: Resource, path: str, content: Any, note: str = "") -> Value[Any]:
    return Value(content, resource.block, path, note)


Judge = Callable[[Resource, int], Truth]


def _flag(path: str, bad: int, open: int) -> Judge:
    """Fail each `bad`-th resource, leave each `open`-th undetermined, pass the others."""

    def judge(resource: Resource, index: int) -> Truth:
        if index % bad == bad - 1:
            return fact(resource, path, False, "default").equals(True)
        if index % open == open - 1:
            return fact(resource, path, Unknown("known after apply")).equals(True)
        return fact(resource, path, True).equals(True)

    return judge


def _days(resource: Resource, index: int) -> Truth:
    days = fact(resource, "backup_retention_period", index % 15)
    window = fact(resource, "backup_window", "03:00-04:00")
    subnet = Evidence(
        f"{resource.address}.subnet_ids", f'"subnet-{index:08x}" is not in what was read'
    )
    if index % 11 == 10:
        return all_of((unknown(subnet), days.test(lambda count: count >= 0)))
    return all_of((days.test(lambda count: count >= 2), window.test(bool)))


def standard(name: str, title: str, **more: Any) -> Framework:
    return Framework(
        id=name,
        name=title,
        version="v1",
        jurisdiction="EU",
        status="in force",
        source=Citation("Official Journal L 1, 1.1.2026"),
        verification="made for tests",
        **more,
    )


PCI = standard(
    "pci-dss",
    "Payment Card Industry Data Security Standard",
    note="Selection; titles in our own words.",
    groups=(Group("1", "Network security"), Group("3", "Stored account data")),
    requirements=(
        Requirement(
            "1.4.4",
            "Stored card data not reachable from untrusted networks",
            "technical",
            group="1",
            rules=(Link("database-not-publicly-accessible", "direct"),),
        ),
        Requirement(
            "3.5.1",
            "Stored account numbers unreadable",
            "partial",
            group="3",
            rules=(
                Link("database-encrypted-at-rest", "direct"),
                Link("bucket-versioned", "supporting"),
            ),
        ),
        Requirement("3.5.1.2", "Disk encryption only where allowed", "technical", group="3"),
        Requirement("3.6.1", "Procedures protect keys", "process", group="3"),
    ),
)
DORA = standard(
    "dora",
    "Digital Operational Resilience Act",
    requirements=(
        Requirement(
            "Art. 12(1)",
            "Backups by the criticality of the information",
            "partial",
            rules=(Link("database-backup-retained", "direct", {"minimum_days": 10}),),
        ),
        Requirement(
            "Art. 9(2)",
            "Owners of assets are known",
            "partial",
            rules=(Link("resource-tagged", "supporting"),),
        ),
        Requirement("Art. 5(1)", "Governance framework for ICT risk", "process"),
    ),
)


def make_scan(
    findings: Iterable[Finding],
    rules: Mapping[str, Rule] = RULES,
    frameworks: Iterable[Framework] = (PCI, DORA),
    **more: Any,
) -> Scan:
    """Make a scan as the engine does: sorted by severity, rule, settings and address."""
    found = sorted(
        findings,
        key=lambda item: (-item.rule.severity, item.rule.id, item.name, item.resource.address),
    )
    grouped: dict[str, list[Finding]] = {}
    for finding in found:
        grouped.setdefault(finding.name, []).append(finding)
    parts: dict[str, Any] = {
        "sources": (Source("plan.json", "Terraform plan", "1.2", "Terraform 1.9.8"),),
        "records": {},
        "unmapped": {},
        "evaluated": len({item.resource.address for item in found}),
        "deletions": (),
        "gaps": (),
        "warnings": (),
        "crashes": (),
    }
    return Scan(
        rules=rules,
        findings=found,
        assessments=tuple(assess(item, rules, tally(grouped)) for item in frameworks),
        **(parts | more),
    )


def judged(
    rule: Rule, resources: Iterable[Resource], judge: Judge, **settings: Any
) -> list[Finding]:
    applied = {**rule.settings, **settings}
    return [
        Finding(rule, item, judge(item, index), applied) for index, item in enumerate(resources)
    ]


def databases(count: int) -> list[Resource]:
    return [
        make_resource(
            f'module.payments["{index // 100}"].module.store.aws_db_instance.cards[{index % 100}]'
            if index % 2
            else f"module.ledger_{index // 200}.oci_database_db_system.books[{index % 200}]",
            "aws_db_instance" if index % 2 else "oci_database_db_system",
            location=Location("111122223333", "eu-west-1")
            if index % 2
            else Location("ocid1.tenancy.oc1..example", "eu-frankfurt-1"),
        )
        for index in range(count)
    ]


def small() -> Scan:
    """A scan with every verdict, every status and every kind of gap."""
    rows = databases(24)
    buckets = [make_resource(f"aws_s3_bucket.logs[{n}]", "aws_s3_bucket", Bucket) for n in range(3)]
    crashed = Evidence(buckets[2].address, "the rule failed by a fault of its own: KeyError")
    return make_scan(
        [
            *judged(ENCRYPTED, rows, _flag("storage_encrypted", 12, 9)),
            *judged(PRIVATE, rows, _flag("publicly_accessible", 20, 100)),
            *judged(BACKED_UP, rows, _days),
            *judged(BACKED_UP, rows[:6], _days, minimum_days=10),
            *judged(VERSIONED, buckets[:2], _flag("versioning.enabled", 9, 9)),
            Finding(VERSIONED, buckets[2], unknown(crashed), {}),
        ],
        records={"aws_db_instance": 12, "oci_database_db_system": 12, "aws_s3_bucket": 3},
        unmapped={"aws_appmesh_mesh": ("aws_appmesh_mesh.a", "aws_appmesh_mesh.b")},
        deletions=(Deletion("aws_vpc", "aws_vpc.old", "delete"),),
        gaps=(
            Gap("module.remote", "the module's source is not in the plan", frozenset({"aws_vpc"})),
        ),
        warnings=(
            "plan.json has format version 1.9, which assay does not know; it was read as 1.2",
        ),
        crashes=(Crash("bucket-versioned", buckets[2].address, "KeyError at line 3 of check"),),
    )


def empty() -> Scan:
    return make_scan([], rules={}, frameworks=(), sources=())


def passing() -> Scan:
    return make_scan(judged(ENCRYPTED, databases(5), _flag("storage_encrypted", 99, 99)))


def large(findings: int) -> Scan:
    """A scan of four rules on many databases; 8 % fail and 4 % are undetermined."""
    rows = databases(findings // 4)
    return make_scan(
        [
            *judged(ENCRYPTED, rows, _flag("storage_encrypted", 12, 25)),
            *judged(PRIVATE, rows, _flag("publicly_accessible", 20, 30)),
            *judged(BACKED_UP, rows, _days),
            *judged(TAGGED, rows, _flag("tags", 25, 40)),
        ],
        unmapped={"aws_appmesh_mesh": tuple(f"aws_appmesh_mesh.m[{n}]" for n in range(120))},
    )


def hostile() -> Scan:
    """A scan whose every text from an input is hostile."""
    rows = [make_resource(f'aws_db_instance.x["{text}"]') for text in HOSTILE]
    rows += [make_resource(text, "aws_x", location=Location(text, text)) for text in HOSTILE]
    found = []
    for index, row in enumerate(rows):
        text = HOSTILE[index % len(HOSTILE)]
        broken = known(False, Evidence(row.address + "." + text, text))
        found.append(Finding(ENCRYPTED, row, broken, {}))
        found.append(Finding(PRIVATE, row, unknown(Evidence(text, text), Evidence(text, "b")), {}))
        found.append(Finding(TAGGED, row, known(True, Evidence(text, text)), {}))
    return make_scan(
        found,
        sources=tuple(Source(text, text, text, text) for text in HOSTILE),
        unmapped={text: (text,) for text in HOSTILE},
        deletions=tuple(Deletion(text, text, "delete") for text in HOSTILE),
        gaps=tuple(Gap(text, text, frozenset({text})) for text in HOSTILE),
        warnings=HOSTILE,
        crashes=tuple(Crash(ENCRYPTED.id, text, text) for text in HOSTILE),
    )


def _networked() -> Scan:
    from tests.reports import networks

    return networks.networked()


def _hostile_networks() -> Scan:
    from tests.reports import networks

    return networks.hostile()


CASES: Mapping[str, Callable[[], Scan]] = {
    "networked": _networked,
    "hostile-networks": _hostile_networks,
    "small": small,
    "empty": empty,
    "passing": passing,
    "hostile": hostile,
    "large": lambda: large(2000),
}

__all__ = ["CASES", "HOSTILE", "Verdict", "name_of"]
