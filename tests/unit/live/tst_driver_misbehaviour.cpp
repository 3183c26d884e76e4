// Functions that do what no function should, in real processes.

#include "driver_bench.h"

using namespace coldframe;
using namespace coldframe::live::test;
using engine::Outcome;

namespace {

/// Says what its event is to the Runtime API, on a connection of its own that it then closes.
const char* const kRawClient = R"(import os, socket
def handler(event, context):
    host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(event.replace("ID", context.aws_request_id).encode())
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1000)
    return "done"
)";

TEST(DriverMisbehaviour, aTimeoutEndsGrandchildrenThatLeftTheSessionToo)
{
    DriverBench bench;
    bench.python("import subprocess, time\ndef handler(event, context):\n"
                 "    subprocess.Popen(['sh', '-c', 'setsid sleep 1000 & sleep 1000'],"
                 " start_new_session=True)\n    time.sleep(50)\n",
                 512, 1500ms);
    bench.configure();
    bench.send("{}");
    bench.until([&] { return bench.processes().size() >= 4; }, "the grandchildren");
    EXPECT_EQ(bench.wait(1).back().meter.outcome, Outcome::TimedOut);
    bench.until([&] { return bench.processes().empty(); }, "the end of the whole tree");
    EXPECT_TRUE(fs::is_empty(bench.folder / "tmp")) << "its temporary folder went with it";
}

TEST(DriverMisbehaviour, aForkBombIsGoneAfterItsTimeout)
{
    DriverBench bench;
    bench.python("import os, time\ndef handler(event, context):\n"
                 "    for _ in range(6):\n        if os.fork() == 0: os.setsid()\n" // 64 processes
                 "    time.sleep(50)\n",
                 512, 3s);
    bench.configure();
    bench.send("{}");
    bench.until([&] { return bench.processes().size() >= 64; }, "the bomb");
    EXPECT_EQ(bench.wait(1).back().meter.outcome, Outcome::TimedOut);
    bench.until([&] { return bench.processes().empty(); }, "the end of all of it");
    EXPECT_TRUE(fs::is_empty(bench.folder / "tmp"));
    EXPECT_EQ(bench.driver->pending(), 0U);
}

TEST(DriverMisbehaviour, aClientThatBreaksOffItsAnswerIsToldWhatToDo)
{
    DriverBench bench;
    bench.python(kRawClient);
    bench.configure();
    const Attempt attempt
        = bench.call(R"("POST /2018-06-01/runtime/invocation/ID/response HTTP/1.1\r\n)"
                     R"(Host: x\r\nContent-Length: 1000\r\n\r\n{\"half\":")");
    EXPECT_EQ(attempt.meter.outcome, Outcome::FunctionError);
    EXPECT_EQ(attempt.report.errorType, "Runtime.TruncatedResponse");
    EXPECT_NE(attempt.payload().find("the function's client closed the connection half-way. Send "
                                     "all of it before closing"),
              std::string::npos)
        << attempt.payload();
}

TEST(DriverMisbehaviour, whatTheRuntimeApiRefusesIsInTheLog)
{
    DriverBench bench;
    bench.python(kRawClient);
    bench.configure();
    const Attempt attempt
        = bench.call(R"("GET /2018-06-01/runtime/nothing HTTP/1.1\r\nHost: x\r\n\r\n")");
    EXPECT_EQ(attempt.meter.outcome, Outcome::Succeeded) << attempt.payload();
    EXPECT_NE(
        attempt.report.log.find("Runtime API: a request was refused with 404: No such path in "
                                "the Runtime API\n"),
        std::string::npos)
        << attempt.report.log;
}

TEST(DriverMisbehaviour, outputPastOneMebibyteIsCountedAndDropped)
{
    DriverBench bench;
    bench.python("import sys\ndef handler(event, context):\n"
                 "    for _ in range(100): sys.stdout.write('x' * 1048575 + '\\n')\n"
                 "    return 'done'\n");
    bench.configure();
    const Attempt attempt = bench.call();
    EXPECT_EQ(attempt.meter.outcome, Outcome::Succeeded) << attempt.payload();
    EXPECT_EQ(attempt.report.log.size(), 1U << 20U);
    EXPECT_EQ(attempt.report.log.size() + attempt.report.logBytesDropped, 100U << 20U);
    EXPECT_EQ(bench.call().report.logBytesDropped, 99U << 20U) << "counted anew for each attempt";
}

} // namespace
