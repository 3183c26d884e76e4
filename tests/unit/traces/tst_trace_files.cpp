#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "traces/azure_trace.h"
#include "traces/requests_file.h"

using namespace coldframe;
using namespace coldframe::traces;
using testing::ElementsAre;

namespace {

std::vector<std::uint32_t> countsOf(const InvocationRows& rows, std::size_t function,
                                    std::size_t minutes)
{
    std::vector<std::uint32_t> dense(minutes);
    for (std::size_t i = 0; i < rows.counts.minutesOf(function).size(); ++i)
        dense[rows.counts.minutesOf(function)[i]] = rows.counts.countsOf(function)[i];
    return dense;
}

/// "a,b,c,http,0,0,…" with the given counts at the given minutes.
std::string rowWith(std::size_t minutes, const std::vector<std::pair<std::size_t, std::string>>& at)
{
    std::vector<std::string> cells(minutes, "0");
    for (const auto& [minute, text] : at)
        cells[minute] = text;
    std::string row = "o,a,f,http";
    for (const std::string& cell : cells)
        row += ',' + cell;
    return row + '\n';
}
std::string headerOf(std::size_t minutes)
{
    std::string header = "HashOwner,HashApp,HashFunction,Trigger";
    for (std::size_t minute = 1; minute <= minutes; ++minute)
        header += ',' + std::to_string(minute);
    return header + '\n';
}

struct Mistake {
    const char* name;
    std::string text;
    const char* said;
};

template <typename Read> void expectMistakes(const std::vector<Mistake>& mistakes, const Read& read)
{
    for (const Mistake& mistake : mistakes) {
        SCOPED_TRACE(mistake.name);
        const auto result = read(CsvText{mistake.text, "f.csv"});
        ASSERT_FALSE(result);
        EXPECT_EQ(describe(result.error()), mistake.said);
    }
}

const std::string kHeader = "HashOwner,HashApp,HashFunction,Trigger,1,2,3\n";

} // namespace

TEST(InvocationsFile, ReadsByNameInAnyOrder)
{
    const std::string text = "HashFunction,480,481,482,Other,HashApp,HashOwner\r\n"
                             "f,0,12,3.0,x,a,o\r\n\r\ng,4294967295,0,0,y,b,p";
    const auto rows = readInvocations({text, "f.csv"});
    ASSERT_TRUE(rows) << describe(rows.error());
    EXPECT_EQ(rows->names[0], (FunctionName{"o", "a", "f"}));
    EXPECT_EQ(rows->names[1], (FunctionName{"p", "b", "g"}));
    EXPECT_THAT(countsOf(*rows, 0, 3), ElementsAre(0, 12, 3));
    EXPECT_THAT(countsOf(*rows, 1, 3), ElementsAre(4294967295U, 0, 0));
}

/// The words in which columns are read: every kind of cell at every place among silent ones.
TEST(InvocationsFile, ReadsEveryCellAtEveryPlace)
{
    constexpr std::size_t kMinutes = 45;
    for (std::size_t minute = 0; minute < kMinutes; ++minute)
        for (const char* cell : {"1", "9", "10", "123456789", "1234567890", "7.0", "00"}) {
            const std::size_t other = (minute + 17) % kMinutes;
            const std::string text
                = headerOf(kMinutes) + rowWith(kMinutes, {{minute, cell}, {other, "8"}});
            const auto rows = readInvocations({text, "f.csv"});
            ASSERT_TRUE(rows) << describe(rows.error());
            std::vector<std::uint32_t> expected(kMinutes);
            expected[minute] = static_cast<std::uint32_t>(std::stod(cell));
            expected[other] = 8;
            ASSERT_EQ(countsOf(*rows, 0, kMinutes), expected) << cell << " at " << minute;
        }
}

TEST(InvocationsFile, FindsWhatIsNoCountAtEveryPlace)
{
    constexpr std::size_t kMinutes = 45;
    for (std::size_t minute = 0; minute < kMinutes; ++minute)
        for (const char* cell : {"-1", "x", "", ":", "\xff", "1 ", "nan", "/"}) {
            const std::string text = headerOf(kMinutes) + rowWith(kMinutes, {{minute, cell}});
            const auto rows = readInvocations({text, "f.csv"});
            ASSERT_FALSE(rows) << cell << " at " << minute;
            EXPECT_EQ(rows.error().line, 2);
            EXPECT_EQ(rows.error().column, static_cast<int>(12 + 2 * minute));
        }
}

TEST(InvocationsFile, FindsWhatIsNoCommaAtEveryPlace)
{
    constexpr std::size_t kMinutes = 45;
    const std::string good = headerOf(kMinutes) + rowWith(kMinutes, {});
    for (std::size_t minute = 0; minute + 1 < kMinutes; ++minute)
        for (const char wrong : {'\xff', '\xad', '\x2d', ';', '\0'}) {
            std::string text = good;
            text[headerOf(kMinutes).size() + 12 + 2 * minute] = wrong;
            ASSERT_FALSE(readInvocations({text, "f.csv"})) << wrong << " after " << minute;
        }
}

TEST(InvocationsFile, ReadsTheSameInAnyNumberOfPieces)
{
    std::string text = headerOf(60);
    for (std::size_t row = 0; row < 100; ++row)
        text += rowWith(60, {{row % 60, std::to_string(row)}, {(row * 7) % 60, "3"}});
    const CsvText csv{text, "f.csv"};
    const auto whole = readInvocations(csv);
    const auto header = InvocationsHeader::read(csv);
    ASSERT_TRUE(whole && header);
    for (const std::size_t pieces : {1U, 2U, 3U, 7U, 99U, 1000U}) {
        InvocationRows rows;
        for (const std::string_view range : splitRows(csv, *header, pieces))
            append(rows, *readInvocationRows(csv, *header, range));
        EXPECT_EQ(rows.names, whole->names);
        EXPECT_EQ(rows.counts.first, whole->counts.first);
        EXPECT_EQ(rows.counts.minutes, whole->counts.minutes);
        EXPECT_EQ(rows.counts.counts, whole->counts.counts);
    }
}

TEST(InvocationsFile, SaysWhatIsWrongAndWhere)
{
    expectMistakes(
        {{"empty", "", "f.csv: the file is empty; download it again, or choose another one"},
         {"header alone", kHeader,
          "f.csv:1:45: there are no rows below the header; the file is cut off: download it again"},
         {"renamed", "HashOwner,HashApp,HashFuncton,Trigger,1\no,a,f,http,1\n",
          "f.csv:1:19: there is no column \"HashFunction\"; rename the column \"HashFuncton\" to "
          "\"HashFunction\""},
         {"renamed, not needed", "HashOwner,HashApp,HashFunction,Triger,1\no,a,f,http,1\n",
          "f.csv:1:32: there is no column \"Trigger\"; rename the column \"Triger\" to "
          "\"Trigger\""},
         {"another file", "a,b\n1,2\n",
          "f.csv:1:1: there is no column \"HashOwner\"; this file must have the columns "
          "\"HashOwner\", \"HashApp\" and \"HashFunction\""},
         {"twice", "HashOwner,HashApp,HashFunction,Trigger,1,2,2\no,a,f,http,1,1,1\n",
          "f.csv:1:44: the column \"2\" is there twice; remove one of them"},
         {"a minute left out", "HashOwner,HashApp,HashFunction,Trigger,1,3\no,a,f,http,1,1\n",
          "f.csv:1:42: the column of minute 2 must stand here, not \"3\"; columns of minutes "
          "follow "
          "each other, without a gap"},
         {"apart", "1,HashOwner,HashApp,HashFunction,2\n1,o,a,f,1\n",
          "f.csv:1:34: a column of a minute stands apart from the others; move it next to them"},
         {"no minutes", "HashOwner,HashApp,HashFunction,Trigger\no,a,f,http\n",
          "f.csv:1:1: there are no columns of minutes; columns named by whole numbers, as in "
          "1,2,3, "
          "must follow the names"},
         {"cut off", kHeader + "o,a,f,http,1,2,3\no,a,g,http,1",
          "f.csv:3:13: the line ends after 5 of 7 columns; the file is cut off: download it again"},
         {"cut off after a comma", kHeader + "o,a,f,http,1,2,3\no,a,g,http,1,",
          "f.csv:3:14: the file ends where the count of minute 2 must stand; it is cut off: "
          "download "
          "it again"},
         {"another name", "HashOwner,HashApp,Func,Trigger,1\no,a,f,http,1\n",
          "f.csv:1:19: there is no column \"HashFunction\"; rename the column \"Func\" to "
          "\"HashFunction\""},
         {"cut off in the names", kHeader + "o,a,f,http,1,2,3\no,a",
          "f.csv:3:4: the line ends after 2 of 7 columns; the file is cut off: download it again"},
         {"too few", kHeader + "o,a,f,http,1,2\no,a,g,http,1,2,3\n",
          "f.csv:2:15: the line ends after 6 of 7 columns; correct this line, or remove it"},
         {"too many", kHeader + "o,a,f,http,1,2,3,4\n",
          "f.csv:2:17: the line has more than the header's 7 columns; correct this line, or remove "
          "it"},
         {"negative", kHeader + "o,a,f,http,1,-2,3\n",
          "f.csv:2:14: the count of minute 2 must be 0 or more, got \"-2\"; correct this value, or "
          "remove the line"},
         {"not a number", kHeader + "o,a,f,http,1,2,nan\n",
          "f.csv:2:16: the count of minute 3 must be a number, got \"nan\"; correct this value, or "
          "remove the line"},
         {"a part", kHeader + "o,a,f,http,1,2.5,3\n",
          "f.csv:2:14: the count of minute 2 must be a whole number, got \"2.5\"; correct this "
          "value, or remove the line"},
         {"too large", kHeader + "o,a,f,http,1,2,4294967296\n",
          "f.csv:2:16: the count of minute 3 must be at most 4.29497e+09, got \"4294967296\"; "
          "correct this value, or remove the line"}},
        readInvocations);
}

TEST(DurationsFile, SaysWhatIsWrongAndWhere)
{
    const std::string header = "HashOwner,HashApp,HashFunction,Average\n";
    const std::string full
        = "HashOwner,HashApp,HashFunction,Average,percentile_Average_0,percentile_Average_1,"
          "percentile_Average_25,percentile_Average_50,percentile_Average_75,"
          "percentile_Average_99,percentile_Average_100\n";
    expectMistakes(
        {{"negative", header + "o,a,f,-1\n",
          "f.csv:2:7: Average must be 0 or more, got \"-1\"; correct this value, or remove the "
          "line"},
         {"infinite", header + "o,a,f,inf\n",
          "f.csv:2:7: Average must be a number, got \"inf\"; correct this value, or remove the "
          "line"},
         {"beyond all times", header + "o,a,f,1e300\n",
          "f.csv:2:7: Average must be at most 1e+12, got \"1e300\"; correct this value, or remove "
          "the line"},
         {"cut off", header + "o,a,f,1\no,a,f",
          "f.csv:3:6: the line ends after 3 of 4 columns; the file is cut off: download it again"},
         {"renamed", "HashOwner,HashApp,HashFunction,Averge\no,a,f,1\n",
          "f.csv:1:32: there is no column \"Average\"; rename the column \"Averge\" to "
          "\"Average\""},
         {"falling", full + "o,a,f,5,1,2,3,2,5,6,7\n",
          "f.csv:2:15: percentile_Average_25 is 3 and percentile_Average_50 only 2; percentiles "
          "never fall: correct this line, or remove it"}},
        readDurations);
}

TEST(MemoryFile, CountsByAppOrByFunction)
{
    const std::string byApp = "HashOwner,HashApp,SampleCount,AverageAllocatedMb\no,a,3,120.5\n";
    const std::string byFunction = "HashFunction,HashOwner,HashApp,AverageAllocatedMb\nf,o,a,7\n";
    const auto apps = readMemory({byApp, "f.csv"}), functions = readMemory({byFunction, "f.csv"});
    ASSERT_TRUE(apps && functions);
    EXPECT_EQ(apps->at(0).name, (FunctionName{"o", "a", ""}));
    EXPECT_EQ(apps->at(0).averageMb, 120.5);
    EXPECT_EQ(functions->at(0).name, (FunctionName{"o", "a", "f"}));
}

TEST(RequestsFile, StartsAreEndsLessDurations)
{
    const std::string text = "app,func,end_timestamp,duration\n"
                             "a,f,10.5,0.25\nb,g,3,1e-05\na,f,2.0000014,2.0000006\n";
    const auto file = readRequests({text, "f.csv"});
    ASSERT_TRUE(file) << describe(file.error());
    EXPECT_THAT(file->first, ElementsAre(0, 2, 3));
    EXPECT_EQ(file->requests[0].startUs, 0);
    EXPECT_EQ(file->requests[0].durationUs, 2'000'001);
    EXPECT_EQ(file->requests[1].startUs, 10'250'000);
    EXPECT_EQ(file->requests[2].startUs, 2'999'990);
    EXPECT_EQ(file->endUs, 10'500'000);
    expectMistakes(
        {{"negative", "app,func,end_timestamp,duration\na,f,10.5,-0.25\n",
          "f.csv:2:10: duration must be 0 or more, got \"-0.25\"; correct this value, or remove "
          "the "
          "line"},
         {"beyond all times", "app,func,end_timestamp,duration\na,f,1000000001,1\n",
          "f.csv:2:5: end_timestamp must be at most 1e+09, got \"1000000001\"; correct this value, "
          "or remove the line"},
         {"renamed", "app,func,end_timestmp,duration\na,f,1,1\n",
          "f.csv:1:10: there is no column \"end_timestamp\"; rename the column \"end_timestmp\" to "
          "\"end_timestamp\""}},
        readRequests);
}

/// Rows of the files do not stand in the same order, and a function can miss in one.
TEST(AzureTrace, PutsTheFilesTogetherByName)
{
    const std::string invocations
        = kHeader + "o,a,f,http,1,0,2\no,a,g,http,0,5,0\no,b,f,http,7,0,0\no,b,f,http,0,0,1\n";
    const std::string durations = "HashOwner,HashApp,HashFunction,Average\n"
                                  "o,b,f,30\no,a,f,0.2\no,a,f,9\no,c,f,50\n";
    const std::string memory = "HashOwner,HashApp,AverageAllocatedMb\no,b,64\n";
    const AzureTrace trace(*readInvocations({invocations, ""}), 3, *readDurations({durations, ""}),
                           *readMemory({memory, ""}));
    EXPECT_EQ(trace.notes().withoutDuration, 1U);
    EXPECT_EQ(trace.notes().assumedServiceUs, 30'000);
    EXPECT_EQ(trace.notes().neverInvoked, 1U);
    EXPECT_EQ(trace.notes().repeated, 1U);
    EXPECT_EQ(trace.notes().withoutMemory, 2U);
    std::vector<std::string> seen;
    CellBuffer buffer;
    for (std::size_t i = 0; i < trace.functions(); ++i) {
        const Cells late = trace.cells(i, 1, 3, buffer);
        seen.push_back(fmt::format("{} {} us {} MB, {} in all, {} late", trace.name(i),
                                   trace.serviceUs(i), trace.memoryMb(i),
                                   trace.expectedInvocations(i), late.counts.size()));
    }
    EXPECT_THAT(seen,
                testing::UnorderedElementsAre(
                    "f 1000 us 0 MB, 3 in all, 1 late", "g 30000 us 0 MB, 5 in all, 1 late",
                    "f 30000 us 64 MB, 7 in all, 0 late", "f 30000 us 64 MB, 1 in all, 1 late"));
}
