#include "session/recording_chain.h"

#include <ctime>

#include <fmt/format.h>

#include "history/prune.h"

namespace coldframe::session {

namespace fs = std::filesystem;

namespace {

std::string recordingName()
{
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    localtime_r(&now, &local);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%d %H.%M.%S", &local);
    return text;
}

fs::path freeFolder(const fs::path& folder)
{
    const std::string name = recordingName();
    fs::path path = folder / name;
    std::error_code code;
    for (int n = 2; fs::exists(path, code); ++n)
        path = folder / fmt::format("{} ({})", name, n);
    return path;
}

} // namespace

RecordingChain::Made::~Made()
{
    writer.reset();
    std::error_code ignored;
    if (!m_folder.empty())
        fs::remove_all(m_folder, ignored);
}

RecordingChain::MadeResult RecordingChain::make(const Options& options,
                                                history::RecordingHeader header)
{
    const fs::path folder = freeFolder(options.folder);
    auto writer = history::RecordingWriter::create(folder, std::move(header), options.writer);
    if (!writer)
        return tl::unexpected(writer.error());
    auto made = std::make_shared<Made>(folder);
    made->writer = std::move(*writer);
    return made;
}

Result<std::unique_ptr<RecordingChain>> RecordingChain::begin(Options options)
{
    auto first = make(options, options.header());
    if (!first)
        return tl::unexpected(first.error());
    std::unique_ptr<RecordingChain> chain(new RecordingChain(std::move(options)));
    chain->m_writer = (*first)->writer;
    chain->m_parts.push_back({(*first)->take(), 0});
    chain->m_alive = std::make_shared<RecordingChain*>(chain.get());
    chain->prune();
    return chain;
}

RecordingChain::~RecordingChain()
{
    if (m_alive)
        *m_alive = nullptr;
}

void RecordingChain::prune()
{
    m_options.background([folder = m_options.folder, post = m_options.post, alive = m_alive] {
        if (auto pruned = history::pruneRecordings(folder); !pruned)
            post([alive, error = pruned.error()] {
                if (*alive)
                    (*alive)->m_options.trouble(error);
            });
    });
}

bool RecordingChain::due(TimePoint now) const
{
    const history::WriterStats stats = m_writer->stats();
    if (stats.stopped)
        return !m_triedAt || now - *m_triedAt >= m_options.limits.retryAfterStop;
    return stats.bytes >= m_options.limits.maxBytes
        || (m_startedAt && now - *m_startedAt >= m_options.limits.maxAge);
}

void RecordingChain::rest(TimePoint now, const engine::Engine& engine,
                          const history::ActionDigest& digest, std::uint64_t rows)
{
    if (!m_startedAt)
        m_startedAt = m_triedAt = now;
    if (m_next)
        change(now, engine, digest, rows);
    else if (!m_preparing && due(now))
        prepare(now);
    if (m_writer->checkpointDue(now))
        m_writer->checkpoint(now, engine.save(), digest);
}

void RecordingChain::prepare(TimePoint now)
{
    m_preparing = true;
    m_triedAt = now;
    history::RecordingHeader header = m_options.header();
    m_options.background([alive = m_alive, options = m_options, header = std::move(header)] {
        auto made = std::make_shared<MadeResult>(make(options, header));
        options.post([alive, made] {
            if (*alive)
                (*alive)->prepared(std::move(*made));
        });
    });
}

void RecordingChain::prepared(MadeResult made)
{
    m_preparing = false;
    if (made)
        m_next = std::move(*made); // else the disk is still full: tried again later
}

/// The new recording goes on where the old one ends: same configurations, the engine as it is.
void RecordingChain::change(TimePoint now, const engine::Engine& engine,
                            const history::ActionDigest& digest, std::uint64_t rows)
{
    const bool hadStopped = m_writer->stats().stopped.has_value();
    m_options.background([old = m_writer, now, digest] { (void)old->close(now, digest); });
    m_writer = m_next->writer;
    m_parts.push_back({m_next->take(), rows});
    m_next.reset();
    m_startedAt = m_triedAt = now;
    for (std::uint32_t revision = 0; engine.hasRevision(revision); ++revision)
        m_writer->configuration(engine.revision(revision));
    m_writer->checkpoint(now, engine.save(), digest);
    prune();
    if (hadStopped)
        m_options.resumed(folder());
}

void RecordingChain::close(TimePoint now, const history::ActionDigest& digest)
{
    (void)m_writer->close(now, digest); // a failure was reported through onStopped
    m_next.reset();
}

} // namespace coldframe::session
