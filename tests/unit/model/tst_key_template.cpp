#include <map>

#include <gmock/gmock.h>

#include "model/key_template.h"

namespace coldframe::test {
namespace {

std::string expanded(const std::string& text, const std::map<std::string, std::string>& values)
{
    const auto key = KeyTemplate::parse(text);
    if (!key) {
        ADD_FAILURE() << describe(key.error());
        return {};
    }
    return key->expand([&](const std::string& field) -> std::optional<std::string> {
        const auto found = values.find(field);
        return found == values.end() ? std::nullopt : std::optional(found->second);
    });
}

struct Row {
    const char* name;
    std::string text;
    std::string id; ///< of the payload
    std::string key;
};

class Expand : public testing::TestWithParam<Row> { };

TEST_P(Expand, GivesAKeyInsideItsStore)
{
    EXPECT_EQ(expanded(GetParam().text, {{"payload.id", GetParam().id}}), GetParam().key);
}

const std::string kMany(150, 'a');

INSTANTIATE_TEST_SUITE_P(
    Rows, Expand,
    testing::Values(
        Row{"plain", "a/b.json", "", "a/b.json"}, Row{"value", "{payload.id}.json", "7", "7.json"},
        Row{"braces", "{{{payload.id}}}", "7", "{7}"},
        Row{"missing", "{date}/{payload.id}", "7", "none/7"},
        Row{"empty", "{payload.id}", "", "none"},
        Row{"fallback", "{payload.id|no body}/x", "", "no body/x"},
        Row{"fallbackIsAValueToo", "{payload.id|a/b}", "", "a%2Fb"},
        Row{"slash", "a/{payload.id}", "/etc/passwd", "a/%2Fetc%2Fpasswd"},
        Row{"up", "{payload.id}/a", "..", "%2E%2E/a"}, Row{"here", "a/{payload.id}", ".", "a/%2E"},
        Row{"upInParts", ".{payload.id}/a", ".", "%2E%2E/a"},
        Row{"upWithMore", "{payload.id}/a", "...", ".../a"},
        Row{"climbing", "{payload.id}/a", "../..", "..%2F../a"},
        Row{"percent", "{payload.id}", "%2F", "%252F"},
        Row{"control", "{payload.id}", std::string("a\0b\n\x7f", 5), "a%00b%0A%7F"},
        Row{"underConstruction", "{payload.id}", ".coldframe-put-1", "%2Ecoldframe-put-1"},
        Row{"utf8", "{payload.id}", "größe ✓", "größe ✓"},
        Row{"long", "{payload.id}", kMany, kMany.substr(50) + "~d37b3065a02e5b9b"}),
    [](const auto& row) { return row.param.name; });

TEST(Expand, KeepsLongValuesApart)
{
    const std::string a = expanded("{payload.id}", {{"payload.id", kMany + "1"}});
    const std::string b = expanded("{payload.id}", {{"payload.id", kMany + "2"}});
    EXPECT_NE(a, b);
    EXPECT_EQ(a.size(), 117u);
}

TEST(Expand, NeverCutsACharacter)
{
    const std::string key = expanded("{payload.id}", {{"payload.id", std::string(99, 'a') + "✓✓"}});
    EXPECT_EQ(key.substr(0, 100), std::string(99, 'a') + "~");
}

TEST(Expand, CutsMoreWhenTheNameWouldBeTooLong)
{
    const std::string key
        = expanded("{payload.a}{payload.b}{payload.c}.json",
                   {{"payload.a", kMany}, {"payload.b", kMany}, {"payload.c", kMany}});
    EXPECT_EQ(key.size(), 3 * 41 + 5u);
    EXPECT_TRUE(key.ends_with(".json"));
}

TEST(KeyTemplate, KnowsWhatWouldReplaceOneAnother)
{
    for (const char* text : {"a", "{date}", "{function}/{condition}/{hour}"})
        EXPECT_TRUE(KeyTemplate::parse(text)->isShared()) << text;
    for (const char* text : {"{requestId}", "{date}/{source.name}", "{payload.id}", "{time}"})
        EXPECT_FALSE(KeyTemplate::parse(text)->isShared()) << text;
}

} // namespace
} // namespace coldframe::test
