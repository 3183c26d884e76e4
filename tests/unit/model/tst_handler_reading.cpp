#include <gmock/gmock.h>

#include "model/handler_reading.h"

namespace coldframe::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using How = BucketMention::How;

std::string shown(const std::vector<BucketMention>& mentions)
{
    const char* names[] = {"suffix", "prefix", "literal", "variable"};
    std::string text;
    for (const BucketMention& mention : mentions)
        text += std::string(mention.isSource ? "read " : "") + names[static_cast<int>(mention.how)]
            + " " + mention.text + "\n";
    return text;
}

TEST(ReadHandler, TellsWhichEventIsTakenApart)
{
    struct Row {
        const char* name;
        Runtime runtime;
        const char* source;
        HandlerEvent event;
    };
    const std::vector<Row> rows{
        {"S3, the tutorial", Runtime::Python,
         "bucket = event['Records'][0]['s3']['bucket']['name']", HandlerEvent::S3},
        {"S3, in a loop", Runtime::Python,
         "for r in event.get(\"Records\", []):\n    key = r[\"s3\"][\"object\"][\"key\"]",
         HandlerEvent::S3},
        {"S3, Node", Runtime::Node, "const b = event.Records[0].s3.bucket.name;", HandlerEvent::S3},
        {"S3, taken out", Runtime::Node,
         "const { Records } = event;\nfor (const { s3: { bucket } } of Records) {}",
         HandlerEvent::S3},
        {"S3 that reads a Body", Runtime::Python,
         "r = event['Records'][0]['s3']\nx = s3.get_object()['Body'].read()\n"
         "return {'statusCode': 200, 'body': json.dumps('ok')}",
         HandlerEvent::S3},
        {"S3 through EventBridge", Runtime::Python, "b = event['detail']['bucket']['name']",
         HandlerEvent::S3InEventBridge},
        {"S3 through SQS", Runtime::Python,
         "for r in event['Records']:\n  for e in json.loads(r['body'])['Records']:\n    e['s3']",
         HandlerEvent::S3InSqs},
        {"SQS", Runtime::Python, "for r in event['Records']: print(r['body'])", HandlerEvent::Sqs},
        {"SQS, Node", Runtime::Node, "for (const r of event.Records) use(r.body)",
         HandlerEvent::Sqs},
        {"SNS", Runtime::Python, "event['Records'][0]['Sns']['Message']", HandlerEvent::Sns},
        {"DynamoDB", Runtime::Node, "event.Records.map((r) => r.dynamodb.NewImage)",
         HandlerEvent::DynamoDb},
        {"Kinesis", Runtime::Python, "event['Records'][0]['kinesis']['data']",
         HandlerEvent::Kinesis},
        {"REST API", Runtime::Python, "if event['httpMethod'] == 'GET':", HandlerEvent::HttpV1},
        {"HTTP API", Runtime::Node, "const method = event.requestContext.http.method",
         HandlerEvent::HttpV2},
        {"function URL", Runtime::Python, "json.loads(event['body'])\nreturn {'statusCode': 200}",
         HandlerEvent::HttpV2},
        {"EventBridge", Runtime::Python, "event['detail-type']; event['detail']['id']",
         HandlerEvent::EventBridge},
        {"a schedule, by its source", Runtime::Python,
         "if event.get('source') == 'aws.events': clean()", HandlerEvent::Scheduled},
        {"a schedule, by its type", Runtime::Node,
         "if (event['detail-type'] === \"Scheduled Event\") clean();", HandlerEvent::Scheduled},
        {"a schedule, by its time alone", Runtime::Python,
         "print('Checking at {}'.format(event['time']))\nreturn event['time']",
         HandlerEvent::Scheduled},
        {"a time among others", Runtime::Python, "return event['time'] + event['name']",
         HandlerEvent::Plain},
        {"an API that a schedule keeps warm", Runtime::Python,
         "if event.get('source') == 'aws.events': return\nid = event['pathParameters']['id']",
         HandlerEvent::HttpV2},
        {"a bus", Runtime::Python, "return event['time'], event['detail']['id']",
         HandlerEvent::EventBridge},
        {"own", Runtime::Python, "return event['name']", HandlerEvent::Plain},
        {"own, with a body", Runtime::Python, "return event['body'].upper()", HandlerEvent::Plain},
        {"only answers as HTTP", Runtime::Python, "return {'statusCode': 200, 'body': 'hi'}",
         HandlerEvent::Plain},
        {"in a comment", Runtime::Python, "# event['Records'][0]['s3']\n  # more['s3']",
         HandlerEvent::Plain},
    };
    for (const Row& row : rows)
        EXPECT_EQ(describe(readHandler(row.runtime, row.source).event), describe(row.event))
            << row.name;
}

TEST(BucketMentions, FindNamesInEveryFormOfTheTutorials)
{
    struct Row {
        const char* source;
        std::vector<BucketMention> found;
    };
    const std::vector<Row> rows{
        {"dest = bucket + '-resized'", {{How::Suffix, "-resized", false}}},
        {"upload(Bucket=f'{bucket}-resized')", {{How::Suffix, "-resized", false}}},
        {"const dstBucket = `${srcBucket}-out`;", {{How::Suffix, "-out", false}}},
        {"out = '{}-small'.format(source_bucket)", {{How::Suffix, "-small", false}}},
        {"out = '%s-small' % bucket", {{How::Suffix, "-small", false}}},
        {"b = event['Records'][0]['s3']['bucket']['name'] + \"-out\"",
         {{How::Suffix, "-out", false}}},
        {"const d = record.s3.bucket.name + '-out'", {{How::Suffix, "-out", false}}},
        {"target = 'resized-' + bucket", {{How::Prefix, "resized-", false}}},
        {"target = f'resized-{bucket}'", {{How::Prefix, "resized-", false}}},
        {"s3.put_object(Bucket='my-output', Key=key)", {{How::Literal, "my-output", false}}},
        {"new PutObjectCommand({ Bucket: \"my-output\", Key })",
         {{How::Literal, "my-output", false}}},
        {"s3.get_object(Bucket='my-input', Key=key)", {{How::Literal, "my-input", true}}},
        {"DEST_BUCKET = 'my-output'", {{How::Literal, "my-output", false}}},
        {"boto3.resource('s3').Bucket('my-output')", {{How::Literal, "my-output", false}}},
        {"s3.upload_file('/tmp/x', 'my-output', key)", {{How::Literal, "my-output", false}}},
        {"D = os.environ['DEST_BUCKET']", {{How::Variable, "DEST_BUCKET", false}}},
        {"D = os.environ.get('OUTPUT_BUCKET', 'x')", {{How::Variable, "OUTPUT_BUCKET", false}}},
        {"D = os.getenv(\"TARGET_BUCKET\")", {{How::Variable, "TARGET_BUCKET", false}}},
        {"S = os.environ['SOURCE_BUCKET']", {{How::Variable, "SOURCE_BUCKET", true}}},
        {"const d = process.env.DEST_BUCKET;", {{How::Variable, "DEST_BUCKET", false}}},
        {"const d = process.env['DEST_BUCKET'] ?? 'x';", {{How::Variable, "DEST_BUCKET", false}}},
        {"a = os.environ['IN_BUCKET']; b = os.environ['OUT_BUCKET']",
         {{How::Variable, "IN_BUCKET", true}, {How::Variable, "OUT_BUCKET", false}}},
        {"const { AWS_REGION, OUT_BUCKET, IN_BUCKET: from = 'x' } = process.env;",
         {{How::Variable, "OUT_BUCKET", false}, {How::Variable, "IN_BUCKET", true}}},
        {"x = os.environ['D_BUCKET']\ny = os.environ['D_BUCKET']",
         {{How::Variable, "D_BUCKET", false}}},
        {"s3.get_object(Bucket=bucket, Key=key)", {}},
        {"print('bucket ' + bucket + ' and ' + key)", {}},
    };
    for (const Row& row : rows)
        EXPECT_EQ(shown(bucketMentions(row.source)), shown(row.found)) << row.source;
}

TEST(NeededVariables, AreThoseWithoutAnAlternative)
{
    EXPECT_THAT(neededVariables("a = os.environ['TABLE']\nb = os.environ.get('REGION')\n"
                                "c = os.environ['AWS_REGION']\nd = os.environ['DEST_BUCKET']\n"
                                "e = os.environ['TABLE']\nf = os.getenv('G')\n"),
                ElementsAre("TABLE"));
    EXPECT_THAT(neededVariables("const { TABLE, MODE = other, API: url } = process.env;"),
                ElementsAre("TABLE", "API"));
    EXPECT_THAT(neededVariables("const a = process.env.TABLE; const b = process.env.MODE || 'x';"),
                ElementsAre("TABLE"));
}

TEST(ReadHandler, TellsWhatItsObjectsLookLike)
{
    struct Row {
        const char* source;
        const char* ending;
    };
    const std::vector<Row> rows{
        {"if not key.endswith('.csv'): return", ".csv"},
        {"if (!key.endsWith(\".JPG\")) return;", ".JPG"},
        {"if key.endswith(('.jpg', '.png')):", ".jpg"},
        {"out = key.replace('.txt', '.json')", ".txt"},
        {"from PIL import Image", ".png"},
        {"import csv", ".csv"},
        {"import os, csv, io", ".csv"},
        {"import csvkit", ""},
        {"data = json.loads(obj['Body'].read())", ".json"},
        {"Key=key + '.json'", ""},
        {"json.dumps({'x': 1})", ""},
    };
    for (const Row& row : rows)
        EXPECT_EQ(readHandler(Runtime::Python, std::string("import boto3\n") + row.source).ending,
                  row.ending)
            << row.source;
    EXPECT_EQ(readHandler(Runtime::Node,
                          "import { S3Client } from '@aws-sdk/client-s3';\n"
                          "import sharp from 'sharp';")
                  .ending,
              ".png");
}

TEST(ReadHandler, KnowsHeavyLibrariesAndWriting)
{
    const HandlerReading python = readHandler(
        Runtime::Python,
        "import os, boto3\nimport re as r, pandas as pd\ns3.put_object(Bucket='a-b', Key='k')");
    EXPECT_EQ(python.heavyLibrary, "pandas");
    EXPECT_TRUE(python.usesSdk);
    EXPECT_TRUE(python.writesObjects);
    const HandlerReading node = readHandler(Runtime::Node, "const x = require('sharp');");
    EXPECT_EQ(node.heavyLibrary, "sharp");
    EXPECT_FALSE(node.usesSdk);
    EXPECT_FALSE(node.writesObjects);
    // Buckets are only looked for where an SDK can reach them.
    EXPECT_THAT(readHandler(Runtime::Python, "bucket = 'water-bucket'").buckets, IsEmpty());
}

TEST(ReadHandler, StandsHugeAndStrangeSources)
{
    const std::string line = "bucket" + std::string(100'000, '[') + "'Records'" + "\n";
    for (const Runtime runtime : {Runtime::Python, Runtime::Node}) {
        EXPECT_EQ(readHandler(runtime, std::string(1'000'000, '\'')).event, HandlerEvent::Plain);
        EXPECT_EQ(readHandler(runtime, std::string("\0\xff\n#\n", 5)).event, HandlerEvent::Plain);
        EXPECT_EQ(readHandler(runtime, "import boto3\n" + line + line).event, HandlerEvent::Plain);
    }
}

} // namespace
} // namespace coldframe::test
