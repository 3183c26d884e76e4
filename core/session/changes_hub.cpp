#include "session/changes_hub.h"

#include <algorithm>

#include <fmt/format.h>

#include "session/capture.h"
#include "session/run.h"

namespace coldframe::session {

namespace {

std::string hintOf(const TableTrouble& trouble)
{
    switch (trouble.kind) {
    case TableTrouble::Kind::NotCaptured:
        return "`coldframe capture` shows what would be installed, and installs it with --install; "
               "in the window, the trigger's page does";
    case TableTrouble::Kind::Renamed:
        return "`coldframe capture` shows what would be done about it; in the window, the "
               "trigger's "
               "page does";
    case TableTrouble::Kind::Outdated:
    case TableTrouble::Kind::Broken:
        return trouble.error.hint.empty()
            ? "`coldframe capture` shows what would repair it, and does with --install"
            : trouble.error.hint;
    case TableTrouble::Kind::Unreachable:
        break;
    }
    return trouble.error.hint;
}

} // namespace

struct ChangesHub::Alive {
    ChangesHub* hub = nullptr; ///< only looked at on the live thread
};

ChangesHub::ChangesHub(Run& run) : m_run(run), m_alive(std::make_shared<Alive>())
{
    m_alive->hub = this;
}

ChangesHub::~ChangesHub()
{
    m_alive->hub = nullptr;
    end(); // all at once, then wait
}

void ChangesHub::end()
{
    for (const auto& [identity, table] : m_tables)
        table->reader->end();
}

std::shared_ptr<ChangesHub::Table> ChangesHub::join(const Workspace& workspace,
                                                    const ChangesTrigger& trigger)
{
    std::shared_ptr<Table>& table = m_tables[tableIdentity(workspace, trigger)];
    if (!table) {
        table = std::make_shared<Table>();
        table->name = placeOf(workspace, trigger);
        const auto tell = [alive = m_alive, weak = std::weak_ptr(table), &run = m_run](auto work) {
            run.post([alive, weak, work = std::move(work)] {
                const auto told = weak.lock();
                if (alive->hub && told)
                    work(*alive->hub, told);
            });
        };
        // Of the workspace it needs folder and store, which stay: another store is another table.
        auto copy = std::make_shared<Workspace>();
        copy->folder = workspace.folder;
        copy->stores = workspace.stores;
        table->reader = std::make_unique<TableReader>(TableReader::Hands{
            .source =
                [copy, trigger, owner = captureOwner(workspace.folder, m_run.state().path())] {
                    return makeRowSource(*copy, trigger, owner);
                },
            .flushJournal = [&run = m_run] { return run.journal().flush(); },
            .trouble =
                [tell](std::optional<TableTrouble> trouble) {
                    tell([trouble = std::move(trouble)](ChangesHub& hub, const auto& about) {
                        hub.told(about, trouble);
                    });
                },
            .notice =
                [tell](std::string text) {
                    tell([text = std::move(text)](ChangesHub& hub, const auto& about) {
                        hub.m_run.notice(Notice::Severity::Warning, about->name + ": " + text);
                    });
                },
        });
    }
    ++table->triggers;
    return table;
}

void ChangesHub::leave(const std::shared_ptr<Table>& table)
{
    if (--table->triggers > 0)
        return;
    table->reader->end();
    m_leaving.push_back(table);
    std::erase_if(m_tables, [&](const auto& item) { return item.second == table; });
}

void ChangesHub::beat()
{
    std::erase_if(m_leaving, [](const auto& table) { return table->reader->ended(); });
}

void ChangesHub::told(const std::shared_ptr<Table>& table, std::optional<TableTrouble> trouble)
{
    const bool first = table->trouble && table->trouble->kind == TableTrouble::Kind::NotCaptured;
    if (!trouble)
        m_run.notice(Notice::Severity::Info,
                     table->name
                         + (first ? ": changes are captured now" : ": changes are read again"));
    else if (trouble->kind == TableTrouble::Kind::NotCaptured)
        m_run.notice(Notice::Severity::Warning, table->name + ": changes are not captured yet",
                     hintOf(*trouble));
    else
        m_run.notice(trouble->kind == TableTrouble::Kind::Broken ? Notice::Severity::Error
                                                                 : Notice::Severity::Warning,
                     table->name + ": " + trouble->error.message, hintOf(*trouble));
    table->trouble = std::move(trouble);
}

} // namespace coldframe::session
