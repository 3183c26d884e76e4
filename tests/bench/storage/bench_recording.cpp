#include <ctime>

#include "history/attempt_filter.h"
#include "history_fixture.h"

namespace coldframe::history {
namespace {

using Clock = std::chrono::steady_clock;

/// CPU time of this thread alone: others may be busy on the same cores.
double cpuSeconds()
{
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double secondsSince(Clock::time_point begun)
{
    return std::chrono::duration<double>(Clock::now() - begun).count();
}

TEST(RecordingSpeed, aMillionInputs)
{
    const TemporaryFolder temporary;
    const auto folder = temporary.path() / "recording";
    const auto rows = typicalRun(1'000'000);
    auto writer = RecordingWriter::create(folder, sampleHeader());
    ASSERT_TRUE(writer);
    const auto writing = Clock::now();
    const double cpuBefore = cpuSeconds();
    for (const RecordedInput& row : rows)
        (*writer)->input(row.at, row.input);
    const double hot = cpuSeconds() - cpuBefore;
    ASSERT_TRUE((*writer)->close(at(0), {}));
    const double written = secondsSince(writing);
    const double megabytes = static_cast<double>((*writer)->stats().bytes) / 1e6;

    const auto reading = Clock::now();
    const auto reader = RecordingReader::open(folder);
    ASSERT_TRUE(reader);
    auto cursor = reader->inputs();
    std::uint64_t read = 0;
    std::int64_t sum = 0;
    while (const auto row = cursor->next())
        ++read, sum += row->at.time_since_epoch().count() & 1;
    const double readIn = secondsSince(reading);
    std::printf(
        "1 M inputs: %.1f ns a row on the live thread, %.0f MB/s written (%.1f bytes a row), "
        "read %.1f ns a row, %.0f MB/s (%lld)\n",
        hot * 1e3, megabytes / written, megabytes, readIn * 1e3, megabytes / readIn,
        static_cast<long long>(sum));
    EXPECT_EQ(read, 1'000'000u);
}

TEST(RecordingSpeed, theDigestOfAMillionActions)
{
    const engine::Actions actions(1'000'000, engine::Dispatch{.instance = {1, 2}});
    ActionDigest digest;
    const auto begun = Clock::now();
    digest.add(actions);
    std::printf("digest: %.1f ns an action (%llx)\n", secondsSince(begun) * 1e3,
                static_cast<unsigned long long>(digest.value()));
    EXPECT_EQ(digest.actions(), 1'000'000u);
}

TEST(RecordingSpeed, aMillionAttemptsInMemory)
{
    AttemptLog log;
    const auto begun = Clock::now();
    for (std::uint32_t n = 0; n < 1'000'000; ++n)
        log.append(sampleAttempt(n));
    const double filled = secondsSince(begun);
    const AttemptLog::View view = log.view();
    const auto byte = Clock::now();
    const std::size_t cold = matchingRows(view, {.start = StartKind::Cold}).size();
    const double filtered = secondsSince(byte);
    const auto text = Clock::now();
    const std::size_t found = matchingRows(view, {.requestId = "0abc"}).size();
    std::printf("1 M attempts: appended %.1f ns each; filter on a field %.1f ms, on the request id "
                "%.1f ms\n",
                filled * 1e3, filtered * 1e3, secondsSince(text) * 1e3);
    EXPECT_EQ(cold, 10'000u);
    EXPECT_GT(found, 0u);
}

} // namespace
} // namespace coldframe::history
