#include <gmock/gmock.h>

#include "init_text.h"

namespace coldframe::commands {
namespace {

session::BringPlan plan()
{
    session::BringPlan plan;
    plan.folder = "/home/ada/resize";
    DetectedHandler handler{Runtime::Python, ".", "lambda_function.lambda_handler"};
    handler.reading.event = HandlerEvent::S3;
    handler.reading.heavyLibrary = "PIL";
    handler.reading.writesObjects = true;
    handler.reading.buckets = {{BucketMention::How::Variable, "DEST_BUCKET", false},
                               {BucketMention::How::Suffix, "-resized", false}};
    plan.draft = draftWorkspace("resize", {handler, {Runtime::Lambda, "native", ""}});
    return plan;
}

const std::vector<std::filesystem::path> kWritten{"/home/ada/resize/coldframe.json",
                                                  "/home/ada/resize/data/in/sample.png"};

TEST(InitText, SaysWhatWasFoundWrittenAndIsNext)
{
    EXPECT_EQ(initText(plan(), kWritten),
              R"(function resize: python lambda_function.lambda_handler in ., 512 MB
  event: an object in a bucket (Records[].s3)
  environment: DEST_BUCKET=out
  trigger on-upload: files that come into the store in
function native: lambda bootstrap in native, 128 MB
  event: no known shape, so a plain sample
  trigger send-native: by hand
store in: the folder data/in (its objects are what events tell of)
store out: the folder data/out (the code reads its name from DEST_BUCKET)
store in-resized: the folder data/in-resized (the code appends "-resized" to the event's bucket)
wrote /home/ada/resize/coldframe.json
wrote /home/ada/resize/data/in/sample.png
note: resize gets 512 MB, as it loads PIL
next: coldframe test /home/ada/resize
)");
}

TEST(InitText, SaysWhatIsDisabledAndWhatHasNoExpectation)
{
    DetectedHandler handler{Runtime::Python, ".", "nightly.handler"};
    handler.reading.event = HandlerEvent::Scheduled;
    session::BringPlan plan;
    plan.folder = "/home/ada/my garden";
    plan.draft = draftWorkspace("garden", {handler});
    plan.lacksExpectation = true;
    EXPECT_EQ(initText(plan, {"/home/ada/my garden/coldframe.json"}),
              R"(function nightly: python nightly.handler in ., 128 MB
  event: the Scheduled Event of a schedule
  trigger daily-nightly: rate(1 day), disabled
wrote /home/ada/my garden/coldframe.json
note: nightly runs on a schedule, which is disabled: set when it should run in /triggers/daily-nightly/expression, and enable it
next: coldframe test '/home/ada/my garden' --write-missing
)");
}

TEST(InitText, SaysTheSameAsJson)
{
    EXPECT_EQ(
        initJson(plan(), kWritten),
        R"({"functions":[{"name":"resize","runtime":"python","code":".",)"
        R"("handler":"lambda_function.lambda_handler","memoryMb":512,)"
        "\"event\":\"s3\",\"environment\":{\"DEST_BUCKET\":\"out\"},"
        R"("trigger":"on-upload"},{"name":"native","runtime":"lambda","code":"native","handler":"",)"
        R"("memoryMb":128,"event":"plain","environment":{},)"
        R"("trigger":"send-native"}],"stores":[{"name":"in","path":"data/in",)"
        R"("why":"its objects are what events tell of"},{"name":"out","path":"data/out",)"
        R"("why":"the code reads its name from DEST_BUCKET"},{"name":"in-resized",)"
        R"("path":"data/in-resized","why":"the code appends \"-resized\" to the event's bucket"}],)"
        R"("written":["/home/ada/resize/coldframe.json","/home/ada/resize/data/in/sample.png"],)"
        R"("notes":["resize gets 512 MB, as it loads PIL"]})"
        "\n");
}

} // namespace
} // namespace coldframe::commands
