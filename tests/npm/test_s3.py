"""Buckets through the stock AWS SDK for JavaScript, newest version, from outside and from a function."""
import hashlib
import json
import os
import subprocess
import unittest

import npm_project

from coldframe_program import ProgramTest, read_json, write

HANDLER = '''
const { S3Client, GetObjectCommand, PutObjectCommand } = require('@aws-sdk/client-s3');
const client = new S3Client({});
exports.handler = async (event) => {
  const { bucket, object } = event.Records[0].s3;
  const Key = decodeURIComponent(object.key.replace(/\\+/g, ' '));
  const got = await client.send(new GetObjectCommand({ Bucket: bucket.name, Key }));
  const Body = (await got.Body.transformToString()).toUpperCase();
  await client.send(new PutObjectCommand({ Bucket: 'out', Key, Body }));
  return { bytes: Body.length };
};
'''
CRC = {"CRC32C": "4waSgw==", "SHA1": "98O8HYCOBHMq32eZZczDTKeuNEE=", "CRC64NVME": "rosUhgp5mIg=",
       "SHA256": "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="}


def setUpModule():
    global PACKAGES
    PACKAGES = npm_project.install("@aws-sdk/client-s3")


class Buckets(ProgramTest):
    def setUp(self):
        super().setUp()
        self.at = self.workspace({}, "", ("in", "out"))
        document = read_json(os.path.join(self.at, "coldframe.json"))
        document["functions"] = {"copies": {"runtime": "node", "code": "node", "handler": "index.handler", "timeoutMs": 20000,
                                            "memoryMb": 512}}
        write(os.path.join(self.at, "coldframe.json"), json.dumps(document))
        write(os.path.join(self.at, "node", "index.js"), HANDLER)
        os.symlink(os.path.join(PACKAGES, "node_modules"), os.path.join(self.at, "node", "node_modules"))

    def test_from_outside(self):
        run = self.run_workspace(self.at, "--serve-s3", "0")
        url = run.wait_for_line(r"S3 buckets on (http://127\.0\.0\.1:\d+)\n").group(1)
        big = os.path.join(self.folder, "big")
        data = os.urandom(20 << 20)
        write(big, data)
        env = dict(os.environ, AWS_ENDPOINT_URL_S3=url, AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="x")
        done = subprocess.run(["node", os.path.join(npm_project.HERE, "s3_calls.mjs"), PACKAGES, big], capture_output=True, text=True,
                              env=env, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        told = json.loads(done.stdout)
        etag = '"%s"' % hashlib.md5(b"hello").hexdigest()
        self.assertEqual(told["put"], {"etag": etag, "crc32": "NhCmhg=="})
        self.assertEqual(told["get"], {"body": "hello", "type": "text/plain", "metadata": {"who": "me"}})
        self.assertEqual(told["range"], {"body": "ell", "range": "bytes 1-3/5"})
        self.assertEqual(told["stream"], {"crc32": True})
        self.assertEqual(told["streamBack"], hashlib.sha256(data).hexdigest())
        for kind, value in CRC.items():
            self.assertEqual(told[kind], {"sum": value})
        self.assertEqual(told["parts"], {"same": True, "parts": '-2"', "length": (5 << 20) + 3})
        self.assertEqual(told["copy"], {"etag": etag})
        self.assertEqual(told["list"], ["a/ü b+c.txt", "big.bin", "copy", "parts.bin", *sorted("sum-" + kind for kind in CRC)])
        self.assertEqual(told["delete"], ["copy", "parts.bin"])
        self.assertEqual((told["missing"]["error"], told["missing"]["status"]), ("NoSuchKey", 404))
        self.assertEqual((told["noBucket"]["error"], told["noBucket"]["status"]), ("NoSuchBucket", 404))
        self.assertEqual(sorted(os.listdir(os.path.join(self.at, "data", "out"))), ["a", *sorted("sum-" + kind for kind in CRC)])

    def test_from_a_function(self):
        write(os.path.join(self.at, "data", "in", "report 01.csv"), "a,b")
        event = {"Records": [{"s3": {"bucket": {"name": "in"}, "object": {"key": "report+01.csv"}}}]}
        done = self.coldframe("invoke", self.at, "copies", "--json", "--event", "-", stdin=json.dumps(event))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        told = json.loads(done.stdout)
        self.assertEqual(told["result"], {"bytes": 3})
        self.assertEqual(told["outputs"], [{"store": "out", "key": "report 01.csv", "bytes": 3}])
        self.assertNotIn("coldframe:", told["log"])


class Brought(ProgramTest):
    def test_a_handler_of_the_tutorials_shape_is_green_at_once(self):
        folder = os.path.join(self.folder, "resize")
        write(os.path.join(folder, "index.js"), HANDLER.replace("'out'", "bucket.name + '-resized'"))
        os.symlink(os.path.join(PACKAGES, "node_modules"), os.path.join(folder, "node_modules"))
        done = self.coldframe("init", folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        done = self.coldframe("test", folder)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
