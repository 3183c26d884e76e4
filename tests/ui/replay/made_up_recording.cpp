#include "made_up_recording.h"

#include <QDir>

#include <chrono>
#include <queue>

#include "engine/engine.h"
#include "engine/platform_file.h"
#include "history/recording_writer.h"
#include "model/text_file.h"

namespace coldframe::ui::sample {

namespace {

using namespace std::chrono_literals;
using namespace engine;

constexpr const char* kWorkspace = R"({
  "format": 1,
  "name": "made up",
  "functions": {
    "orders": { "runtime": "python", "code": "code", "handler": "app.handler", "memoryMb": 512 },
    "mails": { "runtime": "python", "code": "code", "handler": "app.handler",
               "reservedConcurrency": 1 }
  }
}
)";
constexpr std::size_t kLargestFile = 1 << 20; ///< bytes
const TimePoint kBegin{std::chrono::seconds(1'700'000'000)};

std::string resource(const char* name)
{
    const auto text
        = readTextFile(std::string(COLDFRAME_SOURCE_DIR "/resources/") + name, kLargestFile);
    if (!text)
        qFatal("%s", describe(text.error()).c_str());
    return *text;
}

/// An engine and what it meets, all of it recorded.
class World {
public:
    World(history::RecordingWriter& writer, const Platform& platform) : m_writer(writer)
    {
        Configuration configuration;
        configuration.platform = platform;
        configuration.functions.resize(2);
        configuration.functions[0] = {.memoryMb = 512, .timeout = 3s, .maxEventAge = 6h};
        configuration.functions[1]
            = {.memoryMb = 128, .timeout = 3s, .reserved = 1, .maxEventAge = 6h};
        m_writer.configuration(configuration);
        const std::uint32_t revision = m_engine.define(configuration);
        m_writer.checkpoint(kBegin, m_engine.save(), m_digest);
        add(0ms, Configured{revision});
    }

    void add(Duration after, Input input)
    {
        m_queue.push({kBegin + after, ++m_order, std::move(input)});
    }

    void run()
    {
        while (!m_queue.empty()) {
            const Fact next = m_queue.top();
            const auto due = m_engine.nextDeadline();
            if (due && *due < next.at) {
                feed(*due + std::chrono::nanoseconds(1), Tick{});
                continue;
            }
            m_queue.pop();
            feed(next.at, next.input);
        }
        if (const auto closed = m_writer.close(m_now, m_digest); !closed)
            qFatal("%s", describe(closed.error()).c_str());
    }

private:
    struct Fact {
        TimePoint at;
        std::uint64_t order;
        Input input;
        bool operator<(const Fact& other) const
        {
            return at != other.at ? at > other.at : order > other.order;
        }
    };

    void feed(TimePoint now, const Input& input)
    {
        m_now = std::max(m_now, now);
        Actions actions;
        m_writer.input(m_now, input);
        m_engine.step(m_now, input, actions);
        m_digest.add(actions);
        for (const Action& action : actions) {
            if (const auto* start = std::get_if<Start>(&action)) {
                in(1ms, InitStarted{start->instance});
                in(121ms, Ready{start->instance});
            } else if (const auto* dispatch = std::get_if<Dispatch>(&action)) {
                const Duration wall = dispatch->function == 0 ? 300ms : 2000ms;
                in(0ms, WorkStarted{dispatch->instance, dispatch->invocation});
                in(wall,
                   WorkFinished{.instance = dispatch->instance,
                                .wall = wall,
                                .cpu = wall / 2,
                                .invocation = dispatch->invocation});
            }
        }
    }
    void in(Duration after, Input input) { add(m_now + after - kBegin, std::move(input)); }

    history::RecordingWriter& m_writer;
    Engine m_engine;
    history::ActionDigest m_digest;
    std::priority_queue<Fact> m_queue;
    std::uint64_t m_order = 0;
    TimePoint m_now = kBegin;
};

} // namespace

void makeRecording(const QString& folder, int calls)
{
    QDir().mkpath(QFileInfo(folder).absolutePath());
    const std::string platform = resource("platforms/aws-lambda-x86_64.json");
    auto writer = history::RecordingWriter::create(
        folder.toStdString(),
        {.program = "0.1.0",
         .startedAt = kBegin,
         .seed = 1,
         .fidelity = "desk",
         .workspace = kWorkspace,
         .platform = platform,
         .priceBook = resource("prices/aws-lambda-us-east-1.json")});
    const auto rules = readPlatform(platform, "platform");
    if (!writer || !rules)
        qFatal("the recording cannot be made");
    World world(**writer, *rules);
    for (int n = 0; n < calls; ++n) {
        const Duration at = 10ms + 100ms * n;
        for (int more = n % 10 == 0 ? 5 : 1; more > 0; --more)
            world.add(at, Arrived{.function = 0, .bytes = 200});
        if (n % 10 == 5)
            world.add(at, Arrived{.function = 1, .bytes = 200});
    }
    world.run();
}

} // namespace coldframe::ui::sample
