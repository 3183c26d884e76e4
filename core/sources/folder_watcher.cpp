#include "sources/folder_watcher.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <system_error>
#include <thread>

#include "sources/change_queue.h"
#include "sources/folder_tracker.h"

namespace coldframe::sources {

namespace {

using Clock = std::chrono::steady_clock;

/// Changes handed over at once: few enough that the first does not wait for the last.
constexpr std::size_t kBatch = 64;

Error cannotStart(const std::filesystem::path& folder, int number)
{
    return Error{.code = Error::Code::Unavailable,
                 .message = "cannot watch the folder: " + std::generic_category().message(number),
                 .hint = "too many files or threads are open: close some programs, or raise the "
                         "limits (ulimit -n, ulimit -u)",
                 .file = folder.string()};
}

/// Milliseconds for poll(2), rounded up, so that it does not wake just before the time.
int pollTimeout(Clock::time_point due)
{
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(due - Clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
}

} // namespace

class FolderWatcher::Impl {
public:
    Impl(const std::filesystem::path& folder, Options options, int stopEvent)
        : m_options(std::move(options)), m_queue(m_options.maxQueued, m_options.wake),
          m_stopEvent(stopEvent),
          m_tracker(folder.string(), m_options, m_known, [this](auto change) {
              m_batch.push_back(std::move(change));
              if (m_begun && m_batch.size() >= kBatch) // before, nobody drains
                  m_queue.push(m_batch, m_stop);
          })
    {
        m_tracker.begin(Clock::now());
        m_status = m_tracker.status();
        m_begun = true;
    }

    ~Impl()
    {
        if (m_thread.joinable()) {
            m_thread.request_stop();
            ::eventfd_write(m_stopEvent, 1);
            m_thread.join();
        }
        ::close(m_stopEvent);
    }

    void startThread()
    {
        m_thread = std::jthread([this](const std::stop_token& stop) { follow(stop); });
    }

    std::vector<FileChange> drain() { return m_queue.drain(); }
    const KnownFiles& known() const { return m_known; }
    KnownFiles& known() { return m_known; }
    const WaitingFiles& waiting() const { return m_tracker.waiting(); }
    FolderStatus status() const
    {
        const std::lock_guard lock(m_statusMutex);
        return m_status;
    }

private:
    void follow(const std::stop_token& stop)
    {
        m_stop = stop;
        while (!stop.stop_requested()) {
            const bool more = m_tracker.run(Clock::now());
            m_queue.push(m_batch, stop);
            publishStatus();
            if (more)
                continue;
            pollfd waited[]{{.fd = m_stopEvent, .events = POLLIN, .revents = 0},
                            {.fd = m_tracker.descriptor(), .events = POLLIN, .revents = 0}};
            ::poll(waited, 2, pollTimeout(m_tracker.nextDue())); // a descriptor of -1 is left out
        }
    }

    void publishStatus()
    {
        {
            const std::lock_guard lock(m_statusMutex);
            if (m_status == m_tracker.status())
                return;
            m_status = m_tracker.status();
        }
        m_queue.wake();
    }

    const Options m_options;
    KnownFiles m_known;
    ChangeQueue m_queue;
    const int m_stopEvent;
    std::vector<FileChange> m_batch; ///< of the watcher's thread
    bool m_begun = false;
    std::stop_token m_stop;
    FolderTracker m_tracker;
    mutable std::mutex m_statusMutex;
    FolderStatus m_status;
    std::jthread m_thread;
};

Result<std::unique_ptr<FolderWatcher>> FolderWatcher::start(const std::filesystem::path& folder,
                                                            Options options)
{
    const int stopEvent = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (stopEvent < 0)
        return tl::unexpected(cannotStart(folder, errno));
    auto impl = std::make_unique<Impl>(folder, std::move(options), stopEvent);
    try {
        impl->startThread();
    } catch (const std::system_error& error) {
        return tl::unexpected(cannotStart(folder, error.code().value()));
    }
    return std::unique_ptr<FolderWatcher>(new FolderWatcher(std::move(impl)));
}

FolderWatcher::FolderWatcher(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) { }
FolderWatcher::~FolderWatcher() = default;

std::vector<FileChange> FolderWatcher::drain()
{
    return m_impl->drain();
}
FolderStatus FolderWatcher::status() const
{
    return m_impl->status();
}
bool FolderWatcher::awaits(const std::function<bool(const std::string& key)>& wanted) const
{
    return m_impl->waiting().anyOf(wanted);
}
std::vector<FileChange> FolderWatcher::present() const
{
    return m_impl->known().present();
}
std::vector<FileChange> FolderWatcher::takePresent()
{
    return m_impl->known().takePresent();
}
std::size_t FolderWatcher::presentCount() const
{
    return m_impl->known().presentCount();
}

} // namespace coldframe::sources
