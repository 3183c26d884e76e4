#include "session/reloader.h"

#include <set>

#include <fmt/format.h>
#include <sys/stat.h>

#include "model/workspace_file.h"
#include "session/plan.h"
#include "session/queues.h"
#include "session/run.h"
#include "session/workspace_check.h"

namespace coldframe::session {

namespace {

constexpr auto kFileCheck = std::chrono::milliseconds(300);

/// Interpreters write these beside the code; they are no change of it.
const std::vector<std::string> kNotCode = {"__pycache__", "*.pyc", "node_modules", ".venv"};

bool isCode(const std::string& key)
{
    return key.find("__pycache__/") == std::string::npos && !key.ends_with(".pyc")
        && !key.starts_with(".venv/") && !key.starts_with(".git/");
}

bool isOfStore(const Store& store, const std::string& file)
{
    const std::string path = pathOf(store).string();
    if (std::holds_alternative<FolderStore>(store.kind))
        return file.starts_with(path + '/');
    return file == path || file.starts_with(path + '-'); // with SQLite's own: -journal, -wal, -shm
}

/// A function whose code is the whole workspace has more beside it than code: what lies in its
/// stores, its test events, what Coldframe keeps, and the settings, which are read on their own.
bool isData(const Workspace& workspace, const std::string& folder, const std::string& key)
{
    const std::string file = (std::filesystem::path(folder) / key).lexically_normal().string();
    const auto within = [&](const std::filesystem::path& other) {
        return file.starts_with(other.lexically_normal().string() + '/');
    };
    for (const Store& store : workspace.stores)
        if (isOfStore(store, file))
            return true;
    for (const Function& other : workspace.functions)
        if (!other.removed && within(other.code) && other.code.string().starts_with(folder + '/'))
            return true; // told as that function's own
    return within(workspace.folder / ".coldframe") || within(workspace.folder / "events")
        || file == fileOf(workspace).lexically_normal().string()
        || file == (workspace.folder / "secrets.env").lexically_normal().string();
}

std::string stampOf(const std::filesystem::path& file)
{
    struct stat s { };
    if (stat(file.c_str(), &s) != 0)
        return "gone";
    return fmt::format("{}.{}.{}.{}", s.st_mtim.tv_sec, s.st_mtim.tv_nsec, s.st_size, s.st_ino);
}

std::string stampOfSettings(const Workspace& workspace)
{
    return stampOf(fileOf(workspace)) + ' ' + stampOf(workspace.folder / "secrets.env");
}

} // namespace

struct Reloader::Alive {
    Reloader* reloader = nullptr; ///< only looked at on the live thread
};

struct Reloader::Timer {
    explicit Timer(boost::asio::io_context& io) : timer(io) { }
    boost::asio::steady_timer timer;
};

Reloader::Reloader(Run& run)
    : m_run(run), m_alive(std::make_shared<Alive>()), m_timer(std::make_unique<Timer>(run.io()))
{
    m_alive->reloader = this;
}

Reloader::~Reloader()
{
    m_alive->reloader = nullptr;
}

void Reloader::stop()
{
    m_stopped = true;
    m_timer->timer.cancel();
    m_folders.clear();
}

void Reloader::watch(const Workspace& workspace)
{
    std::set<std::string> wanted;
    for (const Function& function : workspace.functions)
        if (!function.removed)
            wanted.insert(function.code.string());
    std::erase_if(m_folders, [&](const auto& item) { return !wanted.contains(item.first); });
    for (const std::string& folder : wanted)
        if (!m_folders.contains(folder))
            start(folder);
    if (m_fileStamp.empty()) {
        m_fileStamp = stampOfSettings(workspace);
        checkFile();
    }
}

void Reloader::start(const std::string& folder)
{
    m_folders[folder].starting = true;
    m_run.inBackground([alive = m_alive, &run = m_run, folder] {
        sources::FolderWatcher::Options options;
        options.ignore.insert(options.ignore.end(), kNotCode.begin(), kNotCode.end());
        options.wake = [alive, &run, folder] {
            run.post([alive, folder] {
                if (alive->reloader)
                    alive->reloader->changed(folder);
            });
        };
        auto watcher = std::make_shared<Result<std::unique_ptr<sources::FolderWatcher>>>(
            sources::FolderWatcher::start(folder, std::move(options)));
        run.post([alive, watcher, folder] {
            if (!alive->reloader || alive->reloader->m_stopped)
                return;
            const auto it = alive->reloader->m_folders.find(folder);
            if (it != alive->reloader->m_folders.end() && *watcher)
                it->second.watcher = std::move(**watcher);
        });
    });
}

void Reloader::changed(const std::string& folder)
{
    const auto it = m_folders.find(folder);
    if (it == m_folders.end() || !it->second.watcher)
        return;
    const auto workspace = m_run.workspace();
    std::string file;
    for (const sources::FileChange& change : it->second.watcher->drain())
        if (isCode(change.key) && !isData(*workspace, folder, change.key))
            file = change.key;
    if (file.empty())
        return;
    std::vector<std::string> names;
    for (FunctionId id = 0; id < workspace->functions.size(); ++id) {
        const Function& function = workspace->functions[id];
        if (function.removed || function.code.string() != folder)
            continue;
        names.push_back(function.name);
        m_run.driver().codeChanged(id);
    }
    if (names.empty())
        return;
    const std::string whose
        = names.size() == 1 ? names.front() : fmt::format("{} functions", names.size());
    m_run.notice(Notice::Severity::Info,
                 fmt::format("{}: {} changed, the next event runs the new code", whose, file));
    m_run.mark(fmt::format("{}: {} changed", whose, file));
}

/// Workspace file and secrets are looked at, not watched: editors replace it in many ways.
void Reloader::checkFile()
{
    if (m_stopped)
        return;
    const std::string stamp = stampOfSettings(*m_run.workspace());
    if (stamp != m_fileStamp && !m_reading) {
        m_fileStamp = stamp;
        readAgain();
    }
    m_timer->timer.expires_after(kFileCheck);
    m_timer->timer.async_wait([this](const boost::system::error_code& error) {
        if (!error)
            checkFile();
    });
}

void Reloader::readAgain()
{
    if (std::exchange(m_reading, true)) {
        m_readOnceMore = true;
        return;
    }
    m_run.inBackground(
        [alive = m_alive, &run = m_run, before = m_run.workspace(), context = m_run.planContext()] {
            auto reading = std::make_shared<WorkspaceReading>(readWorkspaceToRun(
                fileOf(*before), {.resources = context.resources, .before = before.get()}));
            auto plan = std::make_shared<Result<Plan>>(tl::unexpected(Error{}));
            if (reading->workspace) {
                reading->workspace = keepPlaces(std::move(*reading->workspace), *before);
                *plan = makePlan(*reading->workspace, context);
                if (!*plan)
                    reading->errors.push_back(plan->error());
            }
            run.post([alive, &run, reading, plan] {
                if (!alive->reloader)
                    return;
                alive->reloader->m_reading = false;
                if (std::exchange(alive->reloader->m_readOnceMore, false))
                    return alive->reloader->readAgain(); // this one was planned before the wish
                if (reading->errors.empty())
                    reading->errors = run.queues().problemsOf(*reading->workspace);
                run.setWorkspaceProblems(reading->errors, reading->warnings);
                if (reading->errors.empty()) {
                    run.adopt(std::move(*reading->workspace), std::move(**plan));
                    return;
                }
                run.notice(Notice::Severity::Error,
                           fileOf(*run.workspace()).filename().string()
                               + " cannot be used as it is now; the last good one stays: "
                               + describe(reading->errors.front()));
            });
        });
}

} // namespace coldframe::session
