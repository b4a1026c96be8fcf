from __future__ import annotations

from typing import Any

from scanner.model.compute import Function
from scanner.model.edge import FunctionUrl
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, record

LATER = Unknown("known after apply")
FUNCTION = Pointer("aws_lambda_function.a")


def permitted(body: dict[str, Any]) -> Any:
    permission = record("aws_lambda_permission", {"function_name": FUNCTION, **body})
    return mapped(Function, record("aws_lambda_function", {}), permission).resource_policy


def test_a_function_outside_of_a_network() -> None:
    function = mapped(Function, record("aws_lambda_function", {"runtime": "python3.13"}))
    assert function.subnets.is_empty
    assert function.resource_policy.is_absent
    assert function.runtime.content == "python3.13"


def test_a_function_in_a_network() -> None:
    body = {"vpc_config": [{"subnet_ids": [Pointer("x.s")], "security_group_ids": ["sg-1"]}]}
    function = mapped(Function, record("aws_lambda_function", body))
    assert function.subnets.targets == ("x.s",)
    assert function.security_groups.outside == ("sg-1",)


def test_a_permission_is_a_statement() -> None:
    body = {
        "action": "lambda:InvokeFunction",
        "principal": "s3.amazonaws.com",
        "source_arn": Pointer("aws_s3_bucket.b"),
        "source_account": "123456789012",
        "statement_id": "bucket",
    }
    (statement,) = permitted(body).statements
    assert statement.source == "aws_lambda_permission.a"
    assert statement.sid == "bucket"
    assert statement.allows.is_true
    assert statement.actions.items == ("lambda:InvokeFunction",)
    assert statement.principals.items == ("Service:s3.amazonaws.com",)
    arn, account = statement.conditions
    assert arn.key == "aws:sourcearn"
    assert arn.values.identifiers == ("aws_s3_bucket.b",)
    assert account.values.items == ("123456789012",)
    assert not statement.conditions_unknown


def test_a_permission_for_everybody() -> None:
    (statement,) = permitted({"principal": "*", "source_arn": LeftOut()}).statements
    assert statement.principals.items == ("AWS:*",)
    assert not statement.conditions and not statement.conditions_unknown
    (limited,) = permitted({"principal": "*", "principal_org_id": "o-1"}).statements
    assert limited.conditions
    (open_,) = permitted({"principal": "*", "source_account": LATER}).statements
    assert not open_.conditions and open_.conditions_unknown


def test_an_unresolved_permission_leaves_the_policy_open() -> None:
    assert permitted({"function_name": LATER}).unknown


def test_what_stands_behind_the_address_of_a_function() -> None:
    found = mapped(FunctionUrl, record("aws_lambda_function_url", {"function_name": FUNCTION}))
    assert found.origins.targets == ("aws_lambda_function.a",)
    assert found.public.is_true
    assert found.ports.content == (443,)
    assert found.public_ranges.content == ()
    assert found.enters.is_empty


def test_the_address_of_a_function() -> None:
    for kind, state in (("AWS_IAM", "true"), ("NONE", "false"), (LATER, "unknown")):
        body = {"authorization_type": kind}
        found = mapped(FunctionUrl, record("aws_lambda_function_url", body))
        assert found.authenticated.state.value == state
