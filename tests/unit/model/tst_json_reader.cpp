#include <gmock/gmock.h>

#include "model/json_reader.h"
#include "model/suggestion.h"

namespace coldframe::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

enum class Colour { Red, Green };

/// What `read` records about `text`, one line an error.
template <typename Read> std::vector<std::string> problems(const std::string& text, Read read)
{
    const Result<JsonText> json = parseJson(text, "f.json");
    EXPECT_TRUE(json) << describe(json.error());
    Errors errors;
    JsonReader in(*json, "the plant", errors);
    read(in);
    std::vector<std::string> lines;
    for (const Error& error : errors)
        lines.push_back(describe(error));
    return lines;
}

TEST(JsonReader, CollectsEveryMistakeInOneGo)
{
    EXPECT_THAT(
        problems(
            "{\n \"height\": -1,\n \"name\": 5,\n \"colour\": \"gren\",\n \"wattered\": true\n}",
            [](JsonReader& in) {
                EXPECT_EQ(in.integer("height", {0, 9}, 7), 7);
                EXPECT_EQ(in.string("name", "x"), "x");
                EXPECT_EQ(in.choice<Colour>("colour",
                                            {{"red", Colour::Red}, {"green", Colour::Green}},
                                            Colour::Red),
                          Colour::Red);
                in.require("bed");
                EXPECT_FALSE(in.boolean("watered", false));
                in.rejectOtherKeys();
            }),
        ElementsAre(
            "f.json:2:12: /height: height must be a whole number between 0 and 9, got -1",
            "f.json:3:10: /name: name must be a text in double quotes, got 5",
            "f.json:4:12: /colour: colour must be one of \"red\" and \"green\", got \"gren\"; did "
            "you mean \"green\"?",
            "f.json:1:1: the plant needs \"bed\"",
            "f.json:5:2: /wattered: the plant has no key \"wattered\"; did you mean \"watered\"?"));
}

TEST(JsonReader, IsSilentAboutTheInsideOfWhatIsNoObject)
{
    EXPECT_THAT(problems("[1]",
                         [](JsonReader& in) {
                             EXPECT_FALSE(in.valid());
                             in.require("bed");
                             EXPECT_EQ(in.integer("height", {0, 9}, 7), 7);
                             in.rejectOtherKeys();
                         }),
                ElementsAre("f.json:1:1: the plant must be an object in { }, got a list"));
}

TEST(JsonReader, TakesWholeNumbersHoweverTheyAreWritten)
{
    EXPECT_THAT(problems("{\"a\": 3, \"b\": 3.0, \"c\": 1e3, \"d\": -0}",
                         [](JsonReader& in) {
                             EXPECT_EQ(in.integer("a", {0, 1000}, 0), 3);
                             EXPECT_EQ(in.integer("b", {0, 1000}, 0), 3);
                             EXPECT_EQ(in.integer("c", {0, 1000}, 0), 1000);
                             EXPECT_EQ(in.integer("d", {0, 1000}, 7), 0);
                         }),
                IsEmpty());
}

TEST(JsonReader, RefusesNumbersThatFitNowhere)
{
    EXPECT_THAT(
        problems("{\"a\": 99999999999999999999, \"b\": 1e300, \"c\": \"3\"}",
                 [](JsonReader& in) {
                     in.integer("a", {0, 9}, 0);
                     in.integer("b", {0, 9}, 0);
                     in.number("c", {0.5, 9}, 1);
                 }),
        ElementsAre(
            "f.json:1:7: /a: a must be a whole number between 0 and 9, got 99999999999999999999",
            "f.json:1:34: /b: b must be a whole number between 0 and 9, got 1e300",
            "f.json:1:46: /c: c must be a number between 0.5 and 9, got \"3\""));
}

TEST(JsonReader, ShortensWhatItQuotesAtAWholeCharacter)
{
    const std::string longText(60, 'x');
    EXPECT_THAT(problems("{\"a\": \"" + std::string(38, 'x') + "ü" + longText + "\"}",
                         [](JsonReader& in) { in.boolean("a", true); }),
                ElementsAre("f.json:1:7: /a: a must be true or false, got \"" + std::string(38, 'x')
                            + "ü…"));
}

TEST(Suggestion, FindsWhatWasMeant)
{
    const std::vector<std::string> keys{"memoryMb", "timeoutMs", "code", "on"};
    EXPECT_EQ(suggestFor("memoryMB", keys), "memoryMb");
    EXPECT_EQ(suggestFor("memroyMb", keys), "memoryMb");
    EXPECT_EQ(suggestFor("timeout", keys), "timeoutMs");
    EXPECT_EQ(suggestFor("cde", keys), "code");
    EXPECT_EQ(suggestFor("colour", keys), std::nullopt);
    EXPECT_EQ(suggestFor("", keys), std::nullopt);
    EXPECT_EQ(suggestFor(std::string(1'000'000, 'x'), keys), std::nullopt);
}

TEST(Suggestion, ListsNames)
{
    EXPECT_EQ(listOfNames({"a"}), "\"a\"");
    EXPECT_EQ(listOfNames({"a", "b", "c"}), "\"a\", \"b\" and \"c\"");
    EXPECT_EQ(listOfNames({"a", "b", "c", "d"}, 2), "\"a\", \"b\" and 2 more");
}

} // namespace
} // namespace coldframe::test
