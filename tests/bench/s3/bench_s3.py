#!/usr/bin/env python3
"""Buckets through Python's stock client: 1 KB objects, beside npm's s3rver in the same run, and the memory that 200 MB take.

    bench_s3.py COLDFRAME [FOLDER-WITH-s3rver]

The two servers take turns with each call, so that both see the same machine. Needs boto3.
"""
import hashlib
import io
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

import boto3
import botocore.config

CALLS = 300
MEGABYTE = 1 << 20


def client(url):
    return boto3.client("s3", endpoint_url=url, region_name="us-east-1", aws_access_key_id="S3RVER", aws_secret_access_key="S3RVER",
                        config=botocore.config.Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}))


class Server:
    """A program that says on its standard output or error where it listens."""

    def __init__(self, command, **more):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
        for line in self.process.stdout:
            match = re.search(r"S3 buckets on (http://127\.0\.0\.1:\d+)|listening on .*?:(\d+)", line)
            if match:
                self.s3 = client(match.group(1) or "http://127.0.0.1:%s" % match.group(2))
                return
        raise RuntimeError("%s ended without a port" % command[0])

    def memory_kb(self, name):
        with open("/proc/%d/status" % self.process.pid, encoding="ascii") as file:
            return int(re.search(name + r":\s+(\d+)", file.read()).group(1))

    def cpu_ms(self):
        with open("/proc/%d/stat" % self.process.pid, encoding="ascii") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.stdout.close()
        self.process.wait()


def coldframe(program, folder):
    with open(os.path.join(folder, "coldframe.json"), "w", encoding="utf-8") as file:
        json.dump({"format": 1, "name": "bench", "stores": {"bench": {"kind": "folder", "path": "data"}}}, file)
    return Server([program, "run", folder, "--serve-s3", "0", "--no-record"])


def s3rver(packages, folder):
    script = ("const S3rver = require(process.argv[1] + '/node_modules/s3rver');"
              "new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory: process.argv[2], configureBuckets: [{ name: 'bench' }] })"
              ".run().then((at) => console.log('listening on 127.0.0.1:' + at.port));")
    return Server(["node", "-e", script, packages, folder])


def small_objects(servers):
    body = hashlib.sha256(b"1 KB").digest() * 32
    times = {name: {"put": [], "get": []} for name in servers}
    cpu = {name: server.cpu_ms() for name, server in servers.items()}
    for call in range(-30, CALLS):  # the first ones warm everything up
        for name, server in servers.items():
            for what, work in (("put", lambda s3: s3.put_object(Bucket="bench", Key="small/%d" % (call % 100), Body=body)),
                               ("get", lambda s3: s3.get_object(Bucket="bench", Key="small/%d" % (call % 100))["Body"].read())):
                began = time.perf_counter()
                work(server.s3)
                if call >= 0:
                    times[name][what].append((time.perf_counter() - began) * 1000)
    print("%-12s %9s %9s %9s %9s   ms a call, %d of each, 1 KB; CPU of the server in ms" % ("", "put p50", "put p99", "get p50", "get p99", CALLS)
          + "")
    for name, server in servers.items():
        row = []
        for what in ("put", "get"):
            ordered = sorted(times[name][what])
            row += [statistics.median(ordered), ordered[len(ordered) * 99 // 100]]
        spent = (server.cpu_ms() - cpu[name]) / (2 * (CALLS + 30))
        print("%-12s %9.2f %9.2f %9.2f %9.2f   CPU %.2f" % (name, *row, spent))
    if len(servers) == 2:
        ratios = [statistics.median(times["coldframe"][what]) / statistics.median(times["s3rver"][what]) for what in ("put", "get")]
        print("against s3rver: put %.2f x, get %.2f x" % tuple(ratios))


def large_object(server, folder):
    path = os.path.join(folder, "source.bin")
    with open(path, "wb") as file:
        for _ in range(200):
            file.write(os.urandom(MEGABYTE))
    before = server.memory_kb("VmRSS")
    began = time.perf_counter()
    with open(path, "rb") as file:
        server.s3.put_object(Bucket="bench", Key="large.bin", Body=file)
    up = time.perf_counter() - began
    began = time.perf_counter()
    size = sum(len(piece) for piece in server.s3.get_object(Bucket="bench", Key="large.bin")["Body"].iter_chunks(MEGABYTE))
    down = time.perf_counter() - began
    assert size == 200 * MEGABYTE
    print("200 MB: put %.1f s, get %.1f s; memory of the server at most %.1f MB above %.1f MB"
          % (up, down, (server.memory_kb("VmHWM") - before) / 1024, before / 1024))


def list_bytes(server):
    """All pages as bytes: what the server takes, without the client's reading of XML."""
    address, token, keys = server.s3.meta.endpoint_url + "/bench?list-type=2&prefix=many/", "", 0
    while token is not None:
        with urllib.request.urlopen(address + token) as answer:
            page = answer.read().decode()
        keys += page.count("<Key>")
        found = re.search("<NextContinuationToken>(.*?)<", page)
        token = "&continuation-token=" + urllib.parse.quote(found[1]) if found else None
    return keys


def lists(server, folder):
    os.makedirs(os.path.join(folder, "data", "many"))
    for number in range(10_000):
        with open(os.path.join(folder, "data", "many", "%05d.json" % number), "w", encoding="utf-8") as file:
            file.write('{"number": %d}' % number)
    for name in ("first", "second"):
        began = time.perf_counter()
        pages = server.s3.get_paginator("list_objects_v2").paginate(Bucket="bench", Prefix="many/")
        assert sum(len(page["Contents"]) for page in pages) == 10_000
        print("10,000 objects listed, %s time: %.2f s" % (name, time.perf_counter() - began))
    began = time.perf_counter()
    assert list_bytes(server) == 10_000
    print("of which the server takes %.2f s" % (time.perf_counter() - began))


def main():
    with tempfile.TemporaryDirectory(prefix="coldframe-bench-") as folder:
        servers = {"coldframe": coldframe(sys.argv[1], folder)}
        try:
            if len(sys.argv) > 2:
                servers["s3rver"] = s3rver(sys.argv[2], os.path.join(folder, "s3rver"))
            print("boto3 %s" % boto3.__version__)
            small_objects(servers)
            large_object(servers["coldframe"], folder)
            lists(servers["coldframe"], folder)
        finally:
            for server in servers.values():
                server.stop()


if __name__ == "__main__":
    main()
