"""The ids and names that a program declares, to tell a reference that leads nowhere."""

from parity.local.program.records import ResourceRecord
from parity.local.program.resource_index import ResourceIndex, text

REST_API = "aws:apigateway/restApi:RestApi"
REST_API_PUT = "aws:apigateway/restApiPut:RestApiPut"
RESOURCE = "aws:apigateway/resource:Resource"
METHOD = "aws:apigateway/method:Method"

MethodKey = tuple[str, str, str]
"""The ids of API and resource, and the HTTP method."""


class DeclaredIds:
    """What the APIs of a program hold.

    An API that the program only refers to, or that it imports from an OpenAPI document, may hold more than the program
    declares: such an API is not in `whole`, and nothing that refers to it can be called wrong.

    Args:
        resource_index: the program's resources.
    """

    def __init__(self, resource_index: ResourceIndex) -> None:
        imported = {api_id(record) for record in resource_index.of_type(REST_API_PUT)}
        apis = resource_index.of_type(REST_API)
        self.whole = {record.id for record in apis if not record.inputs.get("body") and record.id not in imported}
        self.resources = {(record.id, text(record.outputs, "rootResourceId")) for record in apis}
        self.resources |= {(api_id(record), record.id) for record in resource_index.of_type(RESOURCE)}
        self.methods: dict[MethodKey, ResourceRecord] = {}
        for record in resource_index.of_type(METHOD):
            self.methods.setdefault(method_key(record), record)
        self._of_type = {
            kind: {(api_id(record), record.id) for record in resource_index.of_type(f"aws:apigateway/{kind}")}
            for kind in ("requestValidator:RequestValidator", "authorizer:Authorizer", "deployment:Deployment")
        }
        self._models = {
            (api_id(record), text(record.outputs, "name"))
            for record in resource_index.of_type("aws:apigateway/model:Model")
        }

    def lacks_resource(self, record: ResourceRecord, property_name: str = "resourceId") -> bool:
        """Whether a record refers to a resource that its API does not have."""
        api = api_id(record)
        return api in self.whole and (api, text(record.inputs, property_name)) not in self.resources

    def lacks_method(self, record: ResourceRecord) -> bool:
        """Whether a record belongs to a method that its API does not have."""
        return api_id(record) in self.whole and method_key(record) not in self.methods

    def lacks(self, record: ResourceRecord, kind: str, identity: str) -> bool:
        """Whether an API has no request validator, authorizer or deployment of that id."""
        api = api_id(record)
        return api in self.whole and (api, identity) not in self._of_type[kind]

    def lacks_model(self, record: ResourceRecord, name: str) -> bool:
        """Whether an API has no model of that name. Every API has the models Empty and Error."""
        api = api_id(record)
        return api in self.whole and name not in ("Empty", "Error") and (api, name) not in self._models


def api_id(record: ResourceRecord) -> str:
    """The id of the API that a resource belongs to."""
    return text(record.inputs, "restApi") or text(record.inputs, "restApiId")


def method_key(record: ResourceRecord) -> MethodKey:
    """The method that a resource belongs to."""
    return api_id(record), text(record.inputs, "resourceId"), text(record.inputs, "httpMethod")
