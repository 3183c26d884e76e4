// How functions are named and found.

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "invoke_server.h"

namespace coldframe::interop::test {
namespace {

struct Row {
    const char* name;
    std::string path; ///< what stands between /functions/ and /invocations, and a query
    std::string query;
    int status;
};

class InvokeNames : public testing::TestWithParam<Row> { };

TEST_P(InvokeNames, areResolved)
{
    InvokeServer server;
    const Answer answer = RawClient(server.port)
                              .exchange(http::test::post("/2015-03-31/functions/" + GetParam().path
                                                             + "/invocations" + GetParam().query,
                                                         "{}"));
    EXPECT_EQ(answer.status, GetParam().status) << answer.body;
    EXPECT_EQ(server.backend.calls.size(), answer.status == 200 ? 1u : 0u);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, InvokeNames,
    testing::Values(Row{"name", "resize", "", 200}, Row{"latest", "resize:$LATEST", "", 200},
                    Row{"latestEncoded", "resize%3A%24LATEST", "", 200},
                    Row{"latestAsQuery", "resize", "?Qualifier=$LATEST", 200},
                    Row{"latestAsEncodedQuery", "resize", "?Qualifier=%24LATEST", 200},
                    Row{"latestTwice", "resize:$LATEST", "?Qualifier=%24LATEST", 200},
                    Row{"emptyQualifier", "resize", "?Qualifier=", 200},
                    Row{"partialArn", "123456789012:function:resize", "", 200},
                    Row{"arn", "arn:aws:lambda:eu-west-1:123456789012:function:resize", "", 200},
                    Row{"arnEncoded",
                        "arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Aresize", "",
                        200},
                    Row{"unknown", "resizer", "", 404}, Row{"version", "resize:1", "", 404},
                    Row{"aliasAsQuery", "resize", "?Qualifier=live", 404},
                    Row{"twoQualifiers", "resize:$LATEST", "?Qualifier=live", 400},
                    Row{"badEncoding", "resize%zz", "", 400},
                    Row{"badQueryEncoding", "resize", "?Qualifier=%z", 400},
                    Row{"notAName", "a%20b", "", 400}, Row{"tooManyParts", "a:b:c", "", 400}),
    [](const auto& row) { return row.param.name; });

TEST(InvokeFunctions, unknownOnesAreNamedByTheirArn)
{
    InvokeServer server;
    RawClient client(server.port);
    const Answer unknown = client.exchange(invocation("none", "{}"));
    EXPECT_EQ(unknown.body,
              R"({"Type":"User","Message":"Function not found: )"
              R"(arn:aws:lambda:us-east-1:000000000000:function:none"})");
    EXPECT_TRUE(unknown.has("x-amzn-ErrorType: ResourceNotFoundException")) << unknown.head;
    EXPECT_TRUE(unknown.has("x-amzn-RequestId: " + std::string(kRequestId))) << unknown.head;
    EXPECT_EQ(client.exchange(invocation("upper:7", "{}")).body,
              R"({"Type":"User","Message":"Function not found: )"
              R"(arn:aws:lambda:us-east-1:000000000000:function:upper:7"})");
}

TEST(InvokeFunctions, areListed)
{
    InvokeServer server;
    RawClient client(server.port);
    for (const char* path : {"/2015-03-31/functions/", "/2015-03-31/functions",
                             "/2015-03-31/functions/?MaxItems=50"}) {
        const Answer answer = client.exchange(get(path));
        EXPECT_EQ(answer.status, 200);
        const auto json = nlohmann::json::parse(answer.body);
        ASSERT_EQ(json["Functions"].size(), 2u);
        EXPECT_EQ(json["Functions"][0]["FunctionName"], "resize");
        EXPECT_EQ(json["Functions"][1]["FunctionName"], "upper");
    }
}

TEST(InvokeFunctions, tellTheirConfiguration)
{
    InvokeServer server;
    RawClient client(server.port);
    const std::string expected
        = R"({"FunctionName":"resize",)"
          R"("FunctionArn":"arn:aws:lambda:us-east-1:000000000000:function:resize",)"
          R"("Runtime":"python","Handler":"app.handler","Timeout":4,"MemorySize":256,)"
          R"("Version":"$LATEST","State":"Active","LastUpdateStatus":"Successful"})";
    EXPECT_EQ(client.exchange(get("/2015-03-31/functions/resize/configuration")).body, expected);
    EXPECT_EQ(client.exchange(get("/2015-03-31/functions/resize?Qualifier=%24LATEST")).body,
              R"({"Configuration":)" + expected + "}");
    EXPECT_EQ(client.exchange(get("/2015-03-31/functions/none")).status, 404);
}

} // namespace
} // namespace coldframe::interop::test
