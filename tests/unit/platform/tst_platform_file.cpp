#include "engine/platform_file.h"

#include <chrono>

#include <gmock/gmock.h>

#include "files.h"

using namespace coldframe;
using namespace coldframe::engine;
using namespace coldframe::tests;
using namespace std::chrono_literals;

namespace {

std::string figure(const std::string& value, const std::string& unit)
{
    return "{\"value\": " + value + (unit.empty() ? "" : ", \"unit\": \"" + unit + "\"")
        + ", \"source\": \"a test\", \"asOf\": \"2026\"}";
}

/// The least a platform file can say, one section a line.
std::string smallest()
{
    return "{\"format\": 1, \"id\": \"mine\", \"title\": \"Mine\",\n"
           "\"instances\": {\"dispatch\": "
        + figure("\"oldest\"", "")
        + "},\n"
          "\"keepAlive\": {\"policy\": "
        + figure("\"fixed\"", "") + ", \"fixed\": " + figure("90", "s")
        + "},\n"
          "\"scaling\": {\"scaleUp\": {\"capacity\": "
        + figure("5", "instances") + ", \"refill\": " + figure("2", "s")
        + "}},\n"
          "\"coldStart\": {\"initLimit\": "
        + figure("30", "s") + ", \"sandbox\": " + figure("850", "ms")
        + "},\n"
          "\"meter\": {\"step\": "
        + figure("1", "ms") + ", \"initBilled\": " + figure("false", "") + "}}\n";
}

Platform shipped(const std::string& id)
{
    const auto file = kPlatforms / (id + ".json");
    const Result<Platform> platform = readPlatform(textOf(file), file.filename());
    EXPECT_TRUE(platform) << (platform ? "" : describe(platform.error()));
    return platform.value_or(Platform());
}

std::string messageOf(const std::string& text)
{
    const Result<Platform> platform = readPlatform(text, "p.json");
    return platform ? "read without error" : describe(platform.error());
}

} // namespace

TEST(ShippedPlatforms, awsLambdaSaysWhatItsSourcesSay)
{
    for (const std::string architecture : {"x86_64", "arm64"}) {
        SCOPED_TRACE(architecture);
        const Platform p = shipped("aws-lambda-" + architecture);
        EXPECT_EQ(p.id, "aws-lambda-" + architecture);
        EXPECT_EQ(p.title, "AWS Lambda " + architecture);
        EXPECT_EQ(p.priceBook, "aws-lambda-us-east-1");
        EXPECT_EQ(p.region, "us-east-1");
        EXPECT_EQ(p.asOf, "2026-08-22");
        EXPECT_EQ(p.dispatch, DispatchOrder::MostRecentlyUsed);
        EXPECT_EQ(p.scaleUp.capacity, 1000U);
        EXPECT_EQ(p.scaleUp.refill, 10s);
        EXPECT_EQ(p.accountConcurrency, 1000U);
        EXPECT_EQ(p.unreservedMinimum, 100U);
        EXPECT_EQ(p.initLimit, 10s);
        EXPECT_EQ(p.sandbox, 120ms);
        EXPECT_EQ(p.mbPerVcpu, 1769U);
        EXPECT_THAT(p.retryDelays, testing::ElementsAre(60s, 120s));
        EXPECT_EQ(p.billingStep, 1ms);
        EXPECT_TRUE(p.initBilled);
        EXPECT_EQ(p.maxSyncBytes, 6U * 1024 * 1024);
        EXPECT_EQ(p.maxResponseBytes, 6'291'556U);
        EXPECT_EQ(p.maxAsyncBytes, 1'048'576U);
        EXPECT_EQ(p.maxStreamBytes, 200U * 1024 * 1024);
        EXPECT_EQ(p.asyncFirstRequestBytes, 256U * 1024);
        EXPECT_EQ(p.asyncExtraRequestBytes, 64U * 1024);
    }
}

TEST(ShippedPlatforms, keepAliveIsTheMeasuredCurveAndFixedIsOneWordAway)
{
    const std::string text = textOf(kPlatforms / "aws-lambda-x86_64.json");
    const Platform measured = *readPlatform(text, "p.json");
    ASSERT_EQ(measured.keepAlive.survival.size(), 3U);
    EXPECT_EQ(measured.keepAlive.survival[0].idle, 5min);
    EXPECT_EQ(measured.keepAlive.survival[0].alive, 1.0);
    EXPECT_EQ(measured.keepAlive.survival[1].alive, 0.594);
    EXPECT_EQ(measured.keepAlive.survival[2].idle, 7min);
    EXPECT_EQ(measured.keepAlive.survival[2].alive, 0.0);

    const Platform fixed
        = *readPlatform(changed(text, "\"value\": \"survival\"", "\"value\": \"fixed\""), "p.json");
    ASSERT_EQ(fixed.keepAlive.survival.size(), 1U);
    EXPECT_EQ(fixed.keepAlive.survival[0].idle, 10min);
    EXPECT_EQ(fixed.keepAlive.survival[0].alive, 0.0);
}

TEST(ShippedPlatforms, everyFigureHasSourceDateAndOrigin)
{
    for (const auto& file : jsonFilesIn(kPlatforms)) {
        SCOPED_TRACE(file);
        const Result<PlatformDetails> details = readPlatformDetails(textOf(file), file.filename());
        ASSERT_TRUE(details) << describe(details.error());
        EXPECT_GE(details->figures.size(), 25U);
        for (const Figure& figure : details->figures) {
            EXPECT_FALSE(figure.value.empty()) << figure.pointer;
            EXPECT_FALSE(figure.source.empty()) << figure.pointer;
            EXPECT_FALSE(figure.asOf.empty()) << figure.pointer;
            EXPECT_THAT(figure.source, testing::HasSubstr("https://")) << figure.pointer;
        }
    }
}

TEST(ShippedPlatforms, whatNobodyConfirmedIsMarked)
{
    const auto details
        = *readPlatformDetails(textOf(kPlatforms / "aws-lambda-arm64.json"), "p.json");
    EXPECT_EQ(details.architecture, "arm64");
    const auto originOf = [&](const std::string& pointer) {
        const auto found = std::ranges::find(details.figures, pointer, &Figure::pointer);
        EXPECT_NE(found, details.figures.end()) << pointer;
        EXPECT_FALSE(found->note.empty()) << pointer;
        return found->origin;
    };
    EXPECT_EQ(originOf("/instances/dispatch"), Origin::Assumed);
    EXPECT_EQ(originOf("/keepAlive/survival"), Origin::Measured);
    EXPECT_EQ(originOf("/coldStart/sandbox"), Origin::Modelled);
}

TEST(PlatformFile, whatIsLeftOutIsUnlimitedOrAbsent)
{
    const Result<Platform> read = readPlatform(smallest(), "p.json");
    ASSERT_TRUE(read) << describe(read.error());
    constexpr std::uint32_t kNone = 0xffff'ffff;
    EXPECT_EQ(read->accountConcurrency, kNone);
    EXPECT_EQ(read->unreservedMinimum, 0U);
    EXPECT_EQ(read->maxSyncBytes, kNone);
    EXPECT_EQ(read->maxResponseBytes, kNone);
    EXPECT_EQ(read->mbPerVcpu, 0U);
    EXPECT_TRUE(read->retryDelays.empty());
    EXPECT_EQ(read->asyncFirstRequestBytes, 0U);
    EXPECT_EQ(read->dispatch, DispatchOrder::Oldest);
    EXPECT_EQ(read->sandbox, 850ms);
    EXPECT_FALSE(read->initBilled);
}

TEST(PlatformFile, theExampleOfTheDocumentationIsRead)
{
    const std::string page = textOf(kSource / "docs/PLATFORMS.md");
    const std::string fence = "```json\n";
    const std::size_t begin = page.find(fence) + fence.size();
    const Result<Platform> read
        = readPlatform(page.substr(begin, page.find("```", begin) - begin), "our-cluster.json");
    ASSERT_TRUE(read) << describe(read.error());
    EXPECT_EQ(read->id, "our-cluster");
    EXPECT_EQ(read->keepAlive.survival.front().idle, 90s);
}

TEST(PlatformFile, whatTheEngineCannotRunYetIsRefusedByName)
{
    const std::pair<std::string, std::string> rows[] = {
        {"azure-flex", "concurrencyByMemory [[512,4],[2048,16],[4096,32]]"},
        {"cloudflare-workers", "scope site"},
        {"openfaas", "decider load-step"},
        {"openwhisk", "prewarmed 2"},
    };
    ASSERT_EQ(jsonFilesIn(kLaterPlatforms).size(), std::size(rows));
    for (const auto& [id, rule] : rows) {
        const Result<Platform> read = readPlatform(textOf(kLaterPlatforms / (id + ".json")), id);
        ASSERT_FALSE(read) << id;
        EXPECT_EQ(read.error().code, Error::Code::Unavailable) << describe(read.error());
        EXPECT_EQ(read.error().message,
                  "the format knows " + rule + ", but this version cannot run it");
        EXPECT_FALSE(read.error().hint.empty());
    }
}

struct BadFile {
    const char* name;
    const char* from;
    const char* to;
    const char* message;
};

class BadPlatformFile : public testing::TestWithParam<BadFile> { };

TEST_P(BadPlatformFile, isRefusedSayingWhereAndWhat)
{
    const std::string text = changed(smallest(), GetParam().from, GetParam().to);
    ASSERT_NE(text, smallest()) << "the row changes nothing";
    EXPECT_EQ(messageOf(text), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Golden, BadPlatformFile,
    testing::Values(
        BadFile{"misspelt_section", "\"keepAlive\": {", "\"keepalive\": {",
                "p.json:3:1: /keepalive: unknown key \"keepalive\"; did you mean \"keepAlive\"?"},
        BadFile{
            "misspelt_figure", "\"sandbox\":", "\"sandbx\":",
            "p.json:5:92: /coldStart/sandbx: unknown key \"sandbx\"; did you mean \"sandbox\"?"},
        BadFile{"unknown_member", "\"source\": \"a test\"", "\"link\": \"a test\"",
                "p.json:2:47: /instances/dispatch/link: unknown key \"link\"; "
                "docs/PLATFORMS.md lists the keys; correct or remove it"},
        BadFile{"newer_format", "\"format\": 1", "\"format\": 2",
                "p.json:1:12: /format: this version reads format 1, got 2; a newer Coldframe "
                "may read it"},
        BadFile{"no_format", "\"format\": 1, ", "",
                "p.json:1:1: \"format\" is missing; add \"format\": 1"},
        BadFile{"no_id", "\"id\": \"mine\", ", "", "p.json:1:1: \"id\" is missing"},
        BadFile{"no_source", "\"source\": \"a test\", ", "",
                "p.json:2:27: /instances/dispatch: \"source\" is missing or empty; say where the "
                "figure comes from: an address, a document, \"own measurement\""},
        BadFile{"empty_source", "\"source\": \"a test\"", "\"source\": \"\"",
                "p.json:2:27: /instances/dispatch: \"source\" is missing or empty; say where the "
                "figure comes from: an address, a document, \"own measurement\""},
        BadFile{"no_date", ", \"asOf\": \"2026\"", "",
                "p.json:2:27: /instances/dispatch: \"asOf\" is missing or empty; say when the "
                "source was true: \"2026\", \"2026-07\" or \"2026-07-12\""},
        BadFile{"wrong_date", "\"asOf\": \"2026\"", "\"asOf\": \"last year\"",
                "p.json:2:75: /instances/dispatch/asOf: must be a date such as 2026, 2026-07 or "
                "2026-07-12, got \"last year\""},
        BadFile{"figure_is_a_number",
                "{\"value\": 850, \"unit\": \"ms\", \"source\": \"a test\", "
                "\"asOf\": \"2026\"}",
                "850",
                "p.json:5:103: /coldStart/sandbox: must be an object with \"value\", \"unit\", "
                "\"source\" and \"asOf\", got 850"},
        BadFile{"unknown_name", "\"oldest\"", "\"fifo\"",
                "p.json:2:37: /instances/dispatch/value: must be one of most-recently-used, "
                "least-recently-used, newest, oldest, random, least-loaded, got \"fifo\""},
        BadFile{"fraction", "\"value\": 850", "\"value\": 0.85",
                "p.json:5:113: /coldStart/sandbox/value: must be a whole number (choose a "
                "smaller unit for fractions), got 0.85"},
        BadFile{
            "negative", "\"value\": 850", "\"value\": -1",
            "p.json:5:113: /coldStart/sandbox/value: must be between 0 and 31622400000, got -1"},
        BadFile{
            "unknown_unit", "\"unit\": \"ms\"", "\"unit\": \"days\"",
            "p.json:5:126: /coldStart/sandbox/unit: unknown unit \"days\"; it must be one of: ns, "
            "us, ms, s, min, h"},
        BadFile{"no_unit", ", \"unit\": \"ms\"", "",
                "p.json:5:103: /coldStart/sandbox: \"unit\" is missing or empty; it must be "
                "one of: ns, us, ms, s, min, h"},
        BadFile{"unit_on_a_name", "\"value\": \"oldest\"", "\"value\": \"oldest\", \"unit\": \"s\"",
                "p.json:2:55: /instances/dispatch/unit: this figure has no unit; leave \"unit\" "
                "out"},
        BadFile{"needed_figure_left_out", "\"value\": \"fixed\"", "\"value\": \"survival\"",
                "p.json:3:14: /keepAlive/survival: needed by this policy"},
        BadFile{"half_a_bucket",
                "\"capacity\": {\"value\": 5, \"unit\": \"instances\", \"source\": "
                "\"a test\", \"asOf\": \"2026\"}, ",
                "",
                "p.json:4:24: /scaling/scaleUp/capacity: needed because /scaling/scaleUp/refill is "
                "given"},
        BadFile{"no_step", "\"value\": 1, \"unit\": \"ms\"", "\"value\": 0, \"unit\": \"ms\"",
                "p.json:6:29: /meter/step/value: must be above 0"},
        BadFile{"key_twice", "\"title\": \"Mine\",", "\"title\": \"Mine\", \"title\": \"Yours\",",
                "p.json:1:46: the key \"title\" is used twice in this object, first at line 1, "
                "column 29; remove or rename one of them"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(PlatformFile, aCurveMustFallToZero)
{
    const auto withCurve = [](const std::string& points) {
        return messageOf(changed(smallest(), "\"keepAlive\": {",
                                 "\"keepAlive\": {\"survival\": " + figure(points, "min") + ", "));
    };
    EXPECT_EQ(withCurve("[[5, 1], [7, 0]]"), "read without error");
    EXPECT_THAT(withCurve("[[5, 1], [7, 0.5]]"),
                testing::HasSubstr("the last point must have share 0"));
    EXPECT_THAT(withCurve("[[5, 0.5], [7, 0.6], [8, 0]]"),
                testing::HasSubstr("times must rise and shares must not"));
    EXPECT_THAT(withCurve("[[5, 1], [5, 0]]"),
                testing::HasSubstr("times must rise and shares must not"));
    EXPECT_THAT(withCurve("[[5, 1.2], [7, 0]]"),
                testing::HasSubstr("the share alive must be between 0 and 1"));
    EXPECT_THAT(withCurve("[]"), testing::HasSubstr("the last point must have share 0"));
    EXPECT_THAT(withCurve("[[5]]"), testing::HasSubstr("must be a pair of numbers"));
}

TEST(PlatformFile, textThatIsNoPlatformFileIsRefused)
{
    EXPECT_THAT(messageOf(""), testing::StartsWith("p.json:1:1: "));
    EXPECT_THAT(messageOf("[1]"), testing::HasSubstr("must be an object, got a list"));
    EXPECT_THAT(messageOf("{\"format\": 1,\n}"), testing::StartsWith("p.json:1:13: "));
    EXPECT_THAT(messageOf(std::string(2'000'000, ' ')), testing::HasSubstr("1 MiB at most"));
}
