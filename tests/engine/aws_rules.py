"""What the stand-in provider knows of AWS: names, identifiers and which changes replace a resource.

From the schemas of pulumi-aws 7 and of Terraform's AWS provider, for the resource types that Parity's program and the
tests' own small program use. A type that is not listed here is updated in place, whatever changes.
"""

REGION = "eu-west-1"
ACCOUNT = "123456789012"

# The property whose value AWS keeps unique, by type, with the longest name that AWS accepts. Where the program gives
# none, the provider makes one from the resource's name and seven random digits.
NAMED: dict[str, tuple[str, int]] = {
    "aws:apigateway/apiKey:ApiKey": ("name", 255),
    "aws:apigateway/authorizer:Authorizer": ("name", 255),
    "aws:apigateway/restApi:RestApi": ("name", 255),
    "aws:apigateway/usagePlan:UsagePlan": ("name", 255),
    "aws:apigatewayv2/vpcLink:VpcLink": ("name", 128),
    "aws:appautoscaling/policy:Policy": ("name", 255),
    "aws:cloudwatch/logGroup:LogGroup": ("name", 512),
    "aws:cloudwatch/metricAlarm:MetricAlarm": ("name", 255),
    "aws:ecr/repository:Repository": ("name", 255),
    "aws:ecs/cluster:Cluster": ("name", 255),
    "aws:ecs/service:Service": ("name", 255),
    "aws:ec2/securityGroup:SecurityGroup": ("name", 255),
    "aws:iam/policy:Policy": ("name", 128),
    "aws:iam/role:Role": ("name", 64),
    "aws:iam/rolePolicy:RolePolicy": ("name", 128),
    "aws:kms/alias:Alias": ("name", 256),
    "aws:lambda/function:Function": ("name", 64),
    "aws:lb/loadBalancer:LoadBalancer": ("name", 32),
    "aws:lb/targetGroup:TargetGroup": ("name", 32),
    "aws:s3/bucket:Bucket": ("bucket", 63),
    "aws:sns/topic:Topic": ("name", 256),
    "aws:wafv2/ipSet:IpSet": ("name", 128),
    "aws:wafv2/webAcl:WebAcl": ("name", 128),
}

# Types of which AWS allows two with the same name: a second one is created, not refused.
NAMES_MAY_REPEAT = {
    "aws:apigateway/apiKey:ApiKey",
    "aws:apigateway/restApi:RestApi",
    "aws:apigateway/usagePlan:UsagePlan",
    "aws:apigatewayv2/vpcLink:VpcLink",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:apigateway/authorizer:Authorizer",
}

# Names made by the provider that do not begin with the resource's name alone.
NAME_PREFIXES = {"aws:kms/alias:Alias": "alias/"}

# The properties whose change replaces the resource; "*" stands for every property except the tags.
REPLACED_BY: dict[str, set[str]] = {
    "aws:apigateway/apiKey:ApiKey": {"value"},
    "aws:apigateway/authorizer:Authorizer": {"restApi"},
    "aws:apigateway/deployment:Deployment": {"restApi", "triggers", "variables"},
    "aws:apigateway/integration:Integration": {
        "credentials",
        "httpMethod",
        "integrationHttpMethod",
        "passthroughBehavior",
        "resourceId",
        "restApi",
        "type",
    },
    "aws:apigateway/integrationResponse:IntegrationResponse": {"httpMethod", "resourceId", "restApi", "statusCode"},
    "aws:apigateway/method:Method": {"httpMethod", "resourceId", "restApi"},
    "aws:apigateway/methodResponse:MethodResponse": {"httpMethod", "resourceId", "restApi", "statusCode"},
    "aws:apigateway/methodSettings:MethodSettings": {"methodPath", "restApi", "stageName"},
    "aws:apigateway/model:Model": {"contentType", "name", "restApi"},
    "aws:apigateway/requestValidator:RequestValidator": {"restApi"},
    "aws:apigateway/resource:Resource": {"restApi"},
    "aws:apigateway/response:Response": {"responseType", "restApiId"},
    "aws:apigateway/restApiPolicy:RestApiPolicy": {"restApiId"},
    "aws:apigateway/stage:Stage": {"restApi", "stageName"},
    "aws:apigateway/usagePlanKey:UsagePlanKey": {"*"},
    "aws:apigatewayv2/vpcLink:VpcLink": {"securityGroupIds", "subnetIds"},
    "aws:appautoscaling/policy:Policy": {"name", "resourceId", "scalableDimension", "serviceNamespace"},
    "aws:appautoscaling/target:Target": {"resourceId", "scalableDimension", "serviceNamespace"},
    "aws:cloudwatch/dashboard:Dashboard": {"dashboardName"},
    "aws:cloudwatch/logGroup:LogGroup": {"name", "logGroupClass", "skipDestroy"},
    "aws:cloudwatch/metricAlarm:MetricAlarm": {"name"},
    "aws:ec2/route:Route": {"destinationCidrBlock", "routeTableId"},
    "aws:ec2/routeTable:RouteTable": {"vpcId"},
    "aws:ec2/routeTableAssociation:RouteTableAssociation": {"subnetId"},
    "aws:ec2/securityGroup:SecurityGroup": {"description", "name", "vpcId"},
    "aws:ec2/subnet:Subnet": {"availabilityZone", "availabilityZoneId", "cidrBlock", "vpcId"},
    "aws:ec2/vpc:Vpc": {"cidrBlock"},
    "aws:ec2/vpcEndpoint:VpcEndpoint": {"serviceName", "vpcEndpointType", "vpcId"},
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": {"repository"},
    "aws:ecr/repository:Repository": {"encryptionConfigurations", "name"},
    "aws:ecs/cluster:Cluster": {"name"},
    "aws:ecs/service:Service": {"cluster", "launchType", "name", "schedulingStrategy"},
    "aws:ecs/taskDefinition:TaskDefinition": {"*"},
    "aws:iam/policy:Policy": {"description", "name", "path"},
    "aws:iam/role:Role": {"name", "path"},
    "aws:iam/rolePolicy:RolePolicy": {"name", "role"},
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {"policyArn", "role"},
    "aws:kms/alias:Alias": {"name"},
    "aws:lambda/function:Function": {"name", "packageType"},
    "aws:lambda/permission:Permission": {"*"},
    "aws:lb/listener:Listener": {"loadBalancerArn"},
    "aws:lb/loadBalancer:LoadBalancer": {"internal", "loadBalancerType", "name"},
    "aws:lb/targetGroup:TargetGroup": {"name", "port", "protocol", "protocolVersion", "targetType", "vpcId"},
    "aws:s3/bucket:Bucket": {"bucket"},
    "aws:sns/topic:Topic": {"name"},
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {"securityGroupId"},
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {"securityGroupId"},
    "aws:wafv2/ipSet:IpSet": {"ipAddressVersion", "name", "scope"},
    "aws:wafv2/webAcl:WebAcl": {"name", "scope"},
    "aws:wafv2/webAclAssociation:WebAclAssociation": {"resourceArn", "webAclArn"},
}

# Types whose Pulumi id is their name, or one of their properties; all others get an id that AWS would make up.
ID_PROPERTY: dict[str, str] = {
    "aws:cloudwatch/dashboard:Dashboard": "dashboardName",
    "aws:cloudwatch/logGroup:LogGroup": "name",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "name",
    "aws:ecr/repository:Repository": "name",
    "aws:iam/role:Role": "name",
    "aws:kms/alias:Alias": "name",
    "aws:lambda/function:Function": "name",
}

# Types of which there is one for the values of some properties, which make up its id.
IDENTIFIED_BY: dict[str, tuple[str, ...]] = {
    "aws:apigateway/integration:Integration": ("restApi", "resourceId", "httpMethod"),
    "aws:apigateway/integrationResponse:IntegrationResponse": ("restApi", "resourceId", "httpMethod", "statusCode"),
}

# Types whose Pulumi id is their ARN.
ID_IS_ARN = {
    "aws:ecs/cluster:Cluster",
    "aws:ecs/service:Service",
    "aws:ecs/taskDefinition:TaskDefinition",  # of which each revision counts as one of its own
    "aws:iam/policy:Policy",
    "aws:lb/listener:Listener",
    "aws:lb/listenerRule:ListenerRule",
    "aws:lb/loadBalancer:LoadBalancer",
    "aws:lb/targetGroup:TargetGroup",
    "aws:sns/topic:Topic",
}

# How AWS begins the ids that it makes up.
ID_PREFIXES: dict[str, str] = {
    "aws:ec2/networkAcl:NetworkAcl": "acl-",
    "aws:ec2/routeTable:RouteTable": "rtb-",
    "aws:ec2/securityGroup:SecurityGroup": "sg-",
    "aws:ec2/subnet:Subnet": "subnet-",
    "aws:ec2/vpc:Vpc": "vpc-",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "vpce-",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "sgr-",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "sgr-",
}

# What exists once in every account and region, made by AWS: its id, and its properties where no program has set any.
SINGLETONS: dict[str, tuple[str, dict[str, str]]] = {
    "aws:apigateway/account:Account": (
        "api-gateway-account",
        {"cloudwatchRoleArn": f"arn:aws:iam::{ACCOUNT}:role/api-gateway-logs"},
    ),
}

# What AWS deletes together with a resource: the type that goes, and the properties in which both agree.
DELETED_WITH: dict[str, tuple[str, tuple[str, ...]]] = {
    "aws:apigateway/integration:Integration": (
        "aws:apigateway/integrationResponse:IntegrationResponse",
        ("restApi", "resourceId", "httpMethod"),
    ),
}

# What an update in place changes besides the inputs.
CHANGED_BY_UPDATE: dict[str, set[str]] = {"docker-build:index:Image": {"contextHash", "digest", "ref"}}
