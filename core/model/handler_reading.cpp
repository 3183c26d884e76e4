#include "model/handler_reading.h"

#include <algorithm>
#include <set>

#include "model/source_lines.h"

namespace coldframe {

namespace {

/// The keys that tell kinds of events apart.
#define COLDFRAME_EVENT_KEYS                                                                       \
    "Records|s3|body|Sns|dynamodb|kinesis|httpMethod|rawPath|routeKey|requestContext|"             \
    "queryStringParameters|pathParameters|detail|detail-type|bucket"

/// Begins an import in Python, also of several modules: what follows is the name of one.
#define COLDFRAME_IMPORT R"(^\s*(?:from\s+|import\s+(?:[\w.]+(?:\s+as\s+\w+)?\s*,\s*)*))"

/// Keys of an event that the source looks up: ["key"], .get("key"), and in JavaScript .key or
/// { key } taken out of an object. What stands as the key of a made object is none of them.
std::set<std::string> keysRead(Runtime runtime, std::string_view source)
{
    static const std::regex lookedUp(R"((?:\[\s*|\.get\(\s*)['"]()" COLDFRAME_EVENT_KEYS
                                     R"()['"])");
    static const std::regex member(R"(\.()" COLDFRAME_EVENT_KEYS R"()\b)");
    static const std::regex takenOut(
        R"((?:\{|,)\s*(Records|s3|httpMethod|rawPath|queryStringParameters|pathParameters|detail)\s*(?:,|:|\}))");
    static const std::regex bodyTakenOut(R"(\{[^{}]*\b(body)\b[^{}]*\}\s*=\s*(?:event|record)\b)");
    std::set<std::string> keys;
    const auto add = [&](const std::cmatch& match) { keys.insert(match[1].str()); };
    everyMatch(source, lookedUp, add);
    if (runtime == Runtime::Node)
        for (const std::regex* pattern : {&member, &takenOut, &bodyTakenOut})
            everyMatch(source, *pattern, add);
    return keys;
}

/// Whether the time is all that is read of an event itself, as a check that runs on a schedule
/// does.
bool readsOnlyTime(const std::vector<EventField>& fields)
{
    return fields.size() == 1 && fields[0].place == EventField::Place::Event
        && fields[0].key == "time";
}

HandlerEvent eventOf(Runtime runtime, std::string_view source,
                     const std::vector<EventField>& fields)
{
    static const std::regex scheduled(R"re(['"`](?:aws\.events|Scheduled Event)['"`])re");
    static const std::regex parsedBody(
        R"re((?:json\.loads|JSON\.parse)\(\s*\w+(?:\[['"]body['"]\]|\.body))re");
    static const std::regex answers("statusCode");
    const std::set<std::string> keys = keysRead(runtime, source);
    const auto reads = [&](const char* key) { return keys.contains(key); };
    if (reads("Records")) {
        if (reads("s3"))
            return contains(source, parsedBody) ? HandlerEvent::S3InSqs : HandlerEvent::S3;
        if (reads("Sns"))
            return HandlerEvent::Sns;
        if (reads("dynamodb"))
            return HandlerEvent::DynamoDb;
        if (reads("kinesis"))
            return HandlerEvent::Kinesis;
        return reads("body") ? HandlerEvent::Sqs : HandlerEvent::Plain;
    }
    if (reads("detail") && reads("bucket"))
        return HandlerEvent::S3InEventBridge;
    if (reads("httpMethod"))
        return HandlerEvent::HttpV1;
    const bool http = reads("rawPath") || reads("routeKey") || reads("requestContext")
        || reads("queryStringParameters") || reads("pathParameters")
        || (reads("body") && contains(source, answers));
    if (http && !reads("detail"))
        return HandlerEvent::HttpV2;
    // Last of all: what answers requests may be kept warm by a schedule.
    if (contains(source, scheduled) || readsOnlyTime(fields))
        return HandlerEvent::Scheduled;
    return reads("detail") ? HandlerEvent::EventBridge : HandlerEvent::Plain;
}

/// The ending of the objects it reads: of its own tests, else by what takes their bytes apart.
std::string endingOf(std::string_view source)
{
    static const std::regex tested(
        R"re((?:ends_?with\(\s*\(?|replace\(\s*|suffix\s*[!=]=\s*|extname\([^)]*\)\s*[!=]==?\s*)['"](\.[A-Za-z0-9]{1,8})['"])re",
        std::regex::icase);
    static const std::regex picture(
        COLDFRAME_IMPORT R"re((?:PIL|cv2)\b|(?:from|require\()\s*['"](?:sharp|jimp|gm)['"])re");
    static const std::regex table(
        COLDFRAME_IMPORT R"re(csv\b|read_csv\(|['"](?:csv-parse|csv-parser|papaparse)\b)re");
    static const std::regex object(
        R"re(json\.loads?\(.*\bBody\b|json\.loads?\(\s*(?:body|content|data|text|raw|obj)\w*\b|JSON\.parse\(\s*(?:await\s+)?(?:body|content|data|text|raw|\w*\.Body)\w*)re");
    std::string ending;
    eachMatch(source, tested, [&](const std::cmatch& match, std::string_view) {
        if (ending.empty())
            ending = match[1].str();
    });
    if (!ending.empty())
        return ending;
    if (contains(source, picture))
        return ".png";
    if (contains(source, table))
        return ".csv";
    return contains(source, object) ? ".json" : "";
}

std::string heavyLibraryOf(std::string_view source)
{
    static const std::regex python(
        COLDFRAME_IMPORT
        R"((PIL|numpy|pandas|cv2|scipy|sklearn|skimage|pyarrow|polars|matplotlib|torch|tensorflow)\b)");
    static const std::regex node(
        R"re((?:from|require\()\s*['"](sharp|canvas|jimp|puppeteer[\w-]*)['"])re");
    std::string library;
    for (const std::regex* pattern : {&python, &node})
        eachMatch(source, *pattern, [&](const std::cmatch& match, std::string_view) {
            if (library.empty())
                library = match[1].str();
        });
    return library;
}

/// The same places and lines, with blanks where a line is nothing but a comment.
std::string withoutComments(std::string_view source)
{
    std::string text(source);
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::size_t first = text.find_first_not_of(" \t", begin);
        if (first < end
            && (text[first] == '#' || text[first] == '*' || text.compare(first, 2, "//") == 0))
            std::fill(text.begin() + static_cast<std::ptrdiff_t>(begin),
                      text.begin() + static_cast<std::ptrdiff_t>(end), ' ');
        begin = end + 1;
    }
    return text;
}

} // namespace

namespace {

struct EventWords {
    HandlerEvent event;
    std::string_view name, description;
};

constexpr EventWords kEventWords[] = {
    {HandlerEvent::Plain, "plain", "no known shape, so a plain sample"},
    {HandlerEvent::S3, "s3", "an object in a bucket (Records[].s3)"},
    {HandlerEvent::S3InEventBridge, "s3-eventbridge",
     "an object in a bucket, through EventBridge (detail.bucket)"},
    {HandlerEvent::S3InSqs, "s3-sqs",
     "an object in a bucket, through a queue (an S3 event in Records[].body)"},
    {HandlerEvent::Sqs, "sqs", "messages of a queue (Records[].body)"},
    {HandlerEvent::Sns, "sns", "a notification (Records[].Sns)"},
    {HandlerEvent::DynamoDb, "dynamodb", "changed items of a table (Records[].dynamodb)"},
    {HandlerEvent::Kinesis, "kinesis", "records of a stream (Records[].kinesis)"},
    {HandlerEvent::HttpV1, "http-v1", "a REST API's request (httpMethod)"},
    {HandlerEvent::HttpV2, "http-v2", "an HTTP API's or a function URL's request"},
    {HandlerEvent::EventBridge, "eventbridge", "an event of a bus (detail)"},
    {HandlerEvent::Scheduled, "scheduled", "the Scheduled Event of a schedule"},
};

const EventWords& wordsOf(HandlerEvent event)
{
    const auto* found = std::ranges::find(kEventWords, event, &EventWords::event);
    return found == std::end(kEventWords) ? kEventWords[0] : *found;
}

} // namespace

std::string_view nameOf(HandlerEvent event)
{
    return wordsOf(event).name;
}

std::string_view describe(HandlerEvent event)
{
    return wordsOf(event).description;
}

HandlerReading readHandler(Runtime runtime, std::string_view source)
{
    static const std::regex sdk(COLDFRAME_IMPORT
                                R"re((?:boto3|aioboto3)\b|['"](?:@aws-sdk/|aws-sdk['"/]))re");
    static const std::regex writing(
        R"(\b(?:put_object|upload_file|upload_fileobj|copy_object|putObject|PutObjectCommand|CopyObjectCommand|copy_from|new Upload)\b|\.put\(\s*Body|\.copy\(\s*\w)");
    const std::string code = withoutComments(source);
    HandlerReading reading;
    reading.fields = eventFields(code);
    reading.event = eventOf(runtime, code, reading.fields);
    reading.usesSdk = contains(code, sdk);
    reading.heavyLibrary = heavyLibraryOf(code);
    reading.variables = neededVariables(code);
    if (reading.usesSdk) {
        reading.buckets = bucketMentions(code);
        reading.writesObjects = contains(code, writing);
        reading.ending = endingOf(code);
    }
    return reading;
}

} // namespace coldframe
