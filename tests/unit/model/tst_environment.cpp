#include <gmock/gmock.h>

#include "model/environment.h"

namespace coldframe::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;
using testing::StartsWith;

Workspace garden()
{
    Workspace workspace;
    workspace.stores = {{"my-uploads", FolderStore{"/garden/data/uploads"}}};
    Function function;
    function.name = "resize";
    function.code = "/garden/functions/resize";
    function.handler = "app.handler";
    function.memoryMb = 256;
    workspace.functions = {function};
    return workspace;
}

EnvironmentContext context()
{
    EnvironmentContext made;
    made.runtimeApi = "127.0.0.1:41234";
    made.temporaryFolder = "/tmp/coldframe-1";
    made.runtimeFolder = "/usr/share/coldframe/runtimes/python";
    made.logStream = "2026/11/23/[$LATEST]00";
    made.runtimeVersion = "3.11";
    made.path = "/home/ada/bin:/usr/bin";
    made.lookup = [](const std::string& name) -> std::optional<std::string> {
        if (name == "DB_PASSWORD")
            return "s3cret ${env:OTHER}";
        return std::nullopt;
    };
    return made;
}

std::vector<std::string> environmentOf(const Workspace& workspace, const EnvironmentContext& in)
{
    const Result<std::vector<std::string>> made
        = functionEnvironment(workspace, workspace.functions.front(), in);
    EXPECT_TRUE(made) << describe(made.error());
    return made.value_or(std::vector<std::string>{});
}

TEST(Environment, IsWholeAndNothingElse)
{
    EXPECT_THAT(
        environmentOf(garden(), context()),
        ElementsAre(
            "AWS_ACCESS_KEY_ID=COLDFRAMEDUMMYKEY", "AWS_CONFIG_FILE=/dev/null",
            "AWS_DEFAULT_REGION=us-east-1", "AWS_EC2_METADATA_DISABLED=true",
            "AWS_EXECUTION_ENV=AWS_Lambda_python3.11", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=256",
            "AWS_LAMBDA_FUNCTION_NAME=resize", "AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
            "AWS_LAMBDA_INITIALIZATION_TYPE=on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/resize",
            "AWS_LAMBDA_LOG_STREAM_NAME=2026/11/23/[$LATEST]00",
            "AWS_LAMBDA_RUNTIME_API=127.0.0.1:41234", "AWS_REGION=us-east-1", "AWS_SAM_LOCAL=true",
            "AWS_SECRET_ACCESS_KEY=coldframe-dummy-secret",
            "AWS_SESSION_TOKEN=coldframe-dummy-token", "AWS_SHARED_CREDENTIALS_FILE=/dev/null",
            "AWS_XRAY_CONTEXT_MISSING=LOG_ERROR", "COLDFRAME=1",
            "COLDFRAME_STORE_MY_UPLOADS=/garden/data/uploads", "HOME=/tmp/coldframe-1",
            "LAMBDA_RUNTIME_DIR=/usr/share/coldframe/runtimes/python",
            "LAMBDA_TASK_ROOT=/garden/functions/resize", "LANG=C.UTF-8",
            "PATH=/home/ada/bin:/usr/bin", "TMPDIR=/tmp/coldframe-1", "TZ=:UTC",
            "_HANDLER=app.handler"));
}

TEST(Environment, DiffersByRuntime)
{
    struct Row {
        const char* name;
        Runtime runtime;
        const char* handler;
        const char* api;
        std::vector<std::string> has;
        std::vector<std::string> hasNot;
    };
    const std::vector<Row> rows{
        {"node",
         Runtime::Node,
         "index.handler",
         "127.0.0.1:1",
         {"AWS_EXECUTION_ENV=AWS_Lambda_nodejs18.x", "_HANDLER=index.handler"},
         {}},
        {"lambda without handler",
         Runtime::Lambda,
         "",
         "127.0.0.1:1",
         {"_HANDLER=bootstrap"},
         {"AWS_EXECUTION_ENV="}},
        {"lambda with handler", Runtime::Lambda, "main", "127.0.0.1:1", {"_HANDLER=main"}, {}},
        {"command",
         Runtime::Command,
         "",
         "",
         {"AWS_LAMBDA_FUNCTION_NAME=resize"},
         {"_HANDLER=", "AWS_LAMBDA_RUNTIME_API=", "AWS_EXECUTION_ENV="}},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(row.name);
        Workspace workspace = garden();
        workspace.functions[0].runtime = row.runtime;
        workspace.functions[0].handler = row.handler;
        EnvironmentContext in = context();
        in.runtimeApi = row.api;
        in.runtimeVersion = "18";
        const std::vector<std::string> made = environmentOf(workspace, in);
        for (const std::string& line : row.has)
            EXPECT_THAT(made, Contains(line));
        for (const std::string& name : row.hasNot)
            EXPECT_THAT(made, Not(Contains(StartsWith(name))));
    }
}

TEST(Environment, LaterLayersWin)
{
    Workspace workspace = garden();
    workspace.functions[0].environment = {{"TZ", "Europe/Berlin"},
                                          {"LANG", "de_DE.UTF-8"},
                                          {"AWS_CONFIG_FILE", "/home/ada/.aws/config"},
                                          {"AWS_ENDPOINT_URL", "http://127.0.0.1:9000"},
                                          {"AWS_REGION", "moon-1"}};
    const std::vector<std::string> made = environmentOf(workspace, context());
    EXPECT_THAT(made, Contains("TZ=Europe/Berlin"));
    EXPECT_THAT(made, Contains("LANG=de_DE.UTF-8"));
    EXPECT_THAT(made, Contains("AWS_ENDPOINT_URL=http://127.0.0.1:9000"));
    EXPECT_THAT(made, Contains("AWS_CONFIG_FILE=/dev/null")); // the user's account stays shut
    EXPECT_THAT(made, Contains("AWS_REGION=us-east-1"));
}

TEST(Environment, EndpointsOfStoresAndFunctions)
{
    EnvironmentContext in = context();
    in.accessKey = "COLDFRAME00000000017";
    in.s3Endpoint = "http://127.0.0.1:9002";
    in.lambdaEndpoint = "http://127.0.0.1:9001";
    in.sqsEndpoint = "http://127.0.0.1:9003";
    const std::string s3 = "AWS_ENDPOINT_URL_S3=http://127.0.0.1:9002";
    const std::string lambda = "AWS_ENDPOINT_URL_LAMBDA=http://127.0.0.1:9001";
    Workspace workspace = garden();
    std::vector<std::string> made = environmentOf(workspace, in);
    EXPECT_THAT(made, Contains("AWS_ACCESS_KEY_ID=COLDFRAME00000000017"));
    EXPECT_THAT(made, Contains(s3));
    EXPECT_THAT(made, Contains(lambda));
    EXPECT_THAT(made, Contains("AWS_ENDPOINT_URL_SQS=http://127.0.0.1:9003"));

    workspace.functions[0].environment = {{"AWS_ENDPOINT_URL_S3", "http://127.0.0.1:4566"}};
    made = environmentOf(workspace, in);
    EXPECT_THAT(made, Contains("AWS_ENDPOINT_URL_S3=http://127.0.0.1:4566"));
    EXPECT_THAT(made, Contains(lambda));

    workspace.functions[0].environment = {{"AWS_ENDPOINT_URL", "http://127.0.0.1:4566"}};
    made = environmentOf(workspace, in);
    EXPECT_THAT(made, Not(Contains(StartsWith("AWS_ENDPOINT_URL_"))));

    workspace.functions[0].environment.clear();
    workspace.functions[0].inheritAws = "work"; // the real services, by the user's own wish
    made = environmentOf(workspace, in);
    EXPECT_THAT(made, Not(Contains(StartsWith("AWS_ENDPOINT_URL"))));
    EXPECT_THAT(made, Not(Contains(StartsWith("AWS_ACCESS_KEY_ID"))));
}

TEST(Environment, ProvisionedInstancesAndTheDefaultPath)
{
    EnvironmentContext in = context();
    in.provisioned = true;
    in.path.clear();
    const std::vector<std::string> made = environmentOf(garden(), in);
    EXPECT_THAT(made, Contains("AWS_LAMBDA_INITIALIZATION_TYPE=provisioned-concurrency"));
    EXPECT_THAT(made, Contains("PATH=/usr/local/bin:/usr/bin:/bin"));
}

TEST(Environment, InheritsTheCallersProfileWhenToldTo)
{
    Workspace workspace = garden();
    workspace.functions[0].inheritAws = "sandbox";
    EnvironmentContext in = context();
    in.callerVariables = {{"HOME", "/home/ada"},
                          {"AWS_CONFIG_FILE", "/home/ada/work.config"},
                          {"AWS_REGION", "eu-west-1"},
                          {"AWS_SECRET_ACCESS_KEY", "never passed on"},
                          {"SSH_AUTH_SOCK", "/run/ssh"}};
    const std::vector<std::string> made = environmentOf(workspace, in);
    EXPECT_THAT(made, Contains("AWS_PROFILE=sandbox"));
    EXPECT_THAT(made, Contains("HOME=/home/ada"));
    EXPECT_THAT(made, Contains("AWS_CONFIG_FILE=/home/ada/work.config"));
    EXPECT_THAT(made, Contains("AWS_REGION=eu-west-1"));
    for (const char* name : {"AWS_SECRET_ACCESS_KEY=", "AWS_ACCESS_KEY_ID=", "AWS_SESSION_TOKEN=",
                             "AWS_SHARED_CREDENTIALS_FILE=", "AWS_DEFAULT_REGION=", "SSH_AUTH"})
        EXPECT_THAT(made, Not(Contains(StartsWith(name))));
}

TEST(Environment, FillsInSecretsOnceAndMarksThem)
{
    Workspace workspace = garden();
    workspace.functions[0].environment
        = {{"URL", "db://u:${env:DB_PASSWORD}@h"}, {"PLAIN", "x"}, {"RAW", "$${env:DB_PASSWORD}"}};
    const std::vector<std::string> made = environmentOf(workspace, context());
    EXPECT_THAT(made, Contains("URL=db://u:s3cret ${env:OTHER}@h"));
    EXPECT_THAT(made, Contains("RAW=${env:DB_PASSWORD}"));
    EXPECT_THAT(secretVariables(workspace.functions[0]), ElementsAre("URL"));
}

TEST(Environment, SaysWhichVariableIsMissingAndWhereToPutIt)
{
    Workspace workspace = garden();
    workspace.functions[0].environment = {{"API", "${env:API_KEY}"}};
    const auto made = functionEnvironment(workspace, workspace.functions[0], context());
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Error::Code::Missing);
    EXPECT_EQ(
        describe(made.error()),
        "coldframe.json: /functions/resize/environment/API: the function \"resize\" needs the "
        "variable API_KEY, which is not set: its API is made from ${env:API_KEY}; export "
        "API_KEY before starting Coldframe, or write API_KEY=… into secrets.env beside "
        "coldframe.json");
}

TEST(Environment, HoldsTheLimitAfterSecretsAreFilledIn)
{
    Workspace workspace = garden();
    workspace.functions[0].environment = {{"BIG", "${env:BIG}"}};
    EnvironmentContext in = context();
    in.lookup = [](const std::string&) { return std::string(5000, 'x'); };
    const auto made = functionEnvironment(workspace, workspace.functions[0], in);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Error::Code::LimitReached);
    EXPECT_EQ(made.error().message,
              "the variables of \"resize\" measure 5010 bytes with their secrets filled in; the "
              "platform takes 4096");
}

TEST(Secrets, AreReadLineByLine)
{
    const auto secrets = parseSecrets("# mine\n\nA=1\n  export B = two words \nC='# no comment'\r\n"
                                      "D=\"\"\nE=a=b\nF=",
                                      "secrets.env");
    ASSERT_TRUE(secrets) << describe(secrets.error());
    EXPECT_THAT(*secrets,
                ElementsAre(testing::Pair("A", "1"), testing::Pair("B", "two words"),
                            testing::Pair("C", "# no comment"), testing::Pair("D", ""),
                            testing::Pair("E", "a=b"), testing::Pair("F", "")));
}

TEST(Secrets, ErrorsNameTheLineAndNeverTheValue)
{
    const std::vector<std::pair<std::string, std::string>> rows{
        {"A=1\nhunter2\n", "secrets.env:2: the line has no '='; write NAME=VALUE"},
        {"hunter-2=x",
         "secrets.env:1: what stands before the '=' is not a name; use letters, digits and _, not "
         "beginning with a digit"},
        {"\n\nA=\"hunter2",
         "secrets.env:3: the quotes around the value of A do not close; end the value with the "
         "quote it begins with"},
        {"A=1\nA=2", "secrets.env:2: A is given twice; remove one of the lines"},
    };
    for (const auto& [text, message] : rows) {
        const auto secrets = parseSecrets(text, "secrets.env");
        ASSERT_FALSE(secrets) << text;
        EXPECT_EQ(describe(secrets.error()), message);
    }
}

} // namespace
} // namespace coldframe::test
