"""Message brokers: Amazon MQ and Managed Streaming for Apache Kafka.

API paths are those of DescribeBroker (botocore service model `mq`) and DescribeCluster (`kafka`).
"""

from __future__ import annotations

from typing import Final

from scanner.mapping.aws.kms import CustomerKey, key
from scanner.mapping.aws.ports import ANYBODY, always_on
from scanner.mapping.aws.references import CHOSEN, groups, subnets
from scanner.mapping.fields import (
    Attr,
    Constant,
    Derived,
    NotApplicable,
    always,
    both,
    flag,
    holds,
    is_not,
    never,
    written,
)
from scanner.mapping.references import RefIfSet
from scanner.mapping.registry import maps, supports
from scanner.model.data import Broker
from scanner.record import MISSING, Block, Links
from scanner.truth import Evidence, known
from scanner.value import Unknown, Value

_NOT_PROTECTED: Final = NotApplicable("the service has no protection against deletion")
_SPANNING: Final = ("ACTIVE_STANDBY_MULTI_AZ", "CLUSTER_MULTI_AZ")
_IF_SET: Final = RefIfSet(subnets("subnet_ids", "SubnetIds"))


_ENGINE: Final = Attr("engine_type", "EngineType")
_PUBLIC: Final = flag("publicly_accessible", "PubliclyAccessible")
# Amazon MQ Developer Guide, "Amazon MQ for ActiveMQ brokers" (the console and OpenWire, AMQP,
# STOMP, MQTT and WebSocket with TLS) and "Amazon MQ for RabbitMQ brokers", "Listener ports".
_PORTS: Final = {
    "ACTIVEMQ": (5671, 8162, 8883, 61614, 61617, 61619),
    "RABBITMQ": (443, 5671, 15671),
}


def _ports(block: Block) -> Value[tuple[int, ...]]:
    engine = _ENGINE.read(block)
    if not isinstance(engine.content, str):
        why = engine.content if isinstance(engine.content, Unknown) else Unknown("not a text")
        return Value(why, block, engine.path)
    found = _PORTS.get(engine.content.upper())
    if found is None:
        return Value(Unknown(f'the ports of "{engine.content}" are not known'), block, engine.path)
    return Value(found, block, engine.path, f'ports of "{engine.content}"')


def _subnets(block: Block) -> Links:
    links = _IF_SET.read(block)
    if links.is_empty and _PUBLIC.read(block).is_true:
        engine = _ENGINE.read(block).content
        if isinstance(engine, str) and engine.upper() == "RABBITMQ":
            # Amazon MQ API, CreateBroker: a public broker of RabbitMQ needs no subnet; it then
            # stands in a network of AWS.
            return links
    if not links.is_empty:
        return links
    # Amazon MQ API, CreateBroker: without subnets the broker is in those of the default VPC.
    reason = "no subnet is named: those of the default VPC are not read"
    return Links(block, links.path, unknown=(reason,))


maps(
    "aws_mq_broker",
    to=Broker,
    engine=_ENGINE,
    # Amazon MQ Developer Guide, "Data protection in Amazon MQ".
    encrypted_at_rest=always("Amazon MQ encrypts all data at rest"),
    customer_key=both(
        is_not("encryption_options.use_aws_owned_key", "EncryptionOptions.UseAwsOwnedKey"),
        CustomerKey("encryption_options.kms_key_id", "EncryptionOptions.KmsKeyId"),
    ),
    keys=key("encryption_options.kms_key_id", "EncryptionOptions.KmsKeyId"),
    # The same page: endpoints of brokers are reached with TLS only.
    encrypted_in_transit=always("the endpoints of a broker only accept TLS"),
    publicly_accessible=_PUBLIC,
    public_ranges=ANYBODY,
    ports=Derived(_ports),
    security_groups=groups("security_groups", "SecurityGroups"),
    subnets=Derived(_subnets),
    addresses=CHOSEN,
    spans_zones=holds(lambda mode: mode in _SPANNING, "deployment_mode", "DeploymentMode"),
    deletion_protected=_NOT_PROTECTED,
    minor_upgrades_automatic=flag("auto_minor_version_upgrade", "AutoMinorVersionUpgrade"),
)

_NODES: Final = "broker_node_group_info"
_CIPHERED: Final = "encryption_info.encryption_in_transit"

_CLIENT: Final = Attr(
    f"{_CIPHERED}.client_broker", "EncryptionInfo.EncryptionInTransit.ClientBroker"
)
_ACCESS: Final = Attr(
    f"{_NODES}.connectivity_info.public_access.type",
    "BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type",
    unset="DISABLED",
)
_LOGINS: Final = "client_authentication", "ClientAuthentication"
_IAM: Final = flag(f"{_LOGINS[0]}.sasl.iam", f"{_LOGINS[1]}.Sasl.Iam.Enabled", unset=False)
_SCRAM: Final = flag(f"{_LOGINS[0]}.sasl.scram", f"{_LOGINS[1]}.Sasl.Scram.Enabled", unset=False)
_NOBODY: Final = flag(
    f"{_LOGINS[0]}.unauthenticated", f"{_LOGINS[1]}.Unauthenticated.Enabled", unset=False
)


def _kafka_ports(block: Block) -> Value[tuple[int, ...]]:
    """Read where brokers answer: a port for each way of logging in, others for the internet.

    Amazon MSK Developer Guide, "Port information".  Without any way of logging in clients need not
    log in; that is also so of clients that show a certificate and of others without encryption.
    """
    api = block.record.shape == "api"
    login = _LOGINS[api]
    tls = f"{login}.Tls.CertificateAuthorityArnList" if api else f"{login}.tls"
    unauthenticated, certificate = _NOBODY.read(block), written(block, tls)
    if written(block, login) in (MISSING, []):
        unauthenticated = known(True, Evidence(f"{block.address}.{login}", "not set"))
    mode, access = _CLIENT.read(block), _ACCESS.read(block)
    truths = [unauthenticated, _SCRAM.read(block), _IAM.read(block)]
    for content in (certificate, mode.content, access.content, written(block, login)):
        if isinstance(content, Unknown):
            return Value(Unknown(f"how clients log in: {content.reason}"), block, login)
    if any(truth.is_unknown for truth in truths):
        return Value(Unknown("how clients log in is not known"), block, login)
    free, scram, iam = (truth.is_true for truth in truths)
    ciphered = mode.content in ("TLS", "TLS_PLAINTEXT")
    found = [9092] if free and mode.content in ("PLAINTEXT", "TLS_PLAINTEXT") else []
    inside = [(9094, ciphered and (free or certificate not in (MISSING, [])))]
    inside += [(9096, scram), (9098, iam)]
    found += [number for number, answers in inside if answers]
    if access.content != "DISABLED":
        found += [number + 100 for number, answers in inside if answers]
    return Value(tuple(found), block, login, "ports of its ways of logging in")


maps(
    "aws_msk_cluster",
    to=Broker,
    engine=Constant("kafka"),
    # Amazon MSK Developer Guide, "Amazon MSK encryption": at rest always.
    encrypted_at_rest=always("Amazon MSK always encrypts data at rest"),
    customer_key=CustomerKey(
        "encryption_info.encryption_at_rest_kms_key_arn",
        "EncryptionInfo.EncryptionAtRest.DataVolumeKMSKeyId",
    ),
    keys=key(
        "encryption_info.encryption_at_rest_kms_key_arn",
        "EncryptionInfo.EncryptionAtRest.DataVolumeKMSKeyId",
    ),
    encrypted_in_transit=both(
        holds(
            lambda mode: mode == "TLS",
            f"{_CIPHERED}.client_broker",
            "EncryptionInfo.EncryptionInTransit.ClientBroker",
        ),
        flag(f"{_CIPHERED}.in_cluster", "EncryptionInfo.EncryptionInTransit.InCluster"),
    ),
    publicly_accessible=holds(
        lambda kind: kind != "DISABLED",
        f"{_NODES}.connectivity_info.public_access.type",
        "BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type",
    ),
    security_groups=groups(f"{_NODES}.security_groups", "BrokerNodeGroupInfo.SecurityGroups"),
    subnets=subnets(f"{_NODES}.client_subnets", "BrokerNodeGroupInfo.ClientSubnets"),
    addresses=CHOSEN,
    public_ranges=ANYBODY,
    ports=Derived(_kafka_ports),
    # Amazon MSK Developer Guide, "Create a cluster": two or three subnets, each in another zone.
    spans_zones=always("MSK spreads the brokers over subnets in at least two zones"),
    deletion_protected=_NOT_PROTECTED,
    minor_upgrades_automatic=NotApplicable("versions of Kafka are upgraded on request only"),
)

maps(
    "aws_msk_serverless_cluster",
    to=Broker,
    engine=Constant("kafka"),
    encrypted_at_rest=always("Amazon MSK always encrypts data at rest"),
    customer_key=never("MSK Serverless uses a key of AWS"),
    keys=key("kms_key_arn", "KmsKeyArn"),
    # Amazon MSK Developer Guide, "MSK Serverless": IAM access control, which demands TLS.
    encrypted_in_transit=always("MSK Serverless only accepts TLS with IAM access control"),
    publicly_accessible=never("MSK Serverless has endpoints in the VPC only"),
    security_groups=groups("vpc_config[].security_group_ids", "VpcConfigs[].SecurityGroupIds"),
    subnets=subnets("vpc_config[].subnet_ids", "VpcConfigs[].SubnetIds"),
    addresses=CHOSEN,
    public_ranges=ANYBODY,
    # Amazon MSK Developer Guide, "Port information": IAM access control.
    ports=always_on(9098),
    spans_zones=always("MSK Serverless replicates over the zones of its subnets"),
    deletion_protected=_NOT_PROTECTED,
    minor_upgrades_automatic=always("AWS manages the version of MSK Serverless"),
)

supports("aws_mq_configuration", "aws_msk_configuration", "aws_msk_scram_secret_association")
