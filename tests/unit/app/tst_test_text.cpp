#include "test_text.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "junit_text.h"

using namespace coldframe;
using namespace coldframe::commands;
using namespace coldframe::session;
using namespace std::chrono_literals;

namespace {

TestCase testNamed(const std::string& name, const std::string& function)
{
    TestCase test;
    test.name = name;
    test.function = function;
    test.event = "ws/events/" + name + ".json";
    test.expectationFile = "ws/events/" + name + ".expect.json";
    return test;
}

TestResult passed()
{
    TestResult result;
    result.outcome = TestOutcome::Passed;
    result.answer.platform = 1'940us;
    result.answer.init = 45'210us;
    result.answer.cost = Money::fromPicodollars(395'900);
    result.answer.log = "START RequestId: 1 Version: $LATEST\nhello\nEND RequestId: 1\n"
                        "REPORT RequestId: 1\tDuration: 1.94 ms\n";
    result.took = 150ms;
    return result;
}

TestResult failed()
{
    TestResult result = passed();
    result.outcome = TestOutcome::Failed;
    result.mismatches = {{.pointer = "/result/a",
                          .line = 4,
                          .column = 10,
                          .expected = "2",
                          .got = "1",
                          .sentence = "/a of the result is 1 instead of 2"},
                         {.pointer = "/logMatches",
                          .line = 6,
                          .column = 17,
                          .expected = "<x>",
                          .got = {},
                          .sentence = "nothing in the log matches \"<x>\""}};
    return result;
}

TestResult broken()
{
    TestResult result;
    result.outcome = TestOutcome::Broken;
    result.error
        = Error{.message = "the event is not JSON", .hint = "correct it", .file = "e.json"};
    return result;
}

TEST(TestText, aLineATest)
{
    const TestWidths widths = widthsOf({testNamed("é", "f"), testNamed("longer", "function")});
    EXPECT_EQ(testLine(testNamed("é", "f"), passed(), widths),
              "✓ é       f         1.9 ms platform, 45.2 ms init, 0.0000003959 USD\n");
    TestResult warm = failed();
    warm.answer.init = {};
    EXPECT_EQ(testLine(testNamed("longer", "function"), warm, widths),
              "✗ longer  function  1.9 ms platform, 0.0000003959 USD\n");
    EXPECT_EQ(testLine(testNamed("x", "f"), broken(), {}), "! x  f  could not be judged\n");
    EXPECT_EQ(testLine(testNamed("x", "f"), {}, {}), "- x  f  not run\n");
    TestResult throttled = passed();
    throttled.answer.throttled = true;
    EXPECT_EQ(testLine(testNamed("x", "f"), throttled, {}), "✓ x  f  throttled\n");
}

TEST(TestText, troubleSaysWhatWhereAndHowToRunItAgain)
{
    EXPECT_EQ(troubleText(testNamed("a b", "f"), failed(), "my ws"),
              "\n✗ a b\n"
              "  ws/events/a b.expect.json:4:10: /result/a: /a of the result is 1 instead of 2\n"
              "  ws/events/a b.expect.json:6:17: /logMatches: nothing in the log matches "
              "\"<x>\"\n"
              "  | hello\n"
              "  again: coldframe test 'my ws' 'a b'\n");
    EXPECT_EQ(troubleText(testNamed("it's", "f"), broken(), "."),
              "\n! it's\n"
              "  e.json: the event is not JSON; correct it\n"
              "  again: coldframe test . 'it'\\''s'\n");
    EXPECT_EQ(troubleText(testNamed("a", "f"), passed(), "ws"), "");
}

TEST(TestText, troubleShowsTheEndOfALongLog)
{
    TestResult result = failed();
    result.answer.log.clear();
    for (int i = 0; i < 100; ++i)
        result.answer.log += "line " + std::to_string(i) + "\n";
    const std::string text = troubleText(testNamed("a", "f"), result, "ws");
    EXPECT_EQ(text.find("  | line 84\n"), std::string::npos);
    EXPECT_NE(text.find("  | line 85\n"), std::string::npos);
    EXPECT_NE(text.find("  | line 99\n  again: "), std::string::npos);
}

TEST(TestText, theSummaryCounts)
{
    const std::string legend = "Platform time and cost are modelled, without waits for a core of "
                               "this machine; init is measured.\n";
    EXPECT_EQ(testsSummary({passed()}), "\n1 test: 1 passed, 0 failed, in 150 ms\n" + legend);
    EXPECT_EQ(testsSummary({passed(), failed(), broken(), {}}),
              "\n4 tests: 1 passed, 1 failed, 1 could not be judged, 1 not run, in 300 ms\n"
                  + legend);
    TestResult nothing = passed();
    nothing.outcome = TestOutcome::NothingExpected;
    EXPECT_EQ(testsSummary({passed(), nothing}),
              "\n1 test: 1 passed, 0 failed, in 300 ms\n" + legend);
}

TEST(TestJson, isOneLineWithEverything)
{
    const std::string text = testsJson(
        {testNamed("a", "f"), testNamed("b", "f"), testNamed("c", "f"), testNamed("d", "")},
        {passed(), failed(), broken(), {}});
    EXPECT_EQ(text.find('\n'), text.size() - 1);
    const auto told = nlohmann::json::parse(text);
    EXPECT_EQ(told["passed"], 1);
    EXPECT_EQ(told["failed"], 1);
    EXPECT_EQ(told["broken"], 1);
    EXPECT_EQ(told["notRun"], 1);
    const auto& tests = told["tests"];
    EXPECT_EQ(tests[0].dump(),
              R"({"costUsd":3.959e-07,"function":"f","initMs":45.21,"mismatches":[],"name":"a",)"
              R"("outcome":"passed","platformMs":1.94,"status":"succeeded","tookMs":150.0})");
    EXPECT_NE(text.find("\"costUsd\":0.0000003959,"), std::string::npos);
    EXPECT_EQ(tests[1]["mismatches"][0].dump(),
              R"({"column":10,"expected":"2","got":"1","line":4,)"
              R"("message":"/a of the result is 1 instead of 2","pointer":"/result/a"})");
    EXPECT_EQ(tests[2]["error"], "e.json: the event is not JSON; correct it");
    EXPECT_EQ(tests[3]["outcome"], "not-run");
}

const char* const kReport = R"xml(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="coldframe" tests="3" failures="1" errors="1" skipped="1" time="0.150">
  <testsuite name="w&lt;s" tests="3" failures="1" errors="1" skipped="1" time="0.150" timestamp="2025-11-26T11:23:01">
    <testcase name="a" classname="w&lt;s.f" file="ws/events/a.expect.json" time="0.150">
      <properties>
        <property name="status" value="succeeded"/>
        <property name="platform-ms-modelled" value="1.940"/>
        <property name="init-ms-measured" value="45.210"/>
        <property name="cost-usd-modelled" value="0.0000003959"/>
      </properties>
      <failure message="/a of the result is 1 instead of 2" type="/result/a">ws/events/a.expect.json:4:10: /result/a: /a of the result is 1 instead of 2
ws/events/a.expect.json:6:17: /logMatches: nothing in the log matches &quot;&lt;x&gt;&quot;
</failure>
      <system-out>START RequestId: 1 Version: $LATEST
hello
END RequestId: 1
REPORT RequestId: 1	Duration: 1.94 ms
</system-out>
    </testcase>
    <testcase name="b" classname="w&lt;s.f" file="ws/events/b.expect.json" time="0.000">
      <error message="the event is not JSON" type="error">e.json: the event is not JSON; correct it</error>
    </testcase>
    <testcase name="c" classname="w&lt;s" file="ws/events/c.expect.json" time="0.000">
      <skipped message="not run"/>
    </testcase>
  </testsuite>
</testsuites>
)xml";

TEST(Junit, saysExactlyThis)
{
    const TimePoint at(std::chrono::seconds(1'764'156'181));
    EXPECT_EQ(junitText("w<s", {testNamed("a", "f"), testNamed("b", "f"), testNamed("c", "")},
                        {failed(), broken(), {}}, at),
              kReport);
}

TEST(XmlText, holdsNothingThatXmlCannot)
{
    EXPECT_EQ(xmlText("a<b>&\"c'\u00e9\U0001f600"), "a&lt;b&gt;&amp;&quot;c'\u00e9\U0001f600");
    EXPECT_EQ(xmlText("\n\t\r"), "\n\t&#13;");
    EXPECT_EQ(xmlAttribute("\n\t\r<\x02"), "&#10;&#9;&#13;&lt;\ufffd");
    EXPECT_EQ(xmlText(std::string("a\0b\x01\x1b[31m", 9)), "a\ufffdb\ufffd\ufffd[31m");
    EXPECT_EQ(xmlText("\xff\xc3"), "\ufffd\ufffd");
    EXPECT_EQ(xmlText("\xef\xbf\xbe\xef\xbf\xbf\xed\xa0\x80"), "\ufffd\ufffd\ufffd\ufffd\ufffd");
}

} // namespace
