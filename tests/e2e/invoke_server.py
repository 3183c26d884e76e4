"""The real program serving the Invoke API, with functions to call."""
import json
import os
import shutil
import tempfile

import boto3
import botocore.config

from coldframe_program import PATIENCE, Run, write

WORKSPACE = {
    "format": 1,
    "name": "invoke-api",
    "functions": {
        "upper": {"runtime": "python", "code": "code", "handler": "app.upper"},
        "fails": {"runtime": "python", "code": "code", "handler": "app.fails"},
        "context": {"runtime": "python", "code": "code", "handler": "app.context"},
        "talks": {"runtime": "python", "code": "code", "handler": "app.talks"},
        "writes": {"runtime": "python", "code": "code", "handler": "app.writes"},
        "holds": {"runtime": "python", "code": "code", "handler": "app.holds",
                  "timeoutMs": 60000, "reservedConcurrency": 1},
        "off": {"runtime": "python", "code": "code", "handler": "app.upper",
                "reservedConcurrency": 0},
        "slow": {"runtime": "python", "code": "code", "handler": "app.holds", "timeoutMs": 500},
    },
    "stores": {},
    "triggers": {},
}

CODE = '''
import os, pathlib, time

def upper(event, context):
    return {key: value.upper() for key, value in event.items()}

def fails(event, context):
    raise ValueError("no such order: 17")

def context(event, context):
    return {"arn": context.invoked_function_arn, "id": context.aws_request_id,
            "custom": context.client_context and context.client_context.custom}

def talks(event, context):
    print("a" * 6000)
    print("the last word")
    return None

def writes(event, context):
    pathlib.Path(event["file"]).write_text(event["text"])

def holds(event, context):
    pathlib.Path(event["started"]).write_text(str(os.getpid()))
    while not os.path.exists(event["until"]):
        time.sleep(0.01)
    return "released"
'''


class Server:
    """`coldframe run --serve` on a workspace in a temporary folder, and a client of boto3."""

    def __init__(self, *options, workspace=WORKSPACE):
        self.folder = os.path.realpath(tempfile.mkdtemp(prefix="coldframe-e2e-"))
        write(self.path("code", "app.py"), CODE)
        write(self.path("coldframe.json"), json.dumps(workspace))
        self.run = Run(self.folder, "--serve", "0", *options,
                       env=dict(os.environ, XDG_CONFIG_HOME=self.path("config")))
        try:
            self.url = self.run.url
        except BaseException:
            self.stop()
            raise
        self.client = boto3.client(
            "lambda", endpoint_url=self.url, region_name="us-east-1",
            aws_access_key_id="local", aws_secret_access_key="local",
            config=botocore.config.Config(retries={"total_max_attempts": 1},
                                          read_timeout=PATIENCE, max_pool_connections=40))

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def stop(self):
        try:
            if self.run.process.poll() is None:
                self.run.stop()
        finally:
            self.run.discard()
            shutil.rmtree(self.folder, ignore_errors=True)
