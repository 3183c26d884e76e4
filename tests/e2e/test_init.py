#!/usr/bin/python3
"""init: code as it stands in tutorials goes from a folder to a test that passes, with the stock SDK."""
import json
import os
import shutil
import subprocess
import unittest

from coldframe_program import ROOT, ProgramTest, objects, read_json, write

# The shape of "Using an S3 trigger to invoke a function", writing what it read to a second bucket.
S3_TO_S3 = '''
import json
import os
import urllib.parse
import boto3

print('Loading function')

s3 = boto3.client('s3')


def lambda_handler(event, context):
    # Get the object from the event and show its content type
    bucket = event['Records'][0]['s3']['bucket']['name']
    key = urllib.parse.unquote_plus(event['Records'][0]['s3']['object']['key'], encoding='utf-8')
    try:
        response = s3.get_object(Bucket=bucket, Key=key)
        s3.put_object(Bucket=%s, Key='copy-of-' + key, Body=response['Body'].read().upper())
        return response['ContentType']
    except Exception as e:
        print(e)
        raise e
'''

NODE = '''
import { S3Client, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
const s3 = new S3Client({});
export const handler = async (event) => {
  const srcBucket = event.Records[0].s3.bucket.name;
  const srcKey = decodeURIComponent(event.Records[0].s3.object.key.replace(/\\+/g, " "));
  const r = await s3.send(new GetObjectCommand({ Bucket: srcBucket, Key: srcKey }));
  await s3.send(new PutObjectCommand({ Bucket: srcBucket + "-resized", Key: srcKey, Body: await r.Body.transformToString() }));
};
'''


class Tutorials(ProgramTest):
    def at(self, **files):
        folder = os.path.join(self.folder, "my pipeline")
        for name, text in files.items():
            write(os.path.join(folder, name.replace("__", ".")), text)
        return folder

    def brought(self, folder):
        done = self.coldframe("init", folder)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        checked = self.coldframe("validate", folder)
        self.assertEqual((checked.returncode, checked.stderr), (0, "0 errors, 0 warnings\n"), checked.stdout)
        return done.stdout

    def debian(self):
        """Debian's python3, which has boto3, before any other."""
        return {**os.environ, "PATH": "/usr/bin:" + os.environ["PATH"]}

    def follow(self, said):
        """Does what the last line advises, as a shell reads it."""
        advice = said.splitlines()[-1]
        self.assertTrue(advice.startswith("next: coldframe test "), advice)
        programs = os.path.dirname(os.environ["COLDFRAME_BIN"])
        return subprocess.run(["sh", "-c", advice[len("next: "):]], capture_output=True, text=True, timeout=120,
                              env={**self.debian(), "PATH": programs + ":/usr/bin:" + os.environ["PATH"]})

    def test_s3_to_s3_is_green_at_once(self):
        for target, store in (("bucket + '-resized'", "in-resized"), ("f'{bucket}-small'", "in-small"),
                              ("'my-output'", "my-output"), ("os.environ['DEST_BUCKET']", "out")):
            with self.subTest(target):
                folder = self.at(lambda_function__py=S3_TO_S3 % target)
                self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
                said = self.brought(folder)
                done = self.follow(said)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                self.assertIn("1 test: 1 passed", done.stdout)
                self.assertEqual(read_json(os.path.join(folder, "events", "sample.expect.json"))["outputs"],
                                 [{"store": store, "keyMatches": "."}])
                self.assertFalse(os.path.exists(os.path.join(folder, "data", store)), "tests have stores of their own")
                name = list(read_json(os.path.join(folder, "coldframe.json"))["functions"])[0]
                done = self.coldframe("invoke", folder, name, "-e", os.path.join(folder, "events", "sample.json"),
                                      env=self.debian())
                self.assertEqual((done.returncode, done.stdout), (0, '"text/plain"\n'), done.stderr)
                with open(os.path.join(folder, "data", store, "copy-of-sample.txt"), encoding="utf-8") as made:
                    self.assertEqual(made.read(), "HELLO FROM COLDFRAME\n")
                shutil.rmtree(folder)

    def test_a_test_that_writes_nothing_fails(self):
        folder = self.at(lambda_function__py=(S3_TO_S3 % "bucket + '-resized'").replace(
            "        s3.put_object", "        if False: s3.put_object"))
        done = self.follow(self.brought(folder))
        self.assertEqual(done.returncode, 1)
        self.assertIn('/outputs/0: an object that matches "." was not written into the store "in-resized"; nothing was written there', done.stdout)

    def test_a_file_dropped_into_the_store_is_an_event(self):
        folder = self.at(lambda_function__py=S3_TO_S3 % "os.environ['OUTPUT_BUCKET']")
        self.brought(folder)
        run = self.run_workspace(folder, "--backfill", "on-upload", "--until-idle", env=self.debian())
        code, summary = run.wait()
        self.assertEqual((code, summary["events"]), (0, 1), run.said)
        self.assertEqual(objects(os.path.join(folder, "data", "out")), ["copy-of-sample.txt"])

    def test_without_the_sdk_it_says_how_to_get_it(self):
        folder = self.at(lambda_function__py=S3_TO_S3 % "bucket + '-resized'", index__mjs=NODE)
        self.brought(folder)
        bare = os.path.join(folder, ".venv")
        subprocess.run(["/usr/bin/python3", "-m", "venv", "--without-pip", bare], check=True)
        done = self.coldframe("test", folder)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"module 'boto3' is not installed for .*; install it with: .* -m pip install boto3")
        self.assertRegex(done.stdout, r"module '@aws-sdk/client-s3' is not installed for .*; install it with: cd "
                                      r"'.*my pipeline' && npm install @aws-sdk/client-s3")

    def test_json_tells_all_of_it(self):
        folder = self.at(lambda_function__py=S3_TO_S3 % "os.environ['DEST_BUCKET']")
        told = json.loads(self.coldframe("init", folder, "--json").stdout)
        self.assertEqual(list(told), ["functions", "stores", "written", "notes"])
        self.assertEqual(told["functions"][0]["environment"], {"DEST_BUCKET": "out"})
        self.assertEqual([store["path"] for store in told["stores"]], ["data/in", "data/out"])
        self.assertEqual([os.path.relpath(file, folder) for file in told["written"]],
                         ["coldframe.json", "data/in/sample.txt", "events/sample.json", "events/sample.expect.json"])


class Shapes(ProgramTest):
    def test_handlers_of_other_events_are_green_at_once(self):
        rows = {
            "sqs": "return [json.loads(r['body'])['total'] for r in event['Records']]",
            "sns": "return event['Records'][0]['Sns']['Message']",
            "stream": "return [r['dynamodb']['NewImage'] for r in event['Records']]",
            "kinesis": "return [base64.b64decode(r['kinesis']['data']).decode() for r in event['Records']]",
            "rest": "return {'statusCode': 200, 'body': event['httpMethod'] + event['path']}",
            "url": "return {'statusCode': 200, 'body': event['requestContext']['http']['method']}",
            "bus": "return [event['detail-type'], event['detail']]",
        }
        for name, work in rows.items():
            with self.subTest(name):
                folder = os.path.join(self.folder, name)
                write(os.path.join(folder, "app.py"),
                      "import base64, json\ndef handler(event, context):\n    %s\n" % work)
                self.assertEqual(self.coldframe("init", folder).returncode, 0)
                done = self.coldframe("test", folder)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def green(self, name, files):
        """Brings a folder of these files and tests it; what init told, as JSON."""
        folder = os.path.join(self.folder, name)
        for file, text in files.items():
            write(os.path.join(folder, file), text)
        done = self.coldframe("init", folder, "--json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        checked = self.coldframe("validate", folder)
        self.assertEqual((checked.returncode, checked.stderr), (0, "0 errors, 0 warnings\n"), checked.stdout)
        tested = self.coldframe("test", folder)
        self.assertEqual(tested.returncode, 0, tested.stdout + tested.stderr)
        return json.loads(done.stdout)

    def test_node_helpers_are_no_functions(self):
        told = self.green("tutorial", {
            "index.mjs": "import { save } from './lib/db.mjs';\nclass Client { static from(c) { return c; } }\n"
                         "export const client = new Client({});\nexport const docClient = Client.from(client);\n"
                         "export const handler = async (event) => save(event.message);\n",
            "lib/db.mjs": "export const save = async (item) => item;\nexport const TABLE = process.env.TABLE;\n",
            "lib/util.js": "const slug = (t) => t, trim = slug;\nmodule.exports = { slug, trim };\n"})
        self.assertEqual([function["handler"] for function in told["functions"]], ["index.handler"])

    def test_packages_begin_where_their_imports_resolve(self):
        handler = "\ndef handler(event, context):\n    return save(event)\n"
        told = self.green("package", {
            "handlers/create.py": "from lib.store import save" + handler,
            "handlers/list.py": "from lib.store import save" + handler,
            "lib/store.py": "def save(item):\n    return item\n",
            "src/orders/change.py": "from .model import save" + handler,
            "src/orders/model.py": "def save(item):\n    return item\n"})
        self.assertEqual([(function["name"], function["code"], function["handler"]) for function in told["functions"]],
                         [("create", ".", "handlers/create.handler"), ("list", ".", "handlers/list.handler"),
                          ("orders", "src", "orders/change.handler")])

    def test_node_finds_modules_beside_its_own_folder(self):
        told = self.green("required", {
            "handlers/create.js": "const { save } = require('../lib/db');\nexports.handler = async (event) => save(event);\n",
            "lib/db.js": "exports.save = (item) => item;\n"})
        self.assertEqual([function["code"] for function in told["functions"]], ["handlers"])

    def test_scheduled_handlers_are_green_at_once(self):
        canary = "import os\ndef lambda_handler(event, context):\n    print('Checking at {}'.format(event['time']))\n    return event['time']\n"
        typed = "def handler(event, context):\n    if event.get('source') != 'aws.events':\n        raise ValueError(event)\n"
        node = "exports.handler = async (event) => {\n  if (event['detail-type'] !== 'Scheduled Event') throw new Error('who?');\n};\n"
        for name, file, text in (("canary", "lambda_function.py", canary), ("typed", "app.py", typed), ("node", "index.js", node)):
            with self.subTest(name):
                told = self.green(name, {file: text})
                self.assertEqual(told["functions"][0]["event"], "scheduled")
                trigger = read_json(os.path.join(self.folder, name, "coldframe.json"))["triggers"]["daily-" + name]
                self.assertEqual((trigger["kind"], trigger["enabled"]), ("schedule", False))

    def test_samples_hold_what_handlers_look_up(self):
        rows = {
            "plain": "return event['first_name'].upper() + str(event['quantity'] * 2)",
            "body": "order = json.loads(event['body'])\n    return {'statusCode': 200, 'body': order['name'] * order['quantity']}",
            "path": "return {'statusCode': 200, 'body': str(int(event['pathParameters']['order_id']) + int(event['queryStringParameters']['page']))}",
            "bus": "return event['detail']['order_id'].lower()",
            "queue": "return [json.loads(r['body'])['email'].lower() for r in event['Records']]",
            "stream": "return [int(r['dynamodb']['NewImage']['Id']['N']) for r in event['Records']]",
        }
        for name, work in rows.items():
            with self.subTest(name):
                told = self.green(name, {"app.py": "import json\ndef handler(event, context):\n    %s\n" % work})
                self.assertNotIn("made up", "".join(told["notes"]))

    def test_an_own_sample_leads_to_write_missing(self):
        folder = os.path.join(self.folder, "own")
        write(os.path.join(folder, "app.py"), "def handler(event, context):\n    return event\n")
        write(os.path.join(folder, "events", "sample.json"), "{}")
        said = self.coldframe("init", folder).stdout
        self.assertEqual(said.splitlines()[-1], "next: coldframe test %s --write-missing" % folder)
        done = self.coldframe("test", folder, "--write-missing")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.coldframe("test", folder).returncode, 0)


if __name__ == "__main__":
    unittest.main()
