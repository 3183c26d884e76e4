// Makes the calls that standard input lists and prints what the SDK makes of the answers.
//   node calls.mjs URL FOLDER-WITH-node_modules < calls.json
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const [url, folder] = process.argv.slice(2);
const { InvokeCommand, LambdaClient } = createRequire(folder + '/')('@aws-sdk/client-lambda');
const client = new LambdaClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
});
const text = (bytes) => (bytes ? Buffer.from(bytes).toString() : null);
const told = [];
for (const { Payload, ...rest } of JSON.parse(readFileSync(0, 'utf8'))) {
    try {
        const answer = await client.send(new InvokeCommand({ ...rest, Payload: Buffer.from(Payload) }));
        told.push({
            status: answer.StatusCode,
            payload: text(answer.Payload),
            functionError: answer.FunctionError ?? null,
            version: answer.ExecutedVersion ?? null,
            log: answer.LogResult ? Buffer.from(answer.LogResult, 'base64').toString() : null,
        });
    } catch (error) {
        told.push({ exception: error.name, status: error.$metadata?.httpStatusCode, message: error.message });
    }
}
console.log(JSON.stringify(told));
