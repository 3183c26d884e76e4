"""A text that was dropped becomes messages of a hundred lines each."""
import json
import os
import urllib.parse
import urllib.request

LINES = 100


def send(queue, bodies):
    """Up to ten messages in one request. With boto3 it is sqs.send_message_batch(…), and works as well."""
    endpoint = os.environ["AWS_ENDPOINT_URL_SQS"]
    batch = {"QueueUrl": "%s/000000000000/%s" % (endpoint, queue),
             "Entries": [{"Id": str(number), "MessageBody": body} for number, body in enumerate(bodies)]}
    request = urllib.request.Request(endpoint, json.dumps(batch).encode(), {
        "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AmazonSQS.SendMessageBatch",
        "Authorization": "AWS4-HMAC-SHA256 Credential=%s/x" % os.environ["AWS_ACCESS_KEY_ID"]})  # says who sends
    with urllib.request.urlopen(request) as answer:
        failed = json.load(answer).get("Failed")
    if failed:
        raise RuntimeError("not sent: %s" % failed)


def handler(event, context):
    key = urllib.parse.unquote_plus(event["Records"][0]["s3"]["object"]["key"])
    with open(os.path.join(os.environ["COLDFRAME_STORE_DROPPED"], key), encoding="utf-8") as file:
        lines = file.readlines()
    parts = [lines[begin:begin + LINES] for begin in range(0, len(lines), LINES)] or [[]]
    document = key[:-len(".txt")]
    bodies = [json.dumps({"document": document, "part": number, "parts": len(parts), "text": "".join(part)})
              for number, part in enumerate(parts)]
    for begin in range(0, len(bodies), 10):
        send("parts", bodies[begin:begin + 10])
    return {"document": document, "parts": len(parts)}
