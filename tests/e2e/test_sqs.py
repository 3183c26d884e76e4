#!/usr/bin/python3
"""Queues under the protocols of Amazon SQS: plain requests and the stock SDK of Debian against the real program."""
import hashlib
import json
import os
import sqlite3
import threading
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request
from xml.etree import ElementTree

from coldframe_program import ProgramTest, objects, queued, read_json, wait_for, write

try:
    import boto3
    import botocore.config
except ImportError:
    boto3 = None

CODE = '''
import json, os, urllib.request

def ask(action, queue, **parameters):
    request = urllib.request.Request(os.environ["AWS_ENDPOINT_URL_SQS"], json.dumps(
        {"QueueUrl": "/000000000000/" + queue, **parameters}).encode(), {
        "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AmazonSQS." + action,
        "Authorization": "AWS4-HMAC-SHA256 Credential=%s/x" % os.environ["AWS_ACCESS_KEY_ID"]})
    return json.load(urllib.request.urlopen(request))

def send(queue, body):
    return ask("SendMessage", queue, MessageBody=body)

def splits(event, context):
    return [send("jobs", json.dumps({"n": n}))["MessageId"] for n in range(event["parts"])]

def sdk(event, context):
    import boto3
    sqs = boto3.client("sqs")
    return sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName="jobs")["QueueUrl"], MessageBody='{"n": 7}')["MessageId"]

def works(event, context):
    return {"n": [json.loads(record["body"])["n"] for record in event["Records"]]}

def deletes(event, context):
    ask("DeleteMessage", "own", ReceiptHandle=event["Records"][0]["receiptHandle"])
    raise ValueError("it has deleted its message by itself")

def again(event, context):
    depth = json.loads(event["Records"][0]["body"])
    with open(os.path.join(os.environ["COLDFRAME_STORE_OUT"], "%02d" % depth), "x"):
        pass
    send("loop", json.dumps(depth + 1))
'''


class Sqs:
    """The JSON protocol without an SDK."""

    def __init__(self, url):
        self.url = url

    def ask(self, action, queue="parts", **parameters):
        body = json.dumps({"QueueUrl": "%s/000000000000/%s" % (self.url, queue), **parameters}).encode()
        request = urllib.request.Request(self.url, body, {"Content-Type": "application/x-amz-json-1.0",
                                                          "X-Amz-Target": "AmazonSQS." + action})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def refused(self, action, **parameters):
        try:
            self.ask(action, **parameters)
        except urllib.error.HTTPError as error:
            with error:
                return error.headers["x-amzn-query-error"], json.load(error)["message"]
        raise AssertionError("%s went well" % action)

    def form(self, action, queue="parts", **parameters):
        """The Query protocol."""
        data = urllib.parse.urlencode({"Action": action, "Version": "2012-11-05", **parameters}).encode()
        with urllib.request.urlopen("%s/000000000000/%s" % (self.url, queue), data, timeout=60) as answer:
            return ElementTree.parse(answer).getroot()

    def receive(self, queue="parts", **parameters):
        return self.ask("ReceiveMessage", queue, **parameters).get("Messages", [])

    def counts(self, queue="parts"):
        names = ["ApproximateNumberOfMessages" + part for part in ("", "NotVisible", "Delayed")]
        got = self.ask("GetQueueAttributes", queue, AttributeNames=names)["Attributes"]
        return tuple(int(got[name]) for name in names)


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


class SqsTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.at = self.workspace(
            {name: {"handler": "app." + name, "timeoutMs": 20000, "memoryMb": 512, **more}
             for name, more in (("splits", {}), ("sdk", {}), ("works", {"onSuccess": {"store": "out"}}), ("again", {}),
                                ("deletes", {}))},
            CODE, ["out"],
            {"on-jobs": {"kind": "queue", "store": "jobs", "function": "works"},
             "on-own": {"kind": "queue", "store": "own", "function": "deletes"},
             "on-loop": {"kind": "queue", "store": "loop", "function": "again", "batchSize": 1}},
            queues={"parts": {"maxReceives": 2, "deadLetters": "dead"}, "dead": {}, "jobs": {}, "loop": {}, "own": {},
                    "ordered": {"fifo": True, "contentBasedDeduplication": True}})
        self.start()

    def start(self):
        self.run_ = self.run_workspace(self.at, "--serve-sqs", "0", "--serve", "0", "--no-record")
        self.sqs = Sqs(self.run_.wait_for_line(r"SQS queues on (http://127\.0\.0\.1:\d+)\n").group(1))

    def out(self):
        return sorted(objects(os.path.join(self.at, "data", "out")))


class FromOutside(SqsTest):
    def test_messages_come_and_go(self):
        sqs, body = self.sqs, "grüße <€>\r\n😀"
        attributes = {"n": {"DataType": "Number", "StringValue": "1"}, "b": {"DataType": "Binary", "BinaryValue": "AAH/"}}
        sent = sqs.ask("SendMessage", MessageBody=body, MessageAttributes=attributes)
        self.assertEqual(sent["MD5OfMessageBody"], md5(body))
        self.assertEqual(sqs.counts(), (1, 0, 0))
        got, = sqs.receive(MaxNumberOfMessages=10, MessageAttributeNames=["All"], AttributeNames=["All"])
        self.assertEqual((got["Body"], got["MD5OfBody"], got["MessageId"], got["MessageAttributes"]),
                         (body, md5(body), sent["MessageId"], attributes))
        self.assertEqual(got["MD5OfMessageAttributes"], sent["MD5OfMessageAttributes"])
        self.assertEqual(got["Attributes"]["ApproximateReceiveCount"], "1")
        self.assertLess(abs(int(got["Attributes"]["SentTimestamp"]) / 1000 - time.time()), 60)
        self.assertEqual(sqs.counts(), (0, 1, 0))
        sqs.ask("DeleteMessage", ReceiptHandle=got["ReceiptHandle"])
        sqs.ask("DeleteMessage", ReceiptHandle=got["ReceiptHandle"])  # as on AWS, again is no error
        self.assertEqual(sqs.counts(), (0, 0, 0))
        wait_for(lambda: queued(os.path.join(self.at, ".coldframe")) == [], "it left the journal")

        # The older protocol, in a batch, and as far as the other protocol's caller sees it.
        answer = sqs.form("SendMessageBatch", **{"SendMessageBatchRequestEntry.1.Id": "a",
                                                 "SendMessageBatchRequestEntry.1.MessageBody": "x & y",
                                                 "SendMessageBatchRequestEntry.2.Id": "b",
                                                 "SendMessageBatchRequestEntry.2.MessageBody": "later",
                                                 "SendMessageBatchRequestEntry.2.DelaySeconds": "900"})
        space = "{http://queue.amazonaws.com/doc/2012-11-05/}"
        self.assertEqual([entry.findtext(space + "Id") for entry in answer.iter(space + "SendMessageBatchResultEntry")], ["a", "b"])
        self.assertEqual(sqs.counts(), (1, 0, 1))
        self.assertEqual(sqs.form("ReceiveMessage").find(".//%sBody" % space).text, "x & y")
        sqs.ask("PurgeQueue")
        self.assertEqual(sqs.counts(), (0, 0, 0))
        code, said = sqs.refused("SendMessage", queue="none", MessageBody="x")
        self.assertEqual(code, "AWS.SimpleQueueService.NonExistentQueue;Sender")
        self.assertIn("the workspace has dead, jobs, loop, ordered.fifo, own, parts", said)

    def test_visibility_and_late_receipts(self):
        sqs = self.sqs
        sqs.ask("SendMessage", MessageBody="x")
        first, = sqs.receive()
        self.assertEqual(sqs.receive(), [])
        sqs.ask("ChangeMessageVisibility", ReceiptHandle=first["ReceiptHandle"], VisibilityTimeout=0)
        second, = sqs.receive(VisibilityTimeout=1)
        sqs.ask("DeleteMessage", ReceiptHandle=first["ReceiptHandle"])  # of an earlier receive: nothing happens
        self.assertEqual(sqs.counts(), (0, 1, 0))
        self.assertEqual(sqs.refused("ChangeMessageVisibility", ReceiptHandle="x", VisibilityTimeout=0)[0],
                         "ReceiptHandleIsInvalid;Sender")
        self.assertEqual(sqs.refused("ChangeMessageVisibility", queue="dead", ReceiptHandle=second["ReceiptHandle"],
                                     VisibilityTimeout=0)[0], "ReceiptHandleIsInvalid;Sender")
        wait_for(lambda: sqs.counts() == (1, 0, 0), "its timeout is over")
        self.assertEqual(sqs.refused("ChangeMessageVisibility", ReceiptHandle=second["ReceiptHandle"], VisibilityTimeout=9)[0],
                         "AWS.SimpleQueueService.MessageNotInflight;Sender")

    def test_after_too_many_receives_it_is_a_dead_letter(self):
        sqs = self.sqs
        sent = sqs.ask("SendMessage", MessageBody="poison")
        for _ in range(2):
            got, = sqs.receive()
            sqs.ask("ChangeMessageVisibility", ReceiptHandle=got["ReceiptHandle"], VisibilityTimeout=0)
        self.assertEqual(sqs.receive(), [])
        self.assertEqual((sqs.counts(), sqs.counts("dead")), ((0, 0, 0), (1, 0, 0)))
        sqs.ask("DeleteMessage", ReceiptHandle=got["ReceiptHandle"])  # it is no longer in this queue
        dead, = sqs.receive("dead", MessageSystemAttributeNames=["All"])
        self.assertEqual((dead["MessageId"], dead["Body"]), (sent["MessageId"], "poison"))
        self.assertEqual(dead["Attributes"]["DeadLetterQueueSourceArn"], "arn:aws:sqs:us-east-1:000000000000:parts")

    def test_long_polls_wake_up(self):
        sqs, got = self.sqs, []

        def poll(**parameters):
            thread = threading.Thread(target=lambda: got.extend(sqs.receive(WaitTimeSeconds=20, **parameters)))
            thread.start()
            return thread

        begun = time.monotonic()
        waiting = poll(VisibilityTimeout=1)
        time.sleep(0.2)  # that it waits cannot be seen from outside; were it late, it would find the message at once
        sqs.ask("SendMessage", MessageBody="x")
        waiting.join()
        poll().join()  # until it is visible again, by nobody's doing
        self.assertLess(time.monotonic() - begun, 10)
        self.assertEqual([message["Body"] for message in got], ["x", "x"])

    def test_fifo(self):
        sqs = self.sqs
        numbers = [sqs.ask("SendMessage", "ordered.fifo", MessageBody=body, MessageGroupId=group)["SequenceNumber"]
                   for body, group in (("a1", "a"), ("a2", "a"), ("b1", "b"), ("a1", "a"))]
        self.assertLess(numbers[0], numbers[1])
        self.assertEqual(numbers[3], numbers[0], "the same content counts once")
        got = sqs.receive("ordered", MaxNumberOfMessages=1, AttributeNames=["MessageGroupId", "SequenceNumber"])
        self.assertEqual((got[0]["Body"], got[0]["Attributes"]), ("a1", {"MessageGroupId": "a", "SequenceNumber": numbers[0]}))
        self.assertEqual([message["Body"] for message in sqs.receive("ordered.fifo", MaxNumberOfMessages=10)], ["b1"])
        sqs.ask("DeleteMessage", "ordered.fifo", ReceiptHandle=got[0]["ReceiptHandle"])
        self.assertEqual(sqs.receive("ordered.fifo")[0]["Body"], "a2")
        self.assertEqual(sqs.refused("SendMessage", queue="ordered.fifo", MessageBody="x")[0], "MissingParameter;Sender")

    def test_messages_and_receipts_outlive_the_program(self):
        self.sqs.ask("SendMessageBatch", Entries=[{"Id": str(n), "MessageBody": str(n)} for n in range(10)])
        got, = self.sqs.receive()
        self.run_.stop()
        self.start()
        self.sqs.ask("DeleteMessage", ReceiptHandle=got["ReceiptHandle"])
        self.assertEqual(sorted(message["Body"] for message in self.sqs.receive(MaxNumberOfMessages=10)),
                         sorted(set("0123456789") - {got["Body"]}))

    def test_a_message_that_was_refused_does_not_come_later(self):
        journal = sqlite3.connect(os.path.join(self.at, ".coldframe", "journal.db"), timeout=30, isolation_level=None)
        self.addCleanup(journal.close)
        journal.execute("BEGIN IMMEDIATE")  # nothing can be written until the queue is gone
        refused = []
        sending = threading.Thread(target=lambda: refused.append(self.sqs.refused("SendMessage", queue="dead", MessageBody="x")))
        sending.start()
        self.run_.wait_for_line("database is locked")
        file = os.path.join(self.at, "coldframe.json")
        settings = read_json(file)
        settings["stores"] = {name: {"kind": "queue"} if name == "parts" else store
                              for name, store in settings["stores"].items() if name != "dead"}
        write(file, json.dumps(settings))
        self.run_.wait_for_line("was read again")
        journal.execute("COMMIT")
        sending.join()
        self.assertIn("there is no queue \"dead\" any more", refused[0][1])
        self.run_.stop()
        self.assertEqual(queued(os.path.join(self.at, ".coldframe")), [])

    @unittest.skipUnless(boto3, "not run: Python's boto3 is not installed")
    def test_the_stock_sdk(self):
        sqs = boto3.client("sqs", endpoint_url=self.sqs.url, region_name="us-east-1", aws_access_key_id="x",
                           aws_secret_access_key="x", config=botocore.config.Config(retries={"max_attempts": 1}))
        self.addCleanup(sqs.close)
        url = sqs.get_queue_url(QueueName="parts")["QueueUrl"]
        self.assertIn(url, sqs.list_queues()["QueueUrls"])
        attributes = {"b": {"DataType": "Binary", "BinaryValue": bytes(range(256))}}
        sqs.send_message(QueueUrl=url, MessageBody="grüße\r\n😀", MessageAttributes=attributes)
        got, = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5, MessageAttributeNames=["All"])["Messages"]
        self.assertEqual((got["Body"], got["MessageAttributes"]), ("grüße\r\n😀", attributes))
        entry = {"Id": "a", "ReceiptHandle": got["ReceiptHandle"]}
        self.assertEqual(sqs.delete_message_batch(QueueUrl=url, Entries=[entry])["Successful"], [{"Id": "a"}])
        with self.assertRaises(sqs.exceptions.QueueDoesNotExist):
            sqs.get_queue_url(QueueName="none")
        with self.assertRaises(sqs.exceptions.ReceiptHandleIsInvalid):
            sqs.delete_message(QueueUrl=url, ReceiptHandle="x")


class FromFunctions(SqsTest):
    def invoke(self, function, payload):
        url = "%s/2015-03-31/functions/%s/invocations" % (self.run_.url, function)
        with urllib.request.urlopen(urllib.request.Request(url, json.dumps(payload).encode()), timeout=60) as answer:
            self.assertIsNone(answer.headers["X-Amz-Function-Error"])
            return json.load(answer)

    def results(self):
        return sorted(n for name in self.out() for n in read_json(os.path.join(self.at, "data", "out", name))["n"])

    def test_what_one_sends_another_works_on(self):
        self.assertEqual(len(set(self.invoke("splits", {"parts": 5}))), 5)
        wait_for(lambda: self.results() == [0, 1, 2, 3, 4], "all parts were worked on")
        if boto3:  # an unmodified handler finds the queues by itself
            self.invoke("sdk", {})
            wait_for(lambda: self.results()[-1] == 7, "that of the SDK, too")

    def test_messages_are_outputs_of_the_attempt_that_sent_them(self):
        self.run_.stop()
        done = self.coldframe("invoke", self.at, "splits", "--json", "--event", "-", stdin='{"parts": 2}')
        self.assertEqual(done.returncode, 0, done.stderr)
        told = json.loads(done.stdout)
        self.assertEqual(told["outputs"], [{"store": "jobs", "key": sent, "bytes": 8} for sent in told["result"]])

    def test_the_receipt_of_an_event_is_one(self):
        self.sqs.ask("SendMessage", "own", MessageBody="x")
        wait_for(lambda: self.sqs.counts("own") == (0, 0, 0), "it was deleted though its batch failed")
        code, summary = self.run_.stop()
        self.assertEqual((code, summary["failed"]), (0, 1), self.run_.said)

    def test_one_that_feeds_itself_is_stopped(self):
        self.sqs.ask("SendMessage", "loop", MessageBody="0")
        self.run_.wait_for_line("A chain of 16 functions was stopped before the queue loop")
        self.assertEqual(self.out(), ["%02d" % depth for depth in range(16)])


if __name__ == "__main__":
    unittest.main()
