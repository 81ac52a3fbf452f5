"""Answers what it was started with; `/exit` ends it, `/sleep` starts a process that outlives its parent."""

import json
import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/exit":
            os._exit(3)
        child = subprocess.Popen(["sleep", "600"]).pid if self.path == "/sleep" else 0
        self.send_response(503 if self.path == "/unhealthy" else 200)
        self.end_headers()
        answer = {
            "arguments": sys.argv[1:],
            "environment": dict(os.environ),
            "folder": str(Path.cwd()),
            "pid": os.getpid(),
            "child": child,
        }
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *arguments: object) -> None:
        pass


if __name__ == "__main__":
    print("listening", flush=True)
    HTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Handler).serve_forever()
