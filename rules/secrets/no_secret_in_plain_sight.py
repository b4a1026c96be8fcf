"""No secret stands in the code."""

from scanner.model.base import SecretPlace
from scanner.record import Secret
from scanner.rule import Severity, rule
from scanner.truth import Evidence, Truth, all_of, known, unknown


@rule(
    "no-secret-in-plain-sight",
    title="Passwords, tokens and keys are not written in code",
    severity=Severity.CRITICAL,
    fix="Let the service manage the password, or read it from a vault; change the one that was "
    "exposed.",
)
def check(place: SecretPlace) -> Truth:
    """Everybody who can read the code, the plan or the state has the secret."""
    return all_of(_hidden(place, secret) for secret in place.secrets)


def _hidden(place: SecretPlace, secret: Secret) -> Truth:
    fact = Evidence(f"{place.address}.{secret.path}", secret.reason)
    return unknown(fact) if secret.plain is None else known(not secret.plain, fact)
