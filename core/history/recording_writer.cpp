#include "history/recording_writer.h"

#include <algorithm>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <stop_token>
#include <thread>

#include <fmt/format.h>

#include "history/configuration_json.h"
#include "history/recording_files.h"

namespace coldframe::history {

namespace {

constexpr std::size_t kBlobPiece = 64 * 1024; ///< small blobs are gathered into pieces this large
constexpr std::uint64_t kBlobAlignment = 8; ///< see BlobRef
constexpr std::uint64_t kMaxBlobStart = std::uint64_t{0xffff'ffff} * kBlobAlignment;

} // namespace

/// What waits, guarded, and the thread that writes it.
class RecordingWriter::Worker {
public:
    Worker(RecordingFiles files, WriterOptions options)
        : m_files(std::move(files)), m_options(std::move(options))
    {
        m_waiting.inputs.reserve(kRowsPerBatch);
        m_taken.inputs.reserve(kRowsPerBatch);
        m_bytesWritten = m_files.bytes();
        m_thread = std::jthread([this](std::stop_token stop) { run(stop); });
    }

    /// Runs `add` on what waits, unless the recording has stopped.
    template <typename Add> void add(std::size_t bytes, Add add);
    void addInput(TimePoint at, const engine::Input& input);
    void addAttempt(const AttemptRow& row);
    void checkpoint(TimePoint at, std::vector<std::byte> state, const ActionDigest& digest,
                    bool isEnd);
    bool checkpointDue(TimePoint now) const;
    BlobRef blob(std::string_view bytes);
    Result<void> flush();
    Result<void> close(TimePoint at, const ActionDigest& digest);
    WriterStats stats() const;

private:
    void overflow();
    void stopRecording(Error error);
    bool hurry() const { return m_flushTarget > m_changesWritten; }
    bool full() const { return m_waiting.inputs.size() >= kRowsPerBatch; }
    void run(const std::stop_token& stop);

    RecordingFiles m_files; ///< only the thread uses it, and the next
    Waiting m_taken;
    const WriterOptions m_options;

    mutable std::mutex m_mutex;
    std::condition_variable_any m_work, m_written;
    Waiting m_waiting; ///< guarded, as all below
    std::uint64_t m_inputs = 0, m_attempts = 0, m_blobBytes = 0, m_bytesWritten = 0;
    std::uint64_t m_changes = 0, m_changesWritten = 0, m_flushTarget = 0;
    std::optional<TimePoint> m_lastCheckpoint;
    std::optional<Error> m_stopped;
    bool m_closed = false;
    std::jthread m_thread; ///< last: it ends before the rest
};

template <typename Add> void RecordingWriter::Worker::add(std::size_t bytes, Add add)
{
    std::unique_lock lock(m_mutex);
    if (m_stopped || m_closed)
        return;
    const bool first = m_waiting.empty();
    add(m_waiting);
    m_waiting.bytes += bytes;
    ++m_changes;
    if (m_waiting.bytes > m_options.maxWaitingBytes) {
        lock.unlock();
        overflow();
    } else if (first || m_waiting.inputs.size() == kRowsPerBatch) {
        lock.unlock(); // a system call a batch, not a row
        m_work.notify_one();
    }
}

void RecordingWriter::Worker::addInput(TimePoint at, const engine::Input& input)
{
    add(sizeof(RecordedInput), [&](Waiting& waiting) {
        waiting.inputs.push_back({at, input});
        ++m_inputs;
    });
}

void RecordingWriter::Worker::addAttempt(const AttemptRow& row)
{
    add(sizeof(AttemptRow), [&](Waiting& waiting) {
        waiting.attempts.push_back(row);
        ++m_attempts;
    });
}

void RecordingWriter::Worker::overflow()
{
    stopRecording(Error{Error::Code::LimitReached,
                        fmt::format("the recording stopped: the disk is slower than the run and "
                                    "{} MB wait to be written",
                                    m_options.maxWaitingBytes >> 20),
                        "the run goes on; record to a faster disk, or record less",
                        {},
                        {}});
}

void RecordingWriter::Worker::stopRecording(Error error)
{
    {
        const std::scoped_lock lock(m_mutex);
        if (m_stopped)
            return;
        m_stopped = error;
        m_waiting = Waiting(); // gives the memory back
    }
    m_written.notify_all();
    if (m_options.onStopped)
        m_options.onStopped(error);
}

void RecordingWriter::Worker::checkpoint(TimePoint at, std::vector<std::byte> state,
                                         const ActionDigest& digest, bool isEnd)
{
    add(sizeof(CheckpointHead) + state.size(), [&](Waiting& waiting) {
        m_lastCheckpoint = at;
        waiting.checkpoints.push_back({.row = m_inputs,
                                       .head = {.at = at.time_since_epoch().count(),
                                                .digest = digest.value(),
                                                .actions = digest.actions(),
                                                .isEnd = isEnd ? 1u : 0u},
                                       .state = std::move(state)});
    });
}

bool RecordingWriter::Worker::checkpointDue(TimePoint now) const
{
    const std::scoped_lock lock(m_mutex);
    return !m_stopped
        && (!m_lastCheckpoint || now - *m_lastCheckpoint >= m_options.checkpointEvery);
}

BlobRef RecordingWriter::Worker::blob(std::string_view bytes)
{
    BlobRef ref;
    if (bytes.empty() || bytes.size() > std::numeric_limits<std::uint32_t>::max())
        return ref;
    const std::size_t padded
        = (bytes.size() + kBlobAlignment - 1) / kBlobAlignment * kBlobAlignment;
    add(padded, [&](Waiting& waiting) {
        if (m_blobBytes > kMaxBlobStart)
            return;
        ref = {.eighth = static_cast<std::uint32_t>(m_blobBytes / kBlobAlignment),
               .length = static_cast<std::uint32_t>(bytes.size())};
        m_blobBytes += padded;
        if (waiting.blobs.empty() || waiting.blobs.back().size() + padded > kBlobPiece) {
            waiting.blobs.emplace_back();
            waiting.blobs.back().reserve(std::max(padded, kBlobPiece));
        }
        waiting.blobs.back().append(bytes).append(padded - bytes.size(), '\0');
    });
    return ref;
}

Result<void> RecordingWriter::Worker::flush()
{
    std::unique_lock lock(m_mutex);
    const std::uint64_t target = m_flushTarget = m_changes;
    m_work.notify_one();
    m_written.wait(lock, [&] { return m_changesWritten >= target || m_stopped; });
    if (m_stopped)
        return tl::unexpected(*m_stopped);
    return {};
}

Result<void> RecordingWriter::Worker::close(TimePoint at, const ActionDigest& digest)
{
    checkpoint(at, {}, digest, true);
    Result<void> result = flush();
    const std::scoped_lock lock(m_mutex);
    m_closed = true;
    return result;
}

WriterStats RecordingWriter::Worker::stats() const
{
    const std::scoped_lock lock(m_mutex);
    return {
        .inputs = m_inputs, .attempts = m_attempts, .bytes = m_bytesWritten, .stopped = m_stopped};
}

void RecordingWriter::Worker::run(const std::stop_token& stop)
{
    std::uint64_t taken = 0;
    while (true) {
        bool all = false;
        {
            std::unique_lock lock(m_mutex);
            const auto something
                = [this] { return !m_waiting.empty() || m_files.keepsRowsBack() || hurry(); };
            if (!m_work.wait(lock, stop, something) && !something())
                return;
            const bool early = m_work.wait_for(lock, stop, m_options.writeEvery,
                                               [this] { return full() || hurry(); });
            all = !early || hurry() || stop.stop_requested();
            std::swap(m_taken, m_waiting);
            taken = m_changes;
        }
        const Result<void> result = m_files.write(m_taken, all);
        if (!result) {
            Error error = result.error();
            error.message = "the recording stopped: " + error.message;
            stopRecording(std::move(error));
            return;
        }
        const std::scoped_lock lock(m_mutex);
        m_bytesWritten = m_files.bytes();
        if (all || !m_files.keepsRowsBack())
            m_changesWritten = taken;
        m_written.notify_all();
    }
}

RecordingWriter::RecordingWriter(std::unique_ptr<Worker> worker) : m_worker(std::move(worker)) { }
RecordingWriter::~RecordingWriter() = default;

Result<std::unique_ptr<RecordingWriter>>
RecordingWriter::create(const std::filesystem::path& folder, RecordingHeader header,
                        WriterOptions options)
{
    header.inputLayout = inputLayout();
    Result<RecordingFiles> files = RecordingFiles::create(folder, header);
    if (!files)
        return tl::unexpected(files.error());
    return std::unique_ptr<RecordingWriter>(
        new RecordingWriter(std::make_unique<Worker>(std::move(*files), std::move(options))));
}

void RecordingWriter::configuration(const engine::Configuration& configuration)
{
    std::string line = toJson(configuration) + '\n';
    m_worker->add(line.size(),
                  [&](Waiting& waiting) { waiting.configurations.push_back(std::move(line)); });
}

void RecordingWriter::checkpoint(TimePoint at, std::vector<std::byte> engineState,
                                 const ActionDigest& digest)
{
    m_worker->checkpoint(at, std::move(engineState), digest, false);
}

bool RecordingWriter::checkpointDue(TimePoint now) const
{
    return m_worker->checkpointDue(now);
}

void RecordingWriter::input(TimePoint at, const engine::Input& input)
{
    m_worker->addInput(at, input);
}

void RecordingWriter::attempt(const AttemptRow& row)
{
    m_worker->addAttempt(row);
}
BlobRef RecordingWriter::blob(std::string_view bytes)
{
    return m_worker->blob(bytes);
}
Result<void> RecordingWriter::flush()
{
    return m_worker->flush();
}

Result<void> RecordingWriter::close(TimePoint at, const ActionDigest& digest)
{
    return m_worker->close(at, digest);
}

WriterStats RecordingWriter::stats() const
{
    return m_worker->stats();
}

} // namespace coldframe::history
