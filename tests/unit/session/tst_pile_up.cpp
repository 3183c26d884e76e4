#include "live_workspace.h"

#include <queue>

#include "engine/engine.h"
#include "history/recording_reader.h"

// With *platform* fidelity cold starts really take what the platform's would, so events that come
// meanwhile find no idle instance and pile up as they do there: as many instances are started as
// the same rules start in virtual time.
using namespace coldframe;
using namespace coldframe::session;
using namespace coldframe::session::test;
using namespace std::chrono_literals;

namespace {

constexpr int kEvents = 60;
constexpr Duration kGap = 10ms;
constexpr Duration kWork = 120ms;

struct Times {
    Duration sandbox{}, spawn{}, init{};
};

/// How many instances the engine starts for such arrivals, on a clock of its own.
int startsInVirtualTime(const engine::Configuration& configuration,
                        const std::vector<TimePoint>& arrivals, const Times& times)
{
    struct Happening {
        TimePoint at{};
        int order = 0;
        engine::Input input;
        bool operator<(const Happening& other) const
        {
            return std::tie(at, order) > std::tie(other.at, other.order);
        }
    };
    std::priority_queue<Happening> queue;
    int order = 0;
    const auto push = [&](TimePoint at, engine::Input input) { queue.push({at, ++order, input}); };
    engine::Engine engine;
    push(arrivals.front() - 1s, engine::Configured{engine.define(configuration)});
    for (const TimePoint at : arrivals)
        push(at, engine::Arrived{});
    int starts = 0;
    while (!queue.empty()) {
        const Happening next = queue.top();
        queue.pop();
        engine::Actions actions;
        engine.step(next.at, next.input, actions);
        for (const engine::Action& action : actions) {
            if (const auto* start = std::get_if<engine::Start>(&action)) {
                ++starts;
                const TimePoint runs = next.at + times.sandbox + times.spawn;
                push(runs, engine::InitStarted{start->instance});
                push(runs + times.init, engine::Ready{start->instance});
            } else if (const auto* dispatch = std::get_if<engine::Dispatch>(&action)) {
                push(next.at, engine::WorkStarted{dispatch->instance});
                push(next.at + kWork,
                     engine::WorkFinished{.instance = dispatch->instance, .wall = kWork});
            }
        }
    }
    return starts;
}

} // namespace

TEST(PileUp, asManyInstancesAreStartedAsInVirtualTime)
{
    LiveWorkspace workspace;
    workspace.write("coldframe.json", R"({"format": 1, "name": "test", "functions": {"f":
        {"runtime": "lambda", "code": "code", "memoryMb": 1769}}})");
    fs::create_directories(workspace.folder / "code");
    fs::copy_file(SLOW_BOOTSTRAP, workspace.folder / "code/bootstrap");
    auto session = workspace.open({.fidelity = Fidelity::Platform});
    ASSERT_TRUE(session);
    Answers answers;
    const auto begun = std::chrono::steady_clock::now();
    for (int i = 0; i < kEvents; ++i) {
        std::this_thread::sleep_until(begun + i * kGap); // the load itself, not a wait
        session->send({.function = "f", .event = "1"}, answers.collect());
    }
    int cold = 0;
    Times mean;
    for (const Answer& answer : answers.wait(kEvents)) {
        ASSERT_EQ(answer.outcome, engine::Outcome::Succeeded) << answer.payload;
        if (!answer.cold)
            continue;
        ++cold;
        mean.sandbox = answer.sandbox;
        mean.spawn += answer.spawn;
        mean.init += answer.init;
    }
    ASSERT_GT(cold, 0);
    mean.spawn /= cold;
    mean.init /= cold;
    std::vector<TimePoint> arrivals;
    ASSERT_TRUE(eventually([&] { return session->snapshot()->attempts.endRow() == kEvents; }));
    const auto rows = session->snapshot()->attempts;
    for (std::uint64_t row = 0; row < kEvents; ++row)
        arrivals.push_back(rows[row].acceptedAt);
    std::ranges::sort(arrivals);
    session.reset();
    fs::path folder;
    for (const auto& entry : fs::directory_iterator(workspace.folder / ".coldframe/recordings"))
        folder = entry.path();
    const auto recording = history::RecordingReader::open(folder);
    ASSERT_TRUE(recording) << describe(recording.error());

    const int there = startsInVirtualTime(recording->configurations().front(), arrivals, mean);
    EXPECT_GT(there, 12) << "or there was no pile-up to compare";
    EXPECT_LT(there, kEvents);
    EXPECT_NEAR(cold, there, std::max(4.0, 0.25 * there));
    const int without = startsInVirtualTime(recording->configurations().front(), arrivals, {});
    EXPECT_GT(there - without, std::abs(cold - there))
        << "without cold starts that take their time there would be " << without;
}
