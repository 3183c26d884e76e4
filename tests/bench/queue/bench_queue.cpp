#include <algorithm>
#include <atomic>
#include <cstdio>
#include <fstream>

#include <sqlite3.h>
#include <unistd.h>

#include "session/queues.h"
#include "session/run.h"

// Messages through a queue of a running workspace: sent by ten, in the journal before they are
// acknowledged, received by ten, deleted. Beside it the bound: the same rows inserted and deleted
// by the shortest loop over SQLite in commits of the same size.
namespace {

using namespace coldframe;
using Clock = std::chrono::steady_clock;

constexpr int kMessages = 200'000;
constexpr int kTogether = 10;
constexpr int kUnacknowledged = 2'000; ///< most that are on their way in
const std::string kBody
    = R"({"order":17,"item":"lettuce","note":")" + std::string(160, 'x') + "\"}";

double perSecond(Clock::time_point since)
{
    return kMessages / std::chrono::duration<double>(Clock::now() - since).count();
}

/// Inserts and deletes, `group` rows a transaction.
double bare(const std::filesystem::path& file, int group)
{
    sqlite3* db = nullptr;
    sqlite3_open(file.c_str(), &db);
    sqlite3_exec(db,
                 "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                 "CREATE TABLE m(key INTEGER PRIMARY KEY, body BLOB)",
                 nullptr, nullptr, nullptr);
    sqlite3_stmt *insert = nullptr, *erase = nullptr;
    sqlite3_prepare_v2(db, "INSERT INTO m VALUES (?1, ?2)", -1, &insert, nullptr);
    sqlite3_prepare_v2(db, "DELETE FROM m WHERE key = ?1", -1, &erase, nullptr);
    const Clock::time_point begun = Clock::now();
    for (int first = 0; first < kMessages; first += group) {
        for (sqlite3_stmt* statement : {insert, erase}) {
            sqlite3_exec(db, "BEGIN", nullptr, nullptr, nullptr);
            for (int i = first; i < first + group; ++i) {
                sqlite3_bind_int64(statement, 1, i);
                if (statement == insert)
                    sqlite3_bind_blob(statement, 2, kBody.data(), static_cast<int>(kBody.size()),
                                      SQLITE_STATIC);
                sqlite3_step(statement);
                sqlite3_reset(statement);
            }
            sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr);
        }
    }
    const double rate = perSecond(begun);
    sqlite3_finalize(insert);
    sqlite3_finalize(erase);
    sqlite3_close(db);
    return rate;
}

/// Sends and receives on the live thread, as a server of requests does.
class Flow {
public:
    explicit Flow(session::Run& run) : m_run(run) { }

    void turn()
    {
        session::Queues& queues = m_run.queues();
        for (int i = 0; i < kTogether && m_sent < kMessages && m_sent - m_safe < kUnacknowledged;
             ++i, ++m_sent)
            queues.send({.queue = "q", .body = kBody, .sender = "bench"},
                        [this](const session::MessageReceipt& receipt) {
                            m_failed += receipt.refused ? 1 : 0;
                            ++m_safe;
                        });
        for (const session::ReceivedMessage& message :
             queues.receive("q", kTogether, std::nullopt)) {
            m_failed += queues.erase(message.key, message.receive) ? 0 : 1;
            ++m_deleted;
        }
        if (m_deleted < kMessages)
            m_run.post([this] { turn(); });
        else
            done = true;
    }
    int failed() const { return m_failed; }

    std::atomic<bool> done = false;

private:
    session::Run& m_run;
    int m_sent = 0, m_safe = 0, m_deleted = 0, m_failed = 0;
};

double through(const std::filesystem::path& folder, bool record)
{
    session::Run run;
    session::Options options;
    options.workspace = folder;
    options.record = record;
    options.privateState = !record;
    if (record)
        options.state = folder / "state";
    if (const auto opened = run.open(options); !opened) {
        std::fprintf(stderr, "%s\n", describe(opened.error()).c_str());
        std::exit(3);
    }
    Flow flow(run);
    const Clock::time_point begun = Clock::now();
    run.post([&] { flow.turn(); });
    while (!flow.done)
        usleep(200);
    const double rate = perSecond(begun);
    run.close();
    if (flow.failed() > 0)
        std::printf("%d failed\n", flow.failed());
    return rate;
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

} // namespace

int main()
{
    const std::filesystem::path folder
        = std::filesystem::temp_directory_path() / ("bench-queue-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "coldframe.json")
        << R"({"format": 1, "functions": {}, "stores": {"q": {"kind": "queue"}}})";
    std::vector<double> queue, recorded, loop;
    for (int round = 0; round < 3; ++round) {
        std::filesystem::remove(folder / "bare.db");
        std::filesystem::remove(folder / "bare.db-wal");
        queue.push_back(through(folder, false));
        recorded.push_back(through(folder, true));
        loop.push_back(bare(folder / "bare.db", 100));
        std::filesystem::remove_all(folder / "state");
    }
    std::printf("in and out by ten: %.0f messages/s, recorded %.0f messages/s; bare SQLite, 100 a "
                "commit: %.0f messages/s, ratio %.2f\n",
                median(queue), median(recorded), median(loop), median(queue) / median(loop));
    std::filesystem::remove_all(folder);
}
