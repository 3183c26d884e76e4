#!/usr/bin/python3
"""Stores as buckets: the stock SDK of Debian against the real program, from functions and from outside."""
import hashlib
import io
import json
import os
import unittest

import boto3
import botocore.config
import botocore.exceptions
from boto3.s3.transfer import TransferConfig

from coldframe_program import ProgramTest, objects, wait_for, write

MEGABYTE = 1 << 20

CODE = '''
import json, os
from urllib.parse import unquote_plus
import boto3

s3 = boto3.client("s3")

def copies(event, context):
    """As on AWS: an object in, an object out."""
    told = event["Records"][0]["s3"]
    bucket, key = told["bucket"]["name"], unquote_plus(told["object"]["key"])
    got = s3.get_object(Bucket=bucket, Key=key, IfMatch=told["object"]["eTag"])
    s3.put_object(Bucket="out", Key="copy of " + key, Body=got["Body"].read().upper(),
                  ContentType="text/plain", Metadata={"from": key.encode().hex()})
    return {"key": key}

def lists(event, context):
    return [item["Key"] for item in s3.list_objects_v2(Bucket="in").get("Contents", [])]

def calls(event, context):
    answer = boto3.client("lambda").invoke(FunctionName="lists", Payload=b"{}")
    return json.loads(answer["Payload"].read())
'''


def client(url, **more):
    return boto3.client("s3", endpoint_url=url, region_name="us-east-1", aws_access_key_id="x",
                        aws_secret_access_key="x", config=botocore.config.Config(retries={"max_attempts": 1}), **more)


def random_bytes(size):
    seed = hashlib.sha256(b"seed").digest()
    return (seed * (size // len(seed) + 1))[:size - 8] + b"the end."


class Buckets(ProgramTest):
    def start(self, **more):
        at = self.workspace({name: {"handler": "app." + name, "timeoutMs": 30000, "memoryMb": 512}
                             for name in ("copies", "lists", "calls")}, CODE, ("in", "out"),
                            {"on-in": {"kind": "file", "store": "in", "suffix": ".csv", "shape": "s3", "function": "copies"}},
                            **more)
        run = self.run_workspace(at, "--serve-s3", "0")
        url = run.wait_for_line(r"S3 buckets on (http://127\.0\.0\.1:\d+)\n").group(1)
        s3 = client(url)
        self.addCleanup(s3.close)
        return at, run, s3


class FromOutside(Buckets):
    def setUp(self):
        super().setUp()
        self.at, self.run_, self.s3 = self.start()

    def path(self, *names):
        return os.path.join(self.at, "data", *names)

    def test_objects(self):
        s3 = self.s3
        s3.put_object(Bucket="out", Key="a/ü b+c.txt", Body=b"hello", ContentType="text/plain", Metadata={"who": "me"},
                      CacheControl="no-store")
        with open(self.path("out", "a", "ü b+c.txt"), "rb") as file:
            self.assertEqual(file.read(), b"hello")
        got = s3.get_object(Bucket="out", Key="a/ü b+c.txt")
        self.assertEqual((got["Body"].read(), got["ContentType"], got["Metadata"], got["CacheControl"]),
                         (b"hello", "text/plain", {"who": "me"}, "no-store"))
        self.assertEqual(got["ETag"], '"%s"' % hashlib.md5(b"hello").hexdigest())
        part = s3.get_object(Bucket="out", Key="a/ü b+c.txt", Range="bytes=1-3")
        self.assertEqual((part["Body"].read(), part["ContentRange"]), (b"ell", "bytes 1-3/5"))
        head = s3.head_object(Bucket="out", Key="a/ü b+c.txt")
        self.assertEqual((head["ContentLength"], head["ETag"]), (5, got["ETag"]))
        copied = s3.copy_object(Bucket="out", Key="copy", CopySource={"Bucket": "out", "Key": "a/ü b+c.txt"})
        self.assertEqual(copied["CopyObjectResult"]["ETag"], got["ETag"])
        self.assertEqual(s3.get_object(Bucket="out", Key="copy")["Metadata"], {"who": "me"})
        s3.delete_object(Bucket="out", Key="copy")
        self.assertFalse(os.path.exists(self.path("out", "copy")))
        deleted = s3.delete_objects(Bucket="out", Delete={"Objects": [{"Key": "a/ü b+c.txt"}, {"Key": "none"}]})
        self.assertEqual([item["Key"] for item in deleted["Deleted"]], ["a/ü b+c.txt", "none"])
        self.assertNotIn("Contents", s3.list_objects_v2(Bucket="out"))

    def test_errors_are_the_sdk_s_exceptions(self):
        s3 = self.s3
        with self.assertRaises(s3.exceptions.NoSuchKey):
            s3.get_object(Bucket="out", Key="none")
        with self.assertRaises(s3.exceptions.NoSuchBucket):
            s3.list_objects_v2(Bucket="none")
        for call, code in (
                (lambda: s3.head_object(Bucket="out", Key="none"), "404"),
                (lambda: s3.put_object(Bucket="out", Key="a//b", Body=b""), "InvalidURI"),
                (lambda: s3.get_object_tagging(Bucket="out", Key="a"), "NotImplemented"),
                (lambda: s3.create_bucket(Bucket="new"), "NotImplemented")):
            with self.assertRaises(botocore.exceptions.ClientError) as caught:
                call()
            self.assertEqual(caught.exception.response["Error"]["Code"], code)

    def test_lists_in_pages(self):
        for number in range(23):
            write(self.path("out", "runs", "%02d" % (number % 3), "%d.json" % number), "{}")
        write(self.path("out", "ü b+c.txt"), "x")
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket="out", PaginationConfig={"PageSize": 5})
        keys = [item["Key"] for page in pages for item in page.get("Contents", [])]
        self.assertEqual(len(keys), 24)
        self.assertEqual(keys, sorted(keys, key=str.encode))
        self.assertEqual(keys[-1], "ü b+c.txt")
        folders = self.s3.list_objects_v2(Bucket="out", Prefix="runs/", Delimiter="/")
        self.assertEqual([item["Prefix"] for item in folders["CommonPrefixes"]], ["runs/00/", "runs/01/", "runs/02/"])
        older = self.s3.list_objects(Bucket="out", Prefix="runs/01/", Delimiter="/")
        self.assertEqual(len(older["Contents"]), 8)
        self.assertEqual([bucket["Name"] for bucket in self.s3.list_buckets()["Buckets"]], ["in", "out"])

    def test_large_files_in_parts(self):
        data = random_bytes(23 * MEGABYTE)
        config = TransferConfig(multipart_threshold=8 * MEGABYTE, multipart_chunksize=8 * MEGABYTE)
        self.s3.upload_fileobj(io.BytesIO(data), "out", "big.bin", Config=config)
        self.assertEqual(objects(self.path("out")), ["big.bin"])
        self.assertTrue(self.s3.head_object(Bucket="out", Key="big.bin")["ETag"].endswith('-3"'))
        back = io.BytesIO()
        self.s3.download_fileobj("out", "big.bin", back, Config=config)
        self.assertEqual(hashlib.sha256(back.getvalue()).digest(), hashlib.sha256(data).digest())

    def test_memory_stays_small(self):
        big = self.path("out", "big.bin")
        with open(big, "wb") as file:
            for _ in range(200):
                file.write(random_bytes(MEGABYTE))
        before = peak_kb(self.run_.process.pid)
        body = self.s3.get_object(Bucket="out", Key="big.bin")["Body"]
        size = sum(len(piece) for piece in body.iter_chunks(MEGABYTE))
        self.assertEqual(size, 200 * MEGABYTE)
        with open(big, "rb") as file:
            self.s3.put_object(Bucket="out", Key="again.bin", Body=file)
        self.assertEqual(os.path.getsize(self.path("out", "again.bin")), 200 * MEGABYTE)
        self.assertLess(peak_kb(self.run_.process.pid) - before, 20 * 1024)

    def test_an_upload_that_breaks_off_leaves_nothing(self):
        class Breaks(io.BytesIO):
            def read(self, size=-1):
                piece = super().read(size)
                if self.tell() > 3 * MEGABYTE:
                    raise OSError("the source is gone")
                return piece

        self.s3.put_object(Bucket="out", Key="big.bin", Body=b"old")
        with self.assertRaises(Exception):
            self.s3.put_object(Bucket="out", Key="big.bin", Body=Breaks(random_bytes(9 * MEGABYTE)), ContentLength=9 * MEGABYTE,
                               ContentMD5="1B2M2Y8AsgTpgAmY7PhCfg==")
        wait_for(lambda: os.listdir(self.path("out")) == ["big.bin"], "the hidden file is gone")
        self.assertEqual(self.s3.get_object(Bucket="out", Key="big.bin")["Body"].read(), b"old")


def peak_kb(pid):
    with open("/proc/%d/status" % pid) as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM:"))


class FromFunctions(Buckets):
    def test_an_unmodified_handler_is_triggered_reads_and_writes(self):
        at, run, s3 = self.start()
        self.wait_until_watching(run, at, ["in"])
        s3.put_object(Bucket="in", Key="report 01+ü.csv", Body=b"a,b")  # the key comes as report+01%2B%C3%BC.csv
        out = os.path.join(at, "data", "out", "copy of report 01+ü.csv")
        wait_for(lambda: os.path.exists(out), "the handler wrote its object")
        with open(out, "rb") as file:
            self.assertEqual(file.read(), b"A,B")
        head = s3.head_object(Bucket="out", Key="copy of report 01+ü.csv")
        self.assertEqual((head["ContentType"], bytes.fromhex(head["Metadata"]["from"]).decode()),
                         ("text/plain", "report 01+ü.csv"))
        code, summary = run.stop()
        self.assertEqual((code, summary["succeeded"], summary["failed"]), (0, 1, 0), run.said)

    def invoke(self, at, function, event="{}", env=None):
        done = self.coldframe("invoke", at, function, "--json", "--event", "-", stdin=event, env=env)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def test_outputs_and_times_are_told(self):
        at, run, _ = self.start()
        run.stop()
        write(os.path.join(at, "data", "in", "a.csv"), "a,b")
        event = {"Records": [{"s3": {"bucket": {"name": "in"}, "object": {"key": "a.csv", "eTag": hashlib.md5(b"a,b").hexdigest()}}}]}
        told = self.invoke(at, "copies", json.dumps(event))
        self.assertEqual(told["outputs"], [{"store": "out", "key": "copy of a.csv", "bytes": 3}])
        self.assertGreater(told["retrievalMs"], 0)
        self.assertGreater(told["storingMs"], 0)
        self.assertLess(told["retrievalMs"] + told["storingMs"], told["deskMs"])

    def test_functions_call_each_other(self):
        at, run, _ = self.start()
        run.stop()
        write(os.path.join(at, "data", "in", "a"), "x")
        self.assertEqual(self.invoke(at, "calls")["result"], ["a"])


if __name__ == "__main__":
    unittest.main()
