'use strict';
// One line of help for AWS SDKs that do not heed AWS_ENDPOINT_URL_S3: their clients would call the real service, with keys
// that open nothing. Loaded when the function has loaded one of them.

// aws-sdk 2 never did; @aws-sdk/client-s3 does since 3.428 (October 2023).
const FIRST = [3, 428];

function tell(folder, name) {
  const { version } = require(`${folder}package.json`);
  const [major, minor] = version.split('.').map(Number);
  if (major > FIRST[0] || (major === FIRST[0] && minor >= FIRST[1])) return;
  const remedy = name === 'aws-sdk'
    ? 'move to @aws-sdk/client-s3, or give them { endpoint: process.env.AWS_ENDPOINT_URL_S3, s3ForcePathStyle: true }'
    : `update it to ${FIRST.join('.')} or later, or give them { endpoint: process.env.AWS_ENDPOINT_URL_S3 }`;
  process.stderr.write(`coldframe: ${name} ${version} does not know AWS_ENDPOINT_URL_S3, so its S3 clients call the real service: ${remedy}\n`);
}

module.exports = { tell };
