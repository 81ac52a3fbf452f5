"""The mapping templates, which are Velocity files in the folder `templates`."""

from pathlib import Path

from infra.configuration.settings import EVERY, Settings

FOLDER = Path(__file__).parents[1] / "templates"


def read_template(name: str) -> str:
    """The source of the template `name`, such as `lambda_request`, without the newline that ends its file."""
    return (FOLDER / f"{name}.vtl").read_text(encoding="utf-8").removesuffix("\n")


def http_request_template(settings: Settings) -> str:
    """The HTTP integration's request template: the JSON body, after what no request parameter can map."""
    parts = []
    if settings.query_strings == EVERY:
        parts.append(read_template("map_all_query_strings"))
    if settings.headers == EVERY:
        parts.append(read_template("map_all_headers"))
    return "\n".join([*parts, read_template("http_request")])


def http_error_template(otherwise: str) -> str:
    """The template of the HTTP integration's failures; `otherwise` is what the client gets in place of a message."""
    return f'#set($otherwise = "{otherwise}")\n{read_template("http_error")}'
