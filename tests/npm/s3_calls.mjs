// Uses the buckets "in" and "out" with the stock SDK, as it comes: the endpoint is where the environment says.
//   AWS_ENDPOINT_URL_S3=URL node s3_calls.mjs FOLDER-WITH-node_modules BIG-FILE
// Prints one line of JSON: what each step saw.
import { createRequire } from 'node:module';
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';

const [folder, bigFile] = process.argv.slice(2);
const s3 = createRequire(folder + '/')('@aws-sdk/client-s3');
const client = new s3.S3Client({ region: 'us-east-1', maxAttempts: 1 });
const send = (name, input) => client.send(new s3[name + 'Command'](input));
const told = {};

async function step(name, work) {
    try {
        told[name] = await work();
    } catch (error) {
        told[name] = { error: error.name, status: error.$metadata?.httpStatusCode, message: error.message };
    }
}

await step('put', async () => {
    const put = await send('PutObject', { Bucket: 'out', Key: 'a/ü b+c.txt', Body: 'hello', ContentType: 'text/plain', Metadata: { who: 'me' } });
    return { etag: put.ETag, crc32: put.ChecksumCRC32 };
});
await step('get', async () => {
    const got = await send('GetObject', { Bucket: 'out', Key: 'a/ü b+c.txt' });
    return { body: await got.Body.transformToString(), type: got.ContentType, metadata: got.Metadata };
});
await step('range', async () => {
    const got = await send('GetObject', { Bucket: 'out', Key: 'a/ü b+c.txt', Range: 'bytes=1-3' });
    return { body: await got.Body.transformToString(), range: got.ContentRange };
});
await step('stream', async () => {
    const put = await send('PutObject', {
        Bucket: 'out', Key: 'big.bin', Body: createReadStream(bigFile), ContentLength: statSync(bigFile).size,
    });
    return { crc32: Boolean(put.ChecksumCRC32) };
});
for (const ChecksumAlgorithm of ['CRC32C', 'SHA1', 'SHA256', 'CRC64NVME']) {
    await step(ChecksumAlgorithm, async () => {
        const put = await send('PutObject', { Bucket: 'out', Key: 'sum-' + ChecksumAlgorithm, Body: '123456789', ChecksumAlgorithm });
        const got = await send('GetObject', { Bucket: 'out', Key: 'sum-' + ChecksumAlgorithm, ChecksumMode: 'ENABLED' });
        await got.Body.transformToString(); // checks it
        return { sum: put['Checksum' + ChecksumAlgorithm] };
    });
}
await step('streamBack', async () => {
    const got = await send('GetObject', { Bucket: 'out', Key: 'big.bin' });
    const hash = createHash('sha256');
    for await (const piece of got.Body) hash.update(piece);
    return hash.digest('hex');
});
await step('parts', async () => {
    const place = { Bucket: 'out', Key: 'parts.bin' };
    const { UploadId } = await send('CreateMultipartUpload', place);
    const parts = [];
    for (const [index, Body] of [Buffer.alloc(5 << 20, 'a'), Buffer.from('end')].entries()) {
        const { ETag, ChecksumCRC32 } = await send('UploadPart', { ...place, UploadId, PartNumber: index + 1, Body });
        parts.push({ ETag, ChecksumCRC32, PartNumber: index + 1 });
    }
    const done = await send('CompleteMultipartUpload', { ...place, UploadId, MultipartUpload: { Parts: parts } });
    const head = await send('HeadObject', place);
    return { same: done.ETag === head.ETag, parts: done.ETag.slice(-3), length: head.ContentLength };
});
await step('copy', async () => {
    const copied = await send('CopyObject', { Bucket: 'out', Key: 'copy', CopySource: encodeURI('out/a/ü b+c.txt').replace('+', '%2B') });
    return { etag: copied.CopyObjectResult.ETag };
});
await step('list', async () => {
    const keys = [];
    for await (const page of s3.paginateListObjectsV2({ client, pageSize: 2 }, { Bucket: 'out' }))
        keys.push(...page.Contents.map((item) => item.Key));
    return keys;
});
await step('delete', async () => {
    const { Deleted } = await send('DeleteObjects', { Bucket: 'out', Delete: { Objects: [{ Key: 'copy' }, { Key: 'parts.bin' }] } });
    await send('DeleteObject', { Bucket: 'out', Key: 'big.bin' });
    return Deleted.map((item) => item.Key);
});
await step('missing', () => send('GetObject', { Bucket: 'out', Key: 'none' }));
await step('noBucket', () => send('ListObjectsV2', { Bucket: 'nowhere' }));
console.log(JSON.stringify(told));
