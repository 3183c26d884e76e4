// The workspace file changed by a program while people and sessions have it, too.

#include <gmock/gmock.h>

#include <cstdlib>

#include <sys/stat.h>

#include "session/schedule_preview.h"
#include "session/workspace_editor.h"
#include "temporary_folder.h"

namespace coldframe::session {
namespace {

using coldframe::test::readFile;
using coldframe::test::TemporaryFolder;
using coldframe::test::writeFile;

const std::string kFile = R"j({
  "functions": { "f": { "runtime": "command", "code": ".", "command": ["true"] } },
  "triggers": { "t": { "kind": "schedule", "expression": "rate(1 day)", "function": "f" } }
}
)j";

struct Edited : testing::Test {
    TemporaryFolder folder;
    std::filesystem::path file = folder.write("coldframe.json", kFile);
    WorkspaceEditor editor{file, COLDFRAME_SOURCE_DIR "/resources", nullptr};

    /// Of the file with another text at one place.
    std::string problem(const std::string& from, const std::string& to) const
    {
        std::string text = kFile;
        text.replace(text.find(from), from.size(), to);
        const WorkspaceReading reading = editor.check(text);
        return reading.errors.empty() ? "" : describe(reading.errors.front());
    }
};

TEST_F(Edited, isReplacedWholeAndKeepsItsMode)
{
    ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
    ASSERT_EQ(editor.text(), kFile);
    ASSERT_TRUE(editor.write(kFile, "{}"));
    EXPECT_EQ(readFile(file), "{}");
    struct stat status { };
    ASSERT_EQ(::stat(file.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST_F(Edited, byAnotherMeanwhileIsNotOverwritten)
{
    writeFile(file, kFile + "\n");
    const Result<void> written = editor.write(kFile, "{}");
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, Error::Code::Conflict);
    EXPECT_EQ(written.error().message, "the file was changed meanwhile by another program");
    EXPECT_EQ(readFile(file), kFile + "\n");
    std::filesystem::remove(file);
    ASSERT_FALSE(editor.write(kFile, "{}"));
    EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(Edited, isCheckedAsBeforeAStart)
{
    EXPECT_EQ(describe(editor.check(kFile).errors), "");
    EXPECT_EQ(problem("rate(1 day)", "cron(0 25 * * ? *)"),
              file.string()
                  + ":3:58: /triggers/t/expression: cron: hours: 25 is outside 0-23; hours takes "
                    "0-23 and , - * /");
    EXPECT_EQ(problem("\"code\": \".\"", "\"code\": \"gone\""),
              file.string()
                  + ":2:55: /functions/f/code: the code folder gone is not there; make it, or "
                    "correct the path; it is relative to the workspace folder");
}

TEST_F(Edited, aVariableThatWasUnsetBeforeIsNoMistakeOfTheEdit)
{
    ::unsetenv("COLDFRAME_TEST_UNSET");
    std::string text = kFile;
    text.replace(text.find("\"code\""), 0,
                 "\"environment\": { \"MODE\": \"${env:COLDFRAME_TEST_UNSET}\" }, ");
    ASSERT_EQ(editor.check(text).errors.size(), 1U);
    EXPECT_EQ(editor.check(text).errors.front().pointer, "/functions/f/environment/MODE");
    const WorkspaceReading inForce = readWorkspace(text, folder.path());
    ASSERT_TRUE(inForce.workspace);
    const WorkspaceEditor later(file, COLDFRAME_SOURCE_DIR "/resources",
                                std::make_shared<const Workspace>(*inForce.workspace));
    EXPECT_EQ(describe(later.check(text).errors), "");
}

struct PreviewRow {
    const char* name;
    std::string expression, timezone, words; ///< or pointer of the error
    std::vector<long> seconds; ///< after 2026-11-01T00:00:07Z
};
void PrintTo(const PreviewRow& row, std::ostream* out)
{
    *out << row.name;
}
class Preview : public testing::TestWithParam<PreviewRow> { };
TEST_P(Preview, tellsTheNextTimesOrWhatIsWrong)
{
    using namespace std::chrono;
    const PreviewRow& row = GetParam();
    const TimePoint now = sys_days{2026y / November / 1} + 7s;
    const Result<SchedulePreview> preview = previewSchedule(row.expression, row.timezone, now, 2);
    std::vector<long> found;
    if (preview)
        for (const TimePoint at : preview->next)
            found.push_back(duration_cast<seconds>(at - now).count());
    EXPECT_EQ(preview ? preview->words : preview.error().pointer, row.words);
    EXPECT_EQ(found, row.seconds);
}
INSTANTIATE_TEST_SUITE_P(
    Rows, Preview,
    testing::Values(
        PreviewRow{
            "a rate counts from now", "rate(5 minutes)", "UTC", "every 5 minutes", {300, 600}},
        PreviewRow{"a clock elsewhere",
                   "cron(0 2 * * ? *)",
                   "Europe/Paris",
                   "at 02:00 every day, Europe/Paris",
                   {3593, 89993}},
        PreviewRow{"one that is over",
                   "cron(0 2 1 1 ? 2020)",
                   "UTC",
                   "at 02:00 on day 1 of the month in January 2020, UTC",
                   {}},
        PreviewRow{"a bad field", "cron(0 25 * * ? *)", "UTC", "/expression", {}},
        PreviewRow{"a bad zone", "cron(0 2 * * ? *)", "Europe/Pariss", "/timezone", {}}),
    [](const auto& row) { return std::to_string(row.index); });

} // namespace
} // namespace coldframe::session
