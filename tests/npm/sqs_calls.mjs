// Uses the queues "parts" and "orders" with the stock SDK, as it comes: the endpoint is where the environment says.
//   AWS_ENDPOINT_URL_SQS=URL node sqs_calls.mjs FOLDER-WITH-node_modules
// Prints one line of JSON: what each step saw.
import { createRequire } from 'node:module';

const [folder] = process.argv.slice(2);
const sqs = createRequire(folder + '/')('@aws-sdk/client-sqs');
const client = new sqs.SQSClient({ region: 'us-east-1', maxAttempts: 1 });
const told = {};

async function step(name, action, input) {
    try {
        const { $metadata, ...answer } = await client.send(new sqs[action + 'Command'](input));
        told[name] = answer;
    } catch (error) {
        told[name] = { error: error.name, status: error.$metadata?.httpStatusCode, code: error.Code ?? error.code };
    }
    return told[name];
}

const { QueueUrl } = await step('url', 'GetQueueUrl', { QueueName: 'parts' });
await step('sent', 'SendMessage', {
    QueueUrl, MessageBody: 'grüße <€>\r\n😀',
    MessageAttributes: {
        n: { DataType: 'Number', StringValue: '1' }, b: { DataType: 'Binary.x', BinaryValue: new Uint8Array([0, 1, 255]) },
    },
    MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1' } },
});
const got = await step('got', 'ReceiveMessage', {
    QueueUrl, WaitTimeSeconds: 5, MessageSystemAttributeNames: ['ApproximateReceiveCount'], MessageAttributeNames: ['All'],
});
const [message] = got.Messages;
message.MessageAttributes.b.BinaryValue = [...message.MessageAttributes.b.BinaryValue];
const { ReceiptHandle } = message;
await step('changed', 'ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 60 });
await step('deleted', 'DeleteMessage', { QueueUrl, ReceiptHandle });
await step('batch', 'SendMessageBatch', { QueueUrl, Entries: [{ Id: 'a', MessageBody: 'x' }, { Id: 'b', MessageBody: '\0' }] });
await step('purged', 'PurgeQueue', { QueueUrl });
await step('empty', 'ReceiveMessage', { QueueUrl });
await step('fifo', 'SendMessage', {
    QueueUrl: QueueUrl.replace('parts', 'orders.fifo'), MessageBody: 'x', MessageGroupId: 'g', MessageDeduplicationId: 'd',
});
await step('list', 'ListQueues', {});
await step('facts', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['VisibilityTimeout'] });
await step('noQueue', 'GetQueueUrl', { QueueName: 'none' });
await step('noHandle', 'DeleteMessage', { QueueUrl, ReceiptHandle: 'x' });
await step('noBatch', 'SendMessageBatch', { QueueUrl, Entries: [] });
await step('noBody', 'SendMessage', { QueueUrl, MessageBody: '' });
console.log(JSON.stringify(told));
