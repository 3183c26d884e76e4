#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "gateway/http_event.h"
#include "mangled.h"
#include "model/base64.h"

namespace coldframe::gateway {

namespace {

using nlohmann::json;

HttpCall call()
{
    return {.method = "POST",
            .target = "/orders/17?dry=1&tag=a&tag=b%26c&empty",
            .headers = {{"Host", "localhost:3000"},
                        {"Content-Type", "application/json"},
                        {"X-Tag", "one"},
                        {"x-tag", "two"},
                        {"Cookie", "sid=42; theme=dark"},
                        {"User-Agent", "curl/8.5.0"}},
            .body = R"({"qty":4})",
            .requestId = "1d9f2c7e-0000-4000-8000-000000000012",
            .at = TimePoint(std::chrono::milliseconds(1772615707412))};
}

RouteMatch match()
{
    return {"orders", *parseHttpRoute("POST /orders/{id}"), {{"id", "17"}}};
}

json v2(const HttpCall& of, const RouteMatch& route = match())
{
    return json::parse(httpEvent(of, route, HttpPayload::V2));
}

json v1(const HttpCall& of, const RouteMatch& route = match())
{
    return json::parse(httpEvent(of, route, HttpPayload::V1));
}

} // namespace

TEST(HttpEvent, FormatTwo)
{
    const json expected = json::parse(R"({
        "version": "2.0", "routeKey": "POST /orders/{id}", "rawPath": "/orders/17",
        "rawQueryString": "dry=1&tag=a&tag=b%26c&empty", "cookies": ["sid=42", "theme=dark"],
        "headers": {"host": "localhost:3000", "content-type": "application/json",
                    "x-tag": "one,two", "user-agent": "curl/8.5.0"},
        "queryStringParameters": {"dry": "1", "tag": "a,b&c", "empty": ""},
        "pathParameters": {"id": "17"},
        "requestContext": {
            "accountId": "000000000000", "apiId": "local", "domainName": "localhost",
            "domainPrefix": "localhost",
            "http": {"method": "POST", "path": "/orders/17", "protocol": "HTTP/1.1",
                     "sourceIp": "127.0.0.1", "userAgent": "curl/8.5.0"},
            "requestId": "1d9f2c7e-0000-4000-8000-000000000012",
            "routeKey": "POST /orders/{id}", "stage": "$default",
            "time": "04/Mar/2026:09:15:07 +0000", "timeEpoch": 1772615707412},
        "body": "{\"qty\":4}", "isBase64Encoded": false})");
    EXPECT_EQ(v2(call()), expected) << json::diff(expected, v2(call())).dump(1);
}

/// What is not there is left out in 2.0, and null in 1.0.
TEST(HttpEvent, AbsentParts)
{
    HttpCall bare{.method = "GET", .target = "/"};
    const RouteMatch all{"rest", {}, {}};
    const json two = v2(bare, all), one = v1(bare, all);
    for (const char* key : {"cookies", "queryStringParameters", "pathParameters", "body"})
        EXPECT_FALSE(two.contains(key)) << key;
    EXPECT_EQ(two["routeKey"], "$default");
    EXPECT_EQ(two["headers"], json::object());
    for (const char* key :
         {"headers", "multiValueHeaders", "queryStringParameters",
          "multiValueQueryStringParameters", "pathParameters", "stageVariables", "body"})
        EXPECT_TRUE(one.at(key).is_null()) << key;
    EXPECT_EQ(one["resource"], "/{proxy+}");
}

TEST(HttpEvent, FormatOneHasTheLastValueAndAllOfThem)
{
    const json event = v1(call());
    EXPECT_EQ(event["version"], "1.0");
    EXPECT_EQ(event["resource"], "/orders/{id}");
    EXPECT_EQ(event["path"], "/orders/17");
    EXPECT_EQ(event["headers"]["X-Tag"], "one"); // names in 1.0 stay as they were sent
    EXPECT_EQ(event["headers"]["x-tag"], "two");
    EXPECT_EQ(event["queryStringParameters"]["tag"], "b&c");
    EXPECT_EQ(event["multiValueQueryStringParameters"]["tag"], json::array({"a", "b&c"}));
    EXPECT_EQ(event["multiValueHeaders"]["Cookie"], json::array({"sid=42; theme=dark"}));
    EXPECT_EQ(event["requestContext"]["requestTime"], "04/Mar/2026:09:15:07 +0000");
    EXPECT_EQ(event["body"], R"({"qty":4})");
    EXPECT_EQ(event["isBase64Encoded"], false);
}

struct BodyCase {
    const char* name;
    const char* type;
    const char* encoding;
    std::string body;
    bool inBase64;
};

class BodyOfTwo : public testing::TestWithParam<BodyCase> { };

TEST_P(BodyOfTwo, IsTextOrBase64)
{
    HttpCall with = call();
    with.headers.clear();
    if (*GetParam().type)
        with.headers.emplace_back("content-type", GetParam().type);
    if (*GetParam().encoding)
        with.headers.emplace_back("Content-Encoding", GetParam().encoding);
    with.body = GetParam().body;
    const json event = v2(with);
    EXPECT_EQ(event["isBase64Encoded"], GetParam().inBase64);
    if (!GetParam().inBase64) {
        EXPECT_EQ(event["body"], GetParam().body);
    }
}

INSTANTIATE_TEST_SUITE_P(
    All, BodyOfTwo,
    testing::Values(BodyCase{"json", "application/json; charset=utf-8", "", "{}", false},
                    BodyCase{"suffix", "application/ld+json", "", "{}", false},
                    BodyCase{"csv", "text/csv", "", "a,b", false},
                    BodyCase{"upper", "TEXT/Plain", "", "a", false},
                    BodyCase{"no type", "", "", "plain", false},
                    BodyCase{"form", "application/x-www-form-urlencoded", "", "a=1", true},
                    BodyCase{"image", "image/png", "", "\x89PNG", true},
                    BodyCase{"gzip", "application/json", "gzip", "{}", true},
                    BodyCase{"latin 1 says text", "text/plain", "", "caf\xE9", true},
                    BodyCase{"nul", "text/plain", "", std::string("a\0b", 3), false},
                    BodyCase{"no type, no text", "", "", "\xFF\xFE", true}));

/// Bytes in headers and queries that are no UTF-8 never break the event.
TEST(HttpEvent, StrayBytesAreReplaced)
{
    HttpCall stray = call();
    stray.target = "/x?y=%FF";
    stray.headers.emplace_back("x-odd", "caf\xE9");
    EXPECT_EQ(v2(stray)["headers"]["x-odd"], "caf\xEF\xBF\xBD");
    EXPECT_EQ(v2(stray)["queryStringParameters"]["y"], "\xEF\xBF\xBD");
}

/// Whatever a request holds, its event is JSON and its body comes through to the last byte.
TEST(HttpEvent, OfMangledRequestsIsJson)
{
    using coldframe::test::below;
    using coldframe::test::mangled;
    std::mt19937 random(coldframe::test::seedToTry());
    RouteTable routes;
    routes.add("orders", *parseHttpRoute("ANY /orders/{id}"));
    routes.add("files", *parseHttpRoute("GET /files/{rest+}"));
    routes.add("rest", *parseHttpRoute("$default"));
    const std::string targets[] = {"/orders/17?dry=1&tag=a&tag=b%26c&empty",
                                   "/files/a%2Fb/c%20d/",
                                   "/orders/%00",
                                   "//%",
                                   "*",
                                   "/?&&=&==&+%2b+"};
    const std::string types[] = {"application/json; charset=x", "text/plain", "image/png", ""};
    for (int round = 0; round < 1'000; ++round) {
        HttpCall odd = call();
        odd.target = mangled(targets[below(random, std::size(targets))], random);
        odd.body = mangled("{\"qty\":\"caf\xC3\xA9\"}", random);
        for (auto& [name, value] : odd.headers)
            value = mangled(name == "Content-Type" ? types[below(random, std::size(types))] : value,
                            random);
        const auto found = routes.find(odd.method, pathOf(odd.target));
        if (!found)
            continue;
        for (const HttpPayload payload : {HttpPayload::V1, HttpPayload::V2}) {
            const json event = json::parse(httpEvent(odd, *found, payload));
            const bool coded = event["isBase64Encoded"];
            const std::string body = event.contains("body") && event["body"].is_string()
                ? event["body"].get<std::string>()
                : std::string();
            ASSERT_EQ(coded ? fromBase64(body) : body, odd.body) << odd.target;
        }
    }
}

} // namespace coldframe::gateway
