#include <gmock/gmock.h>

#include "model/http_url.h"

namespace coldframe::test {
namespace {

struct Good {
    const char* text;
    bool tls;
    const char *host, *port, *target, *authority;
};
class Urls : public testing::TestWithParam<Good> { };

TEST_P(Urls, areTakenApart)
{
    const auto url = parseHttpUrl(GetParam().text);
    ASSERT_TRUE(url) << describe(url.error());
    EXPECT_EQ(url->tls, GetParam().tls);
    EXPECT_EQ(url->host, GetParam().host);
    EXPECT_EQ(url->port, GetParam().port);
    EXPECT_EQ(url->target, GetParam().target);
    EXPECT_EQ(url->authority, GetParam().authority);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Urls,
    testing::Values(Good{"http://a", false, "a", "80", "/", "a"},
                    Good{"HTTPS://a.b:8443/c/d?e=f#g", true, "a.b", "8443", "/c/d?e=f", "a.b:8443"},
                    Good{"https://a?e", true, "a", "443", "/?e", "a"},
                    Good{"http://[::1]/x", false, "::1", "80", "/x", "[::1]"},
                    Good{"http://[::1]:81", false, "::1", "81", "/", "[::1]:81"},
                    Good{"http://a/http://b:1@c", false, "a", "80", "/http://b:1@c", "a"}));

TEST(Urls, thatAreNoneAreRefusedWithoutRepeatingThem)
{
    for (const char* text :
         {"", "a", "//a", "ftp://secret", "http://", "http:///secret", "http://:80",
          "http://secret:", "http://secret:0", "http://secret:65536", "http://secret:8o",
          "http://[secret", "http://[::1]secret", "http://u:secret@h", "http://a/secret b",
          "http://a/secret\r\nX: y", "http://secr\xc3\xa9t"}) {
        const auto url = parseHttpUrl(text);
        ASSERT_FALSE(url) << text;
        EXPECT_EQ(describe(url.error()).find("secret"), std::string::npos);
    }
}

TEST(Headers, thatTheRequestNeedsCannotBeSet)
{
    for (const char* name : {"Authorization", "X-A", "x_1"})
        EXPECT_TRUE(isFreeHeader(name)) << name;
    for (const char* name : {"", "Host", "content-LENGTH", "Transfer-Encoding", "X A", "X:", "ü"})
        EXPECT_FALSE(isFreeHeader(name)) << name;
    EXPECT_TRUE(isHeaderValue("a\tb ü"));
    EXPECT_FALSE(isHeaderValue("a\r\nX: b"));
}

} // namespace
} // namespace coldframe::test
