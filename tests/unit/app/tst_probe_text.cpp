#include "probe_text.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

using namespace coldframe;
using testing::HasSubstr;
using testing::Not;

namespace {

study::ProbeReport reportOf(std::string unmeasured)
{
    study::ProbeReport report;
    for (const std::uint32_t n : {1U, 2U, 4U})
        report.points.push_back({.concurrency = n,
                                 .measured = study::ProbePoint::Figures{10.0 * n, .1, .1, .1, .1},
                                 .calls = n});
    report.points.push_back(
        {.concurrency = 8, .unmeasured = std::move(unmeasured), .calls = 8, .failed = 8});
    return study::analyse(std::move(report.points), 1);
}

} // namespace

/// The words of a function may be any bytes, cut anywhere.
TEST(ProbeText, brokenTextOfAFunctionIsNoReasonToFail)
{
    const study::ProbeReport report = reportOf("every call fails: caf\xc3");
    const auto json = nlohmann::json::parse(commands::probeJson(report, "f"));
    EXPECT_THAT(json["levels"][3]["reason"].get<std::string>(), HasSubstr("every call fails: caf"));
    EXPECT_EQ(json["failsFrom"], 8);
    EXPECT_EQ(json["proposedConcurrency"], 4);
}

TEST(ProbeText, tellsErrorsAndWhatFollows)
{
    const std::string text = commands::probeText(reportOf("every call fails"), "f");
    EXPECT_THAT(text, HasSubstr("measured, 1 call\n"));
    EXPECT_THAT(text, HasSubstr("Errors   from 8 at once calls fail that do not below"));
    EXPECT_THAT(text, HasSubstr("Propose  \"reservedConcurrency\": 4 for 'f'\n"));
    EXPECT_THAT(text, Not(HasSubstr("Note")));
}
