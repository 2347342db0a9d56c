"""The service of the stack: its roles, its log, the load balancer before it and the task itself."""

from __future__ import annotations

from typing import Any

from provisioner.facts import Facts
from provisioner.spec import AppSpec

from .resources import NOTHING, Properties, Table, attribute, either, ref, resource, sub

ROUTES = ["PublicRoute", "PublicSubnet1Routes", "PublicSubnet2Routes"]  # without them a task reaches no registry


def balancer(spec: AppSpec, facts: Facts) -> Table:
    """One load balancer; with a certificate its port 80 only leads to 443."""
    forward = {"Type": "forward", "TargetGroupArn": ref("Target")}
    redirect = {
        "Type": "redirect",
        "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"},
    }
    return {
        "Balancer": resource(
            "ElasticLoadBalancingV2::LoadBalancer",
            {
                "Subnets": [ref("PublicSubnet1"), ref("PublicSubnet2")],
                "SecurityGroups": [attribute("BalancerGroup.GroupId")],
                "LoadBalancerAttributes": [{"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "true"}],
            },
            DependsOn="GatewayAttachment",
        ),
        "Target": resource(
            "ElasticLoadBalancingV2::TargetGroup",
            {
                "TargetType": "ip",
                "Protocol": "HTTP",
                "Port": spec.port,
                "VpcId": ref("Network"),
                # The prober asks with the task's address as Host; this path answers before hosts are checked.
                "HealthCheckPath": spec.ready_path,
                "HealthCheckIntervalSeconds": 15,
                "HealthyThresholdCount": 2,
                "UnhealthyThresholdCount": 4,
                "Matcher": {"HttpCode": "200"},
                "TargetGroupAttributes": [
                    {"Key": "deregistration_delay.timeout_seconds", "Value": str(spec.shutdown_seconds)}
                ],
            },
        ),
        "HttpListener": resource(
            "ElasticLoadBalancingV2::Listener",
            {
                "LoadBalancerArn": ref("Balancer"),
                "Protocol": "HTTP",
                "Port": 80,
                "DefaultActions": [either("HasCertificate", redirect, forward)],
            },
        ),
        "HttpsListener": resource(
            "ElasticLoadBalancingV2::Listener",
            {
                "LoadBalancerArn": ref("Balancer"),
                "Protocol": "HTTPS",
                "Port": 443,
                "SslPolicy": facts.text("tls_policy"),
                "Certificates": [{"CertificateArn": ref("CertificateArn")}],
                "DefaultActions": [forward],
            },
            Condition="HasCertificate",
        ),
    }


def task(spec: AppSpec, facts: Facts, variables: dict[str, Any], secrets: dict[str, tuple[str, str | None]]) -> Table:
    """The cluster, the task and the service.

    `variables` are plain values by name; `secrets` name for each variable the secret's resource, and the condition
    under which there is one.
    """
    injected = [
        _if(condition, {"Name": name, "ValueFrom": ref(secret)}) for name, (secret, condition) in secrets.items()
    ]
    container: Properties = {
        "Name": "app",
        "Image": ref("Image"),
        "Command": list(spec.command),
        "Essential": True,
        "StopTimeout": spec.shutdown_seconds,
        "PortMappings": [{"ContainerPort": spec.port, "Protocol": "tcp"}],
        "Environment": [{"Name": name, "Value": value} for name, value in variables.items()],
        "Secrets": injected,
        "LogConfiguration": {
            "LogDriver": "awslogs",
            "Options": {
                "awslogs-group": ref("Log"),
                "awslogs-region": ref("AWS::Region"),
                "awslogs-stream-prefix": spec.name,
            },
        },
    }
    return {
        "Log": resource("Logs::LogGroup", {"RetentionInDays": facts.integer("log_days")}),
        "TaskStarter": _role([_if(condition, ref(secret)) for secret, condition in secrets.values()]),
        "Cluster": resource("ECS::Cluster"),
        "Task": resource(
            "ECS::TaskDefinition",
            {
                "Family": sub("${AWS::StackName}"),
                "Cpu": str(facts.integer("task_cpu")),
                "Memory": str(spec.memory_mb),
                "NetworkMode": "awsvpc",
                "RequiresCompatibilities": ["FARGATE"],
                "RuntimePlatform": {"CpuArchitecture": "X86_64", "OperatingSystemFamily": "LINUX"},
                "ExecutionRoleArn": attribute("TaskStarter.Arn"),
                "ContainerDefinitions": [container],
            },
        ),
        "Service": resource("ECS::Service", _service(spec), DependsOn=ROUTES),
    }


def _service(spec: AppSpec) -> Properties:
    return {
        "Cluster": ref("Cluster"),
        "TaskDefinition": ref("Task"),
        "LaunchType": "FARGATE",
        "DesiredCount": spec.instances,
        "HealthCheckGracePeriodSeconds": 2 * spec.boot_seconds,
        "DeploymentConfiguration": {
            "MinimumHealthyPercent": 100,
            "MaximumPercent": 200,
            "DeploymentCircuitBreaker": {"Enable": True, "Rollback": True},
        },
        "NetworkConfiguration": {
            "AwsvpcConfiguration": {
                "AssignPublicIp": "ENABLED",
                "Subnets": [ref("PublicSubnet1"), ref("PublicSubnet2")],
                "SecurityGroups": [attribute("AppGroup.GroupId")],
            }
        },
        # ECS refuses a target that no listener leads to yet; DependsOn cannot name one that may not be there.
        "Tags": [{"Key": "listener", "Value": either("HasCertificate", ref("HttpsListener"), ref("HttpListener"))}],
        "LoadBalancers": [{"ContainerName": "app", "ContainerPort": spec.port, "TargetGroupArn": ref("Target")}],
    }


def _role(secrets: list[Any]) -> dict[str, Any]:
    """What starts the task may fetch the image, write the log and read these secrets; the app itself may nothing."""
    trust = {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
    read = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": secrets}
    managed = "arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
    return resource(
        "IAM::Role",
        {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
            "ManagedPolicyArns": [sub(managed)],
            "Policies": [{"PolicyName": "secrets", "PolicyDocument": {"Version": "2012-10-17", "Statement": [read]}}],
        },
    )


def _if(condition: str | None, value: Any) -> Any:
    return either(condition, value, NOTHING) if condition else value
