"""One REST API with a Lambda and an HTTP custom integration: the stack's table of contents."""

import pulumi

from infra.configuration.account import look_up_account
from infra.configuration.prerequisites import check_prerequisites
from infra.configuration.settings import load_settings
from infra.functions.lambda_backend import deploy_function
from infra.http.http_backend import deploy_endpoint
from infra.observability.alarms import Alarms, AlarmsArgs
from infra.observability.dashboard import Dashboard, DashboardArgs
from infra.observability.log_group import LogSettings
from infra.observability.log_key import LogKey, LogKeyArgs
from infra.outputs import export_outputs
from infra.rest_api.api import Api, ApiArgs
from infra.rest_api.firewall import Firewall, FirewallArgs
from infra.tags import tag_everything

settings = load_settings()
tag_everything({"Project": pulumi.get_project(), "Stack": pulumi.get_stack(), "ManagedBy": "pulumi"})
account = look_up_account()
check_prerequisites(settings, account)
log_key = LogKey("logs", LogKeyArgs(account=account, stage_name=settings.stage_name))
logs = LogSettings(key=log_key, retention_days=settings.log_retention_days)

function = deploy_function(settings, account, logs)
endpoint = deploy_endpoint(settings, account, logs)
api = Api("api", ApiArgs(settings=settings, account=account, logs=logs, function=function, endpoint=endpoint))
if settings.waf:
    Firewall("firewall", FirewallArgs(stage=api.stage, logs=logs))
Dashboard("dashboard", DashboardArgs(metrics=api.metrics, region=account.region))
Alarms("alarm", AlarmsArgs(metrics=api.metrics, settings=settings))

export_outputs(api, settings, account)
