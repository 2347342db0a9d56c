"""The resources of the stack, by part: network, database, secrets, service."""

from __future__ import annotations

from typing import Any, TypeAlias

from provisioner.facts import Facts
from provisioner.spec import AppSpec

Properties: TypeAlias = dict[str, Any]
Table: TypeAlias = dict[str, dict[str, Any]]

OWNERS_PASSWORD = "{{resolve:secretsmanager:${DatabaseOwner}:SecretString:password}}"  # noqa: S105 - a reference
OWNER = "app_owner"  # RDS takes at most 16 letters, digits and underscores
NETWORK = "10.20.0.0/16"
ANYWHERE = "0.0.0.0/0"


def ref(name: str) -> Properties:
    """Refer to a parameter or a resource."""
    return {"Ref": name}


def attribute(path: str) -> Properties:
    """Refer to what a resource says of itself, as ``Resource.Attribute``."""
    return {"Fn::GetAtt": path.split(".", 1)}


def sub(text: str) -> Properties:
    """Put references in, written ``${Name}``."""
    return {"Fn::Sub": text}


def either(condition: str, yes: Any, no: Any) -> Properties:
    """Choose by a condition of the template."""
    return {"Fn::If": [condition, yes, no]}


NOTHING = ref("AWS::NoValue")


def resource(kind: str, properties: Properties | None = None, **attributes: Any) -> dict[str, Any]:
    """One resource; `attributes` are those beside its properties, as ``DependsOn``."""
    found: dict[str, Any] = {"Type": f"AWS::{kind}", **attributes}
    return found | ({"Properties": properties} if properties else {})


def network() -> Table:
    """Two public subnets, and two without a way to the internet; no NAT gateway.

    The tasks have public addresses, by which they reach the registry, the secrets and the log; their security group
    lets nobody in but the load balancer. A NAT gateway would cost more than everything else together.
    """
    found: Table = {
        "Network": resource(
            "EC2::VPC",
            {
                "CidrBlock": NETWORK,
                "EnableDnsHostnames": True,
                "Tags": [{"Key": "Name", "Value": sub("${AWS::StackName}")}],
            },
        ),
        "Gateway": resource("EC2::InternetGateway"),
        "GatewayAttachment": resource(
            "EC2::VPCGatewayAttachment", {"VpcId": ref("Network"), "InternetGatewayId": ref("Gateway")}
        ),
        "PublicRoutes": resource("EC2::RouteTable", {"VpcId": ref("Network")}),
        "PublicRoute": resource(
            "EC2::Route",
            {
                "RouteTableId": ref("PublicRoutes"),
                "DestinationCidrBlock": ANYWHERE,
                "GatewayId": ref("Gateway"),
            },
            DependsOn="GatewayAttachment",
        ),
    }
    for index, (kind, zone) in enumerate((("Public", 0), ("Public", 1), ("Private", 0), ("Private", 1))):
        name = f"{kind}Subnet{zone + 1}"
        found[name] = resource(
            "EC2::Subnet",
            {
                "VpcId": ref("Network"),
                "CidrBlock": f"10.20.{index}.0/24",
                "AvailabilityZone": {"Fn::Select": [zone, {"Fn::GetAZs": ""}]},
            },
        )
        if kind == "Public":
            found[f"{name}Routes"] = resource(
                "EC2::SubnetRouteTableAssociation", {"SubnetId": ref(name), "RouteTableId": ref("PublicRoutes")}
            )
    return found


def _group(words: str, *rules: Properties) -> dict[str, Any]:
    return resource(
        "EC2::SecurityGroup",
        {"GroupDescription": words, "VpcId": ref("Network"), "SecurityGroupIngress": list(rules)},
    )


def groups(spec: AppSpec) -> Table:
    """Who may reach what: visitors the load balancer, it the app, the app the database."""

    def rule(port: int, **source: Any) -> Properties:
        return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **source}

    visitors = {"CidrIp": ref("VisitorRange")}
    return {
        "BalancerGroup": _group("Visitors reach the load balancer", rule(80, **visitors), rule(443, **visitors)),
        "AppGroup": _group(
            "The load balancer alone reaches the app", rule(spec.port, SourceSecurityGroupId=ref("BalancerGroup"))
        ),
        "DatabaseGroup": _group(
            "The app alone reaches the database", rule(5432, SourceSecurityGroupId=ref("AppGroup"))
        ),
    }


def database(spec: AppSpec, facts: Facts) -> Table:
    """PostgreSQL in the private subnets, encrypted, with TLS and nothing else; a snapshot stays behind it."""
    version = facts.text("postgres_version")
    return {
        "DatabaseSubnets": resource(
            "RDS::DBSubnetGroup",
            {
                "DBSubnetGroupDescription": "Without a way to the internet",
                "SubnetIds": [ref("PrivateSubnet1"), ref("PrivateSubnet2")],
            },
        ),
        "DatabaseParameters": resource(
            "RDS::DBParameterGroup",
            {
                "Family": f"postgres{version}",
                "Description": "TLS for every connection",
                "Parameters": {"rds.force_ssl": "1"},
            },
        ),
        "Database": resource(
            "RDS::DBInstance",
            {
                "Engine": "postgres",
                "EngineVersion": version,
                "DBInstanceClass": ref("DatabaseClass"),
                "DBName": spec.dbname,
                "MasterUsername": OWNER,
                "MasterUserPassword": sub(OWNERS_PASSWORD),
                "AllocatedStorage": "20",
                "MaxAllocatedStorage": 100,
                "StorageType": "gp3",
                "StorageEncrypted": True,
                "PubliclyAccessible": False,
                "MultiAZ": ref("DatabaseStandby"),
                "BackupRetentionPeriod": 7,
                "CopyTagsToSnapshot": True,
                "AutoMinorVersionUpgrade": True,
                "DBSubnetGroupName": ref("DatabaseSubnets"),
                "DBParameterGroupName": ref("DatabaseParameters"),
                "VPCSecurityGroups": [attribute("DatabaseGroup.GroupId")],
            },
            DeletionPolicy="Snapshot",
            UpdateReplacePolicy="Snapshot",
        ),
    }
