#include <gtest/gtest.h>

#include "gateway/route_table.h"

namespace coldframe::gateway {

namespace {

RouteTable tableOf(std::initializer_list<const char*> routes)
{
    RouteTable table;
    for (const char* route : routes) {
        auto parsed = parseHttpRoute(route);
        EXPECT_TRUE(parsed) << route << ": " << (parsed ? "" : parsed.error().message);
        if (parsed)
            table.add(route, std::move(*parsed));
    }
    return table;
}

std::string found(const RouteTable& table, const char* method, std::string_view path)
{
    const auto match = table.find(method, path);
    if (!match)
        return match.error() == RouteTable::Failure::NoRoute ? "no route" : "bad path";
    std::string all = match->trigger;
    for (const auto& [name, value] : match->parameters)
        all += " " + name + "=" + value;
    return all;
}

} // namespace

struct Routed {
    const char* method;
    const char* path;
    const char* expected;
};

class PublishedRouting : public testing::TestWithParam<Routed> { };

/// The guide's own example of priorities, and what it leaves to think.
TEST_P(PublishedRouting, GoesToTheMostTellingRoute)
{
    const RouteTable table
        = tableOf({"$default", "ANY /{proxy+}", "GET /pets/dog/{id}", "GET /pets/{proxy+}",
                   "GET /pets/dog/1", "ANY /only/{x}", "POST /", "GET /tail/"});
    EXPECT_EQ(found(table, GetParam().method, GetParam().path), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    All, PublishedRouting,
    testing::Values(Routed{"GET", "/pets/dog/1", "GET /pets/dog/1"},
                    Routed{"GET", "/pets/dog/2", "GET /pets/dog/{id} id=2"},
                    Routed{"GET", "/pets/cat/1", "GET /pets/{proxy+} proxy=cat/1"},
                    Routed{"POST", "/test/5", "ANY /{proxy+} proxy=test/5"},
                    Routed{"POST", "/pets/dog/1", "ANY /{proxy+} proxy=pets/dog/1"},
                    Routed{"GET", "/", "$default"}, Routed{"POST", "/", "POST /"},
                    Routed{"GET", "/only/a", "ANY /only/{x} x=a"},
                    Routed{"GET", "/only/", "ANY /{proxy+} proxy=only/"},
                    Routed{"GET", "/only/a%2Fb", "ANY /only/{x} x=a/b"},
                    Routed{"GET", "/only/a/b", "ANY /{proxy+} proxy=only/a/b"},
                    Routed{"GET", "/tail/", "GET /tail/"},
                    Routed{"GET", "/tail", "ANY /{proxy+} proxy=tail"},
                    Routed{"GET", "/pets/d%6Fg/1", "GET /pets/dog/1"},
                    Routed{"GET", "/only/%00", "bad path"}, Routed{"GET", "/only/%zz", "bad path"},
                    Routed{"GET", "/only/%2", "bad path"},
                    Routed{"GET", "/only/caf%C3%A9", "ANY /only/{x} x=caf\xC3\xA9"},
                    Routed{"GET", "//x", "ANY /{proxy+} proxy=/x"}));

/// The order in which routes were added does not matter.
TEST(RouteTable, OrderOfAddingDoesNotMatter)
{
    std::vector<const char*> routes{"$default", "ANY /{proxy+}", "GET /a/{x}", "ANY /a/{x}",
                                    "GET /a/b"};
    std::ranges::sort(routes);
    do {
        RouteTable table;
        for (const char* route : routes)
            table.add(route, *parseHttpRoute(route));
        EXPECT_EQ(found(table, "GET", "/a/b"), "GET /a/b");
        EXPECT_EQ(found(table, "GET", "/a/c"), "GET /a/{x} x=c");
        EXPECT_EQ(found(table, "PUT", "/a/c"), "ANY /a/{x} x=c");
        EXPECT_EQ(found(table, "PUT", "/a"), "ANY /{proxy+} proxy=a");
        EXPECT_EQ(found(table, "PUT", "/"), "$default");
    } while (std::ranges::next_permutation(routes).found);
}

TEST(RouteTable, ForgetsWhatIsRemoved)
{
    RouteTable table = tableOf({"GET /a", "$default"});
    table.remove("GET /a");
    EXPECT_EQ(found(table, "GET", "/a"), "$default");
    table.remove("$default");
    EXPECT_TRUE(table.empty());
    EXPECT_EQ(found(table, "GET", "/a"), "no route");
}

} // namespace coldframe::gateway
