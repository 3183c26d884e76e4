#include <csignal>

#include <gtest/gtest.h>

#include "live/error_documents.h"

using namespace coldframe;
using namespace coldframe::live;
using namespace std::chrono_literals;
using engine::Outcome;

namespace {

const std::string kId = "8476a536";

struct DocumentRow {
    const char* name;
    ErrorDocument made;
    const char* type;
    const char* json;
};
void PrintTo(const DocumentRow& row, std::ostream* out)
{
    *out << row.name;
}
class ErrorDocuments : public testing::TestWithParam<DocumentRow> { };

TEST_P(ErrorDocuments, saysWhatThePlatformSays)
{
    EXPECT_EQ(GetParam().made.type, GetParam().type);
    EXPECT_EQ(GetParam().made.json, GetParam().json);
}

INSTANTIATE_TEST_SUITE_P(
    Live, ErrorDocuments,
    testing::Values(
        DocumentRow{"timedOutAfterWholeSeconds", timedOut(kId, 3s), "Sandbox.Timedout",
                    R"({"errorType":"Sandbox.Timedout","errorMessage":"RequestId: 8476a536 )"
                    R"(Error: Task timed out after 3.00 seconds"})"},
        DocumentRow{"timedOutAfterAPartOfASecond", timedOut(kId, 1234ms), "Sandbox.Timedout",
                    R"({"errorType":"Sandbox.Timedout","errorMessage":"RequestId: 8476a536 )"
                    R"(Error: Task timed out after 1.23 seconds"})"},
        DocumentRow{"exitedWithStatusOne", exited(kId, 1, 0), "Runtime.ExitError",
                    R"({"errorType":"Runtime.ExitError","errorMessage":"RequestId: 8476a536 )"
                    R"(Error: Runtime exited with error: exit status 1"})"},
        DocumentRow{"exitedWithStatus255", exited(kId, 255, 0), "Runtime.ExitError",
                    R"({"errorType":"Runtime.ExitError","errorMessage":"RequestId: 8476a536 )"
                    R"(Error: Runtime exited with error: exit status 255"})"},
        DocumentRow{"exitedAsIfAllWereWell", exited(kId, 0, 0), "Runtime.ExitError",
                    R"({"errorType":"Runtime.ExitError","errorMessage":"RequestId: 8476a536 )"
                    R"(Error: Runtime exited without providing a reason"})"},
        DocumentRow{"killed", exited(kId, 0, SIGKILL), "Runtime.ExitError",
                    R"({"errorType":"Runtime.ExitError","errorMessage":"RequestId: 8476a536 )"
                    R"(Error: Runtime exited with error: signal: killed"})"},
        DocumentRow{"segmentationFault", exited(kId, 0, SIGSEGV), "Runtime.ExitError",
                    R"({"errorType":"Runtime.ExitError","errorMessage":"RequestId: 8476a536 )"
                    R"(Error: Runtime exited with error: signal: segmentation fault"})"},
        DocumentRow{"aborted", exited(kId, 0, SIGABRT), "Runtime.ExitError",
                    R"({"errorType":"Runtime.ExitError","errorMessage":"RequestId: 8476a536 )"
                    R"(Error: Runtime exited with error: signal: aborted"})"},
        DocumentRow{"anyOther", platformError(kId, "Runtime.InvalidEntrypoint", "no \"x\" here"),
                    "Runtime.InvalidEntrypoint",
                    R"({"errorType":"Runtime.InvalidEntrypoint","errorMessage":)"
                    R"("RequestId: 8476a536 Error: no \"x\" here"})"},
        DocumentRow{"anyOtherWithBytesThatAreNotText",
                    platformError(kId, "Runtime.InvalidJson", "printed \xff"),
                    "Runtime.InvalidJson",
                    R"({"errorType":"Runtime.InvalidJson","errorMessage":)"
                    "\"RequestId: 8476a536 Error: printed \xef\xbf\xbd\"}"},
        DocumentRow{"responseTooLarge", responseTooLarge(6'291'556),
                    "Function.ResponseSizeTooLarge",
                    R"({"errorMessage":"Response payload size exceeded maximum allowed payload )"
                    R"(size (6291556 bytes).","errorType":"Function.ResponseSizeTooLarge"})"},
        DocumentRow{"cancelled", cancelled(kId), "Coldframe.Cancelled",
                    R"({"errorType":"Coldframe.Cancelled","errorMessage":"RequestId: 8476a536 )"
                    R"(Error: The attempt was cancelled by the user"})"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(ErrorTypeOf, readsTheDocumentOrSaysUnknown)
{
    EXPECT_EQ(errorTypeOf(R"({"errorMessage":"no","errorType":"ValueError"})"), "ValueError");
    EXPECT_EQ(errorTypeOf(R"({"errorType":7})"), "Unknown");
    EXPECT_EQ(errorTypeOf(R"({"message":"no"})"), "Unknown");
    EXPECT_EQ(errorTypeOf(R"(["errorType"])"), "Unknown");
    EXPECT_EQ(errorTypeOf("not JSON"), "Unknown");
    EXPECT_EQ(errorTypeOf(""), "Unknown");
}

LogParts parts(Outcome outcome = Outcome::Succeeded, const std::string& type = {})
{
    LogParts p;
    p.requestId = kId;
    p.outcome = outcome;
    p.errorType = type;
    p.platform = 12'340us;
    p.billed = 13ms;
    p.init = 182'110us;
    p.memoryMb = 512;
    p.peakMemoryKb = 71 * 1024;
    return p;
}
const std::string kWarm = "REPORT RequestId: 8476a536\tDuration: 12.34 ms\tBilled Duration: 13 ms\t"
                          "Memory Size: 512 MB\tMax Memory Used: 71 MB";

TEST(ReportLine, warm)
{
    EXPECT_EQ(reportLine(parts()), kWarm);
}

TEST(ReportLine, namesTheInitOnlyWhenCold)
{
    LogParts cold = parts();
    cold.cold = true;
    EXPECT_EQ(reportLine(cold), kWarm + "\tInit Duration: 182.11 ms");
    cold.init = {};
    EXPECT_EQ(reportLine(cold), kWarm) << "a runtime without an init has none to report";
}

TEST(ReportLine, memoryIsRoundedUpToWholeMegabytes)
{
    LogParts p = parts();
    p.peakMemoryKb = 70 * 1024 + 1;
    EXPECT_EQ(reportLine(p), kWarm);
}

TEST(ReportLine, statusComesAfterEverythingElse)
{
    EXPECT_EQ(reportLine(parts(Outcome::TimedOut, "Sandbox.Timedout")),
              kWarm + "\tStatus: timeout");
    EXPECT_EQ(reportLine(parts(Outcome::Crashed, "Runtime.ExitError")),
              kWarm + "\tStatus: error\tError Type: Runtime.ExitError");
    EXPECT_EQ(reportLine(parts(Outcome::OutOfMemory, "Runtime.ExitError")),
              kWarm + "\tStatus: error\tError Type: Runtime.ExitError");
    LogParts init = parts(Outcome::InitError, "Runtime.ImportModuleError");
    init.cold = true;
    EXPECT_EQ(reportLine(init),
              kWarm
                  + "\tInit Duration: 182.11 ms\tStatus: error\t"
                    "Error Type: Runtime.ImportModuleError");
}

TEST(ReportLine, anErrorOfTheHandlerIsNoErrorOfTheInstance)
{
    EXPECT_EQ(reportLine(parts(Outcome::FunctionError, "ValueError")), kWarm);
}

TEST(LogText, bracketsTheOutput)
{
    LogParts p = parts();
    p.output = "hello\n";
    EXPECT_EQ(logText(p),
              "START RequestId: 8476a536 Version: $LATEST\nhello\nEND RequestId: 8476a536\n" + kWarm
                  + "\n");
    p.output = "no line end";
    EXPECT_EQ(logText(p),
              "START RequestId: 8476a536 Version: $LATEST\nno line end\nEND RequestId: 8476a536\n"
                  + kWarm + "\n");
    p.output.clear();
    EXPECT_EQ(logText(p),
              "START RequestId: 8476a536 Version: $LATEST\nEND RequestId: 8476a536\n" + kWarm
                  + "\n");
}

TEST(LogText, saysHowMuchOfTheOutputIsMissing)
{
    LogParts p = parts();
    p.output = "x";
    p.outputDropped = 17;
    EXPECT_EQ(logText(p),
              "START RequestId: 8476a536 Version: $LATEST\nx\n"
              "[17 bytes of output were dropped: more than this log may hold]\n"
              "END RequestId: 8476a536\n"
                  + kWarm + "\n");
}

} // namespace
