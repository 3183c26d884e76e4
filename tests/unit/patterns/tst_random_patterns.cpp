#include <cstdlib>
#include <random>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "naive_patterns.h"
#include "patterns/event_filter.h"

// Patterns and events at random, judged twice. PATTERN_SEED=N repeats a run.
namespace coldframe::patterns {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

std::uint64_t seed()
{
    const char* const given = std::getenv("PATTERN_SEED");
    static const std::uint64_t chosen
        = given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
    return chosen;
}

class Random {
public:
    explicit Random(std::uint64_t number) : m_engine(number) { }
    std::size_t below(std::size_t limit) { return m_engine() % limit; }
    bool oneIn(std::size_t chances) { return below(chances) == 0; }
    template <typename T> const T& of(const std::vector<T>& items)
    {
        return items[below(items.size())];
    }

private:
    std::mt19937_64 m_engine;
};

const std::vector<std::string> kKeys{"a", "b", "c"};
const std::vector<std::string> kTexts{"",    "x",   "X",        "xy",       "yx",
                                      "xyx", "x*y", "10.0.0.1", "10.0.1.1", "1"};
const std::vector<double> kNumbers{-1.5, 0, 1, 2, 2.5, 100};

json scalar(Random& random)
{
    switch (random.below(6)) {
    case 0:
        return nullptr;
    case 1:
        return random.oneIn(2);
    case 2:
        return random.of(kNumbers);
    case 3:
        return static_cast<int>(random.below(3));
    default:
        return random.of(kTexts);
    }
}

json eventValue(Random& random, int depth)
{
    const std::size_t kind = depth > 3 ? 0 : random.below(6);
    if (kind < 2)
        return scalar(random);
    json made = kind < 4 ? json::array() : json::object();
    for (std::size_t i = 0, count = random.below(4); i < count; ++i)
        if (kind < 4)
            made.push_back(eventValue(random, depth + 1));
        else
            made[random.of(kKeys)] = eventValue(random, depth + 1);
    if (kind >= 4 && random.oneIn(8))
        made["d.e"] = eventValue(random, depth + 1);
    return made;
}

json event(Random& random)
{
    json made = json::object();
    for (const std::string& key : kKeys)
        if (!random.oneIn(4))
            made[key] = eventValue(random, 1);
    return made;
}

json expression(Random& random)
{
    static const std::vector<json> kExpressions{
        {{"prefix", "x"}},
        {{"prefix", ""}},
        {{"suffix", "y"}},
        {{"prefix", {{"equals-ignore-case", "X"}}}},
        {{"suffix", {{"equals-ignore-case", "YX"}}}},
        {{"equals-ignore-case", "Xy"}},
        {{"wildcard", "x*"}},
        {{"wildcard", "*y*"}},
        {{"wildcard", "x\\*y"}},
        {{"cidr", "10.0.0.0/24"}},
        {{"cidr", "10.0.0.0/16"}},
        {{"numeric", {">", 0, "<=", 2}}},
        {{"numeric", {"=", 2.5}}},
        {{"numeric", {"<", 1}}},
        {{"exists", true}},
        {{"exists", false}},
        {{"exists", false}},
        {{"anything-but", "x"}},
        {{"anything-but", {"x", "xy"}}},
        {{"anything-but", {0, 1}}},
        {{"anything-but", {{"prefix", {"x", "1"}}}}},
        {{"anything-but", {{"suffix", "y"}}}},
        {{"anything-but", {{"equals-ignore-case", {"x", "XY"}}}}},
        {{"anything-but", {{"wildcard", "x*"}}}},
    };
    return random.of(kExpressions);
}

json conditions(Random& random)
{
    json list = json::array();
    for (std::size_t i = 0, count = 1 + random.below(3); i < count; ++i)
        list.push_back(random.oneIn(2) ? scalar(random) : expression(random));
    return list;
}

json pattern(Random& random, int depth)
{
    json made = json::object();
    for (std::size_t i = 0, count = 1 + random.below(3); i < count; ++i)
        made[random.oneIn(10) ? "d" : random.of(kKeys)]
            = depth < 2 && random.oneIn(2) ? pattern(random, depth + 1) : conditions(random);
    if (random.oneIn(10))
        made["d.e"] = conditions(random);
    if (depth < 2 && random.oneIn(5))
        made["$or"] = {pattern(random, depth + 1), pattern(random, depth + 1)};
    return made;
}

/// Lists of small objects with few values, and patterns that ask for several of their fields: here
/// it counts in which element each of them lies.
json objectOfLists(Random& random, int depth)
{
    json made = json::object();
    for (const std::string& key : kKeys) {
        if (random.oneIn(3))
            continue;
        if (depth == 2 || random.oneIn(2)) {
            made[key] = static_cast<int>(random.below(2));
            continue;
        }
        json list = json::array();
        for (std::size_t i = 0, count = random.below(4); i < count; ++i)
            list.push_back(objectOfLists(random, depth + 1));
        made[key] = random.oneIn(6) ? json::array({std::move(list), 1}) : std::move(list);
    }
    return made;
}

json patternOfLists(Random& random, int depth)
{
    const auto leaf = [&]() -> json {
        switch (random.below(6)) {
        case 0:
            return json::array({json{{"exists", false}}});
        case 1:
            return json::array({json{{"exists", false}}, 1});
        case 2:
            return json::array({json{{"anything-but", 0}}});
        default:
            return json::array({static_cast<int>(random.below(2))});
        }
    };
    json made = json::object();
    for (std::size_t i = 0, count = 1 + random.below(2); i < count; ++i)
        made[random.of(kKeys)]
            = depth < 2 && !random.oneIn(3) ? patternOfLists(random, depth + 1) : leaf();
    if (depth < 2 && random.oneIn(8))
        made["$or"] = {patternOfLists(random, depth + 1), patternOfLists(random, depth + 1)};
    return made;
}

struct Judged {
    std::size_t rounds = 0, matched = 0, absent = 0;
};

void judgeTwice(std::uint64_t number, const json& wanted, const json& given, Judged& judged)
{
    const auto said = [&] {
        return "PATTERN_SEED=" + std::to_string(number) + '\n' + wanted.dump() + '\n'
            + given.dump();
    };
    const auto reading = EventPattern::parse(wanted.dump(), "pattern.json");
    ASSERT_TRUE(reading.pattern) << describe(reading.errors) << said();
    const bool matches = reading.pattern->matches(given);
    ASSERT_EQ(matches, test::naive::matches(wanted, given)) << said();
    const auto mismatch = reading.pattern->mismatch(given);
    ASSERT_EQ(mismatch.has_value(), !matches) << said();
    if (mismatch) {
        ASSERT_FALSE(mismatch->reason.empty()) << said();
        ASSERT_EQ(mismatch->reason.find("does not match"), std::string::npos) << said();
    }
    ++judged.rounds;
    judged.matched += matches ? 1 : 0;
    judged.absent += matches && wanted.dump().find(R"({"exists":false})") != std::string::npos;
}

/// A test in which nothing matches, or everything, shows nothing.
void expectBothVerdicts(const Judged& judged)
{
    EXPECT_GT(judged.matched, judged.rounds / 50);
    EXPECT_LT(judged.matched, judged.rounds / 2);
    EXPECT_GT(judged.absent, judged.rounds / 200);
}

constexpr std::size_t kRounds = 10'000;

TEST(RandomPatterns, areJudgedAsByTheDefinition)
{
    Judged judged;
    for (std::size_t round = 0; round < kRounds && !HasFatalFailure(); ++round) {
        Random random(seed() + round);
        const json wanted = pattern(random, 0);
        judgeTwice(seed() + round, wanted, event(random), judged);
    }
    expectBothVerdicts(judged);
}

TEST(RandomPatterns, ofListsChooseOneElementAsByTheDefinition)
{
    Judged judged;
    for (std::size_t round = 0; round < kRounds && !HasFatalFailure(); ++round) {
        Random random(seed() + round);
        const json wanted = patternOfLists(random, 0);
        judgeTwice(seed() + round, wanted, objectOfLists(random, 0), judged);
    }
    expectBothVerdicts(judged);
}

/// Any JSON, with the words of patterns in it more often than not.
ordered_json anything(Random& random, int depth)
{
    static const std::vector<std::string> kWords{"$or",
                                                 "anything-but",
                                                 "prefix",
                                                 "suffix",
                                                 "equals-ignore-case",
                                                 "numeric",
                                                 "exists",
                                                 "cidr",
                                                 "wildcard",
                                                 "a",
                                                 "a.b",
                                                 "",
                                                 "filters",
                                                 "pattern",
                                                 "exactly",
                                                 ">",
                                                 "<=",
                                                 "=",
                                                 "10.0.0.0/8",
                                                 "::/0",
                                                 "a\\*b**",
                                                 "Ärger",
                                                 "\xf0\x9f\x98\x80"};
    const std::size_t kind = depth > 6 ? random.below(4) : random.below(12);
    if (kind == 0)
        return random.oneIn(2) ? ordered_json(nullptr) : ordered_json(random.oneIn(2));
    if (kind == 1)
        return random.oneIn(2) ? ordered_json(random.of(kNumbers)) : ordered_json(1e300);
    if (kind < 5)
        return random.of(kWords);
    ordered_json made = kind < 8 ? ordered_json::array() : ordered_json::object();
    for (std::size_t i = 0, count = random.below(4); i < count; ++i)
        if (kind < 8)
            made.push_back(anything(random, depth + 1));
        else
            made[random.of(kWords)] = anything(random, depth + 1);
    return made;
}

TEST(RandomTexts, areRefusedWithAPlaceOrMatchSomehow)
{
    std::size_t accepted = 0;
    for (std::size_t round = 0; round < 20'000; ++round) {
        Random random(seed() + round);
        ordered_json made = ordered_json::object();
        made[random.oneIn(2) ? "a" : "$or"] = anything(random, 0);
        std::string text = made.dump();
        if (random.oneIn(3)) // and texts that are no JSON any more
            text[random.below(text.size())] = static_cast<char>(random.below(256));
        const auto reading = EventFilter::parse(text, "filter.json");
        ASSERT_NE(reading.filter.has_value(), !reading.errors.empty()) << text;
        for (const Error& error : reading.errors) {
            ASSERT_GT(error.line, 0) << "PATTERN_SEED=" << seed() + round << '\n' << text;
            ASSERT_GT(error.column, 0) << text;
            ASSERT_FALSE(error.message.empty()) << text;
        }
        if (!reading.filter)
            continue;
        ++accepted;
        const json given = event(random);
        ASSERT_NE(reading.filter->matches(given), reading.filter->mismatch(given).has_value());
        (void)reading.filter->matchesText(text);
    }
    EXPECT_GT(accepted, 400u);
}

} // namespace
} // namespace coldframe::patterns
