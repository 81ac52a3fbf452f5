"""The arguments of the resources that a REST API is made from, one by one.

https://www.pulumi.com/registry/packages/aws/api-docs/apigateway/
A test holds the table to the installed SDK, and docs/compatibility.md to the table.
"""

from collections.abc import Mapping

from parity.local.rest_api.arguments import Argument, emulated, ignored, ignored_unless, no_effect, surroundings

_CERTIFICATE = surroundings("AWS answers by HTTPS with this certificate; locally it is plain HTTP.")
_MUTUAL_TLS = ignored("AWS turns away clients without a certificate of the truststore; locally any client is let in.")
_TLS_POLICY = surroundings("AWS refuses TLS handshakes that the policy does not allow; locally it is plain HTTP.")
_ACCESS_MODE = surroundings("STRICT: AWS checks the TLS handshake's server name; locally it is plain HTTP.", "BASIC")
_IP_ADDRESS_TYPE = surroundings("AWS answers over IPv6 too; locally --host says where.", "ipv4")
_FAIL_ON_WARNINGS = ignored("AWS refuses a document whose import has warnings.")
_IMPORT_PARAMETERS = ignored("Of the import's parameters only basepath takes effect locally.")

EARLIER_ARGUMENTS: Mapping[str, Mapping[str, Argument]] = {
    "aws:apigateway/deployment:Deployment": {
        **emulated("stage_name"),
        **no_effect("stage_description"),
        "canary_settings": ignored("AWS makes the deployment the canary of its stage; give the Stage canary_settings."),
    },
}
"""Arguments of earlier versions of the provider, which the installed SDK does not have any more."""

ARGUMENTS: Mapping[str, Mapping[str, Argument]] = {
    "aws:apigateway/account:Account": {
        **no_effect("region"),
        "cloudwatch_role_arn": surroundings("AWS writes logs by this role; locally logs are printed without one."),
    },
    "aws:apigateway/apiKey:ApiKey": {
        **emulated("enabled name value"),
        **no_effect("customer_id description region tags"),
    },
    "aws:apigateway/authorizer:Authorizer": {
        **emulated("rest_api authorizer_result_ttl_in_seconds authorizer_uri identity_source name type"),
        **emulated("identity_validation_expression provider_arns region"),
        "authorizer_credentials": surroundings("AWS invokes the authorizer by this role, or answers 500."),
    },
    "aws:apigateway/basePathMapping:BasePathMapping": {
        **emulated("domain_name rest_api base_path stage_name"),
        **no_effect("region"),
        "domain_name_id": surroundings("It tells private domain names of one name apart."),
    },
    "aws:apigateway/clientCertificate:ClientCertificate": no_effect("description region tags"),
    "aws:apigateway/deployment:Deployment": {
        **emulated("rest_api"),
        **no_effect("description region triggers"),
        "variables": ignored_unless(
            "stage_name", "A deployment that makes no stage of its own sets no variables: set them on the Stage."
        ),
    },
    "aws:apigateway/documentationPart:DocumentationPart": {
        **no_effect("properties rest_api_id region location.type location.method location.name location.path"),
        **no_effect("location.status_code"),
    },
    "aws:apigateway/documentationVersion:DocumentationVersion": no_effect("rest_api_id version description region"),
    "aws:apigateway/domainName:DomainName": {
        **no_effect("region tags"),
        **emulated("domain_name routing_mode"),
        "certificate_arn": _CERTIFICATE,
        "certificate_body": _CERTIFICATE,
        "certificate_chain": _CERTIFICATE,
        "certificate_name": _CERTIFICATE,
        "certificate_private_key": _CERTIFICATE,
        "endpoint_access_mode": _ACCESS_MODE,
        "endpoint_configuration.types": surroundings("An EDGE domain name is a CloudFront distribution.", "REGIONAL"),
        "endpoint_configuration.ip_address_type": _IP_ADDRESS_TYPE,
        "mutual_tls_authentication.truststore_uri": _MUTUAL_TLS,
        "mutual_tls_authentication.truststore_version": _MUTUAL_TLS,
        "ownership_verification_certificate_arn": _CERTIFICATE,
        "policy": ignored("AWS lets only those call a private domain name that its policy allows."),
        "regional_certificate_arn": _CERTIFICATE,
        "regional_certificate_name": _CERTIFICATE,
        "security_policy": _TLS_POLICY,
    },
    "aws:apigateway/domainNameAccessAssociation:DomainNameAccessAssociation": {
        **no_effect("region tags"),
        **{
            name: surroundings("AWS lets VPC endpoints reach a private domain name; locally any client reaches it.")
            for name in ("access_association_source", "access_association_source_type", "domain_name_arn")
        },
    },
    "aws:apigateway/integration:Integration": {
        **emulated("http_method resource_id rest_api type connection_id connection_type content_handling uri region"),
        **emulated("integration_http_method integration_target passthrough_behavior request_parameters"),
        **emulated("request_templates timeout_milliseconds cache_key_parameters cache_namespace credentials"),
        **emulated("response_transfer_mode tls_config.insecure_skip_verification"),
    },
    "aws:apigateway/integrationResponse:IntegrationResponse": emulated(
        "http_method resource_id rest_api status_code content_handling region response_parameters "
        "response_templates selection_pattern"
    ),
    "aws:apigateway/method:Method": emulated(
        "authorization http_method resource_id rest_api api_key_required authorization_scopes authorizer_id "
        "operation_name region request_models request_parameters request_validator_id"
    ),
    "aws:apigateway/methodResponse:MethodResponse": {
        **emulated("http_method resource_id rest_api status_code region response_parameters"),
        **no_effect("response_models"),
    },
    "aws:apigateway/methodSettings:MethodSettings": {
        **emulated("method_path rest_api stage_name region settings.logging_level settings.data_trace_enabled"),
        **emulated("settings.throttling_burst_limit settings.throttling_rate_limit settings.caching_enabled"),
        **emulated("settings.cache_ttl_in_seconds settings.require_authorization_for_cache_control"),
        **emulated("settings.unauthorized_cache_control_header_strategy"),
        "settings.metrics_enabled": surroundings("AWS counts requests by method in CloudWatch."),
        "settings.cache_data_encrypted": surroundings("AWS encrypts what it caches."),
    },
    "aws:apigateway/model:Model": {
        **emulated("content_type rest_api name schema region"),
        **no_effect("description"),
    },
    "aws:apigateway/requestValidator:RequestValidator": emulated(
        "rest_api name region validate_request_body validate_request_parameters"
    ),
    "aws:apigateway/resource:Resource": emulated("parent_id path_part rest_api region"),
    "aws:apigateway/response:Response": emulated(
        "response_type rest_api_id region response_parameters response_templates status_code"
    ),
    "aws:apigateway/restApi:RestApi": {
        **emulated("api_key_source binary_media_types body disable_execute_api_endpoint minimum_compression_size name"),
        **emulated("policy region"),
        **no_effect("description put_rest_api_mode tags"),
        "endpoint_access_mode": _ACCESS_MODE,
        "endpoint_configuration.types": ignored("AWS answers only within VPCs.", "REGIONAL", "EDGE"),
        "endpoint_configuration.ip_address_type": _IP_ADDRESS_TYPE,
        "endpoint_configuration.vpc_endpoint_ids": surroundings("AWS gives the endpoints DNS names of the API."),
        "fail_on_warnings": _FAIL_ON_WARNINGS,
        "parameters": _IMPORT_PARAMETERS,
        "security_policy": _TLS_POLICY,
    },
    "aws:apigateway/restApiPolicy:RestApiPolicy": emulated("policy rest_api_id region"),
    "aws:apigateway/restApiPut:RestApiPut": {
        **emulated("body rest_api_id region"),
        **no_effect("timeouts.create triggers"),
        "fail_on_warnings": _FAIL_ON_WARNINGS,
        "parameters": _IMPORT_PARAMETERS,
    },
    "aws:apigateway/stage:Stage": {
        **emulated("deployment rest_api stage_name region variables access_log_settings.format"),
        **emulated("canary_settings.deployment_id canary_settings.percent_traffic"),
        **emulated("canary_settings.stage_variable_overrides canary_settings.use_stage_cache cache_cluster_enabled"),
        **no_effect("description documentation_version tags access_log_settings.destination_arn"),
        "cache_cluster_size": surroundings("A larger cache keeps more answers; locally there is no limit."),
        "client_certificate_id": surroundings("AWS shows HTTP backends this certificate; locally none is shown."),
        "xray_tracing_enabled": surroundings("AWS samples requests for X-Ray; locally none is sampled."),
    },
    "aws:apigateway/usagePlan:UsagePlan": {
        **emulated("api_stages.api_id api_stages.stage api_stages.throttles.path api_stages.throttles.burst_limit"),
        **emulated("api_stages.throttles.rate_limit name quota_settings.limit quota_settings.period"),
        **emulated("quota_settings.offset throttle_settings.burst_limit throttle_settings.rate_limit"),
        **no_effect("description product_code region tags"),
    },
    "aws:apigateway/usagePlanKey:UsagePlanKey": {
        **emulated("key_id usage_plan_id"),
        **no_effect("key_type region"),
    },
    "aws:apigateway/vpcLink:VpcLink": {
        **emulated("target_arn"),
        **no_effect("description name region tags"),
    },
    "aws:apigatewayv2/vpcLink:VpcLink": {
        **no_effect("name region tags"),
        "security_group_ids": surroundings("AWS opens the way to the backend by security groups; locally it is open."),
        "subnet_ids": surroundings("AWS reaches the backend from these subnets."),
    },
    "aws:apigatewayv2/domainName:DomainName": {
        **no_effect("region tags domain_name_configuration.hosted_zone_id"),
        **no_effect("domain_name_configuration.target_domain_name"),
        **emulated("domain_name routing_mode"),
        "domain_name_configuration.certificate_arn": _CERTIFICATE,
        "domain_name_configuration.endpoint_type": surroundings("It says where AWS answers.", "REGIONAL"),
        "domain_name_configuration.ip_address_type": _IP_ADDRESS_TYPE,
        "domain_name_configuration.ownership_verification_certificate_arn": _CERTIFICATE,
        "domain_name_configuration.security_policy": _TLS_POLICY,
        "mutual_tls_authentication.truststore_uri": _MUTUAL_TLS,
        "mutual_tls_authentication.truststore_version": _MUTUAL_TLS,
    },
    "aws:apigatewayv2/apiMapping:ApiMapping": {
        **emulated("api_id domain_name stage api_mapping_key"),
        **no_effect("region"),
    },
    "aws:apigatewayv2/routingRule:RoutingRule": {
        **emulated("domain_name priority actions.invoke_api.api_id actions.invoke_api.stage"),
        **emulated("actions.invoke_api.strip_base_path conditions.match_base_paths.any_ofs"),
        **emulated("conditions.match_headers.any_of.header conditions.match_headers.any_of.value_glob"),
        **no_effect("region"),
    },
}
"""The arguments by resource type, then by name."""
