#include <gtest/gtest.h>

#include "http/origin_guard.h"

namespace coldframe::http {
namespace {

struct Row {
    const char* name;
    Caller caller;
    const char* refusal; ///< null when served
};

const Row kRows[] = {
    {"address", {"127.0.0.1", "", ""}, nullptr},
    {"address with port", {"127.0.0.1:9001", "", ""}, nullptr},
    {"name with port", {"localhost:9001", "", ""}, nullptr},
    {"name in capitals", {"LocalHost", "", ""}, nullptr},
    {"name with an empty port", {"localhost:", "", ""}, nullptr},
    {"IPv6 address", {"[::1]", "", ""}, nullptr},
    {"IPv6 address with port", {"[::1]:9001", "", ""}, nullptr},
    {"page of the same host", {"localhost:9001", "http://localhost:3000", ""}, nullptr},
    {"page of the same host, https", {"127.0.0.1:1", "https://127.0.0.1", ""}, nullptr},
    {"page of the same IPv6 host", {"[::1]:1", "http://[::1]:3000", ""}, nullptr},
    {"typed into the browser", {"localhost", "", "none"}, nullptr},
    {"script of the same page", {"localhost", "", "same-origin"}, nullptr},
    {"page on another port", {"localhost", "", "same-site"}, nullptr},
    {"no Host",
     {"", "", ""},
     "This API answers on this computer only: the Host header must be 127.0.0.1, localhost or "
     "[::1], not \"\". Call it by one of these names."},
    {"foreign name that resolves to here",
     {"evil.example:9001", "", ""},
     "This API answers on this computer only: the Host header must be 127.0.0.1, localhost or "
     "[::1], not \"evil.example:9001\". Call it by one of these names."},
    {"name that begins alike",
     {"localhost.evil.example", "", ""},
     "This API answers on this computer only: the Host header must be 127.0.0.1, localhost or "
     "[::1], not \"localhost.evil.example\". Call it by one of these names."},
    {"user part before the name",
     {"localhost:1@evil.example", "", ""},
     "This API answers on this computer only: the Host header must be 127.0.0.1, localhost or "
     "[::1], not \"localhost:1@evil.example\". Call it by one of these names."},
    {"another address of this computer",
     {"192.168.1.4", "", ""},
     "This API answers on this computer only: the Host header must be 127.0.0.1, localhost or "
     "[::1], not \"192.168.1.4\". Call it by one of these names."},
    {"bytes not fit to show",
     {"a\x1b[2J\xc3\xa9", "", ""},
     "This API answers on this computer only: the Host header must be 127.0.0.1, localhost or "
     "[::1], not \"a?[2J??\". Call it by one of these names."},
    {"page of another host",
     {"localhost:9001", "http://evil.example", ""},
     "A web page from \"http://evil.example\" may not call this API, which is on "
     "\"localhost:9001\". Call it from a program, or from a page of the same host."},
    {"page of another name of this computer",
     {"127.0.0.1:9001", "http://localhost:3000", ""},
     "A web page from \"http://localhost:3000\" may not call this API, which is on "
     "\"127.0.0.1:9001\". Call it from a program, or from a page of the same host."},
    {"page without an origin",
     {"localhost", "null", ""},
     "A web page from \"null\" may not call this API, which is on \"localhost\". Call it from a "
     "program, or from a page of the same host."},
    {"browser extension",
     {"localhost", "chrome-extension://abc", ""},
     "A web page from \"chrome-extension://abc\" may not call this API, which is on "
     "\"localhost\". Call it from a program, or from a page of the same host."},
    {"picture on another page",
     {"localhost", "", "cross-site"},
     "A web page of another site may not call this API (Sec-Fetch-Site: \"cross-site\"). Call it "
     "from a program, or from a page of the same host."},
};

class OriginGuard : public testing::TestWithParam<Row> { };

TEST_P(OriginGuard, decides)
{
    const auto refusal = foreignCaller(GetParam().caller);
    EXPECT_EQ(refusal.value_or("served"), GetParam().refusal ? GetParam().refusal : "served");
}

INSTANTIATE_TEST_SUITE_P(Rows, OriginGuard, testing::ValuesIn(kRows), [](const auto& row) {
    std::string name = row.param.name;
    for (char& c : name)
        c = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_';
    return name;
});

} // namespace
} // namespace coldframe::http
