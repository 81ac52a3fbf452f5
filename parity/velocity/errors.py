"""The errors of the Velocity engine."""


class VelocityError(Exception):
    """A template that cannot be parsed or rendered.

    Attributes:
        message: what is wrong, and what was expected instead.
        template: the template's name.
        line: where, counted from 1; 0 when the place is not known.
        column: where in the line, counted in characters from 1; 0 when the place is not known.
        java_class: the simple name of the exception that Apache Velocity 1.7 ends in.
    """

    java_class = "VelocityException"

    def __init__(
        self, message: str, *, template: str = "template", line: int = 0, column: int = 0, java_class: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.template = template
        self.line = line
        self.column = column
        if java_class is not None:
            self.java_class = java_class

    def __str__(self) -> str:
        place = f"{self.template}, line {self.line}, column {self.column}" if self.line else self.template
        return f"{place}: {self.message}"


class ParseError(VelocityError):
    """A template that is not Velocity; found when the template is made, or by `#evaluate`."""

    java_class = "ParseErrorException"


class RenderError(VelocityError):
    """A template that fails while it renders, or exceeds a limit."""


class JavaError(Exception):
    """What a Java method throws; becomes a `RenderError` that knows the place of the call.

    Args:
        java_class: the simple name of Java's exception.
        message: its message.
    """

    def __init__(self, java_class: str, message: str = "") -> None:
        super().__init__(f"{java_class}: {message}" if message else java_class)
        self.java_class = java_class
        self.message = message


class LimitError(JavaError):
    """A limit of this engine was exceeded: Java would have gone on, or run out of memory or stack."""

    def __init__(self, message: str) -> None:
        super().__init__("VelocityException", message)
