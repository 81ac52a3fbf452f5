"""A function for each way in which its code can be given."""

import pulumi
import pulumi_aws as aws

CODES: dict[str, pulumi.Archive] = {
    "folder": pulumi.FileArchive("./code"),
    "zipped": pulumi.FileArchive("./code.zip"),
    "strings": pulumi.AssetArchive({"handler.py": pulumi.StringAsset("def handler(event, context):\n    return 1\n")}),
    "nested": pulumi.AssetArchive(
        {
            "handler.py": pulumi.FileAsset("./code/handler.py"),
            "library": pulumi.AssetArchive({"data.txt": pulumi.StringAsset("data")}),
            "copy": pulumi.FileArchive("./code"),
        }
    ),
}
for name, code in CODES.items():
    aws.lambda_.Function(name, code=code, handler="handler.handler", runtime="python3.12", role="arn:aws:iam::1:role/r")
