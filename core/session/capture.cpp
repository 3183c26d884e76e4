#include "session/capture.h"

#include <algorithm>

#include <fmt/format.h>

#include "changes/sqlite_row_source.h"
#include "model/variable_references.h"
#include "postgres/postgres_row_source.h"
#include "session/variable_source.h"

namespace coldframe::session {

namespace {

using State = CaptureView::State;

constexpr std::string_view kStateOption = "--state ";

const Store& storeOfTable(const Workspace& workspace, const ChangesTrigger& trigger)
{
    return *workspace.findStore(trigger.store); // the reader has made sure of it
}

postgres::CaptureNames namesOf(const std::string& table, std::string owner)
{
    const std::size_t dot = table.find('.');
    if (dot == std::string::npos)
        return {{}, table, std::move(owner)};
    return {table.substr(0, dot), table.substr(dot + 1), std::move(owner)};
}

CaptureSteps stepsOf(changes::CapturePlan plan)
{
    return {std::move(plan.statements), std::move(plan.warnings)};
}

State stateOf(changes::CaptureState::Kind kind)
{
    switch (kind) {
    case changes::CaptureState::Kind::Absent:
        return State::Absent;
    case changes::CaptureState::Kind::Ready:
        return State::Ready;
    case changes::CaptureState::Kind::Outdated:
        return State::Outdated;
    case changes::CaptureState::Kind::Renamed:
        return State::Renamed;
    case changes::CaptureState::Kind::Broken:
        break;
    }
    return State::Broken;
}

/// Tables of the same database that the workspace's triggers name.
std::vector<std::string> tablesBeside(const CapturedTable& table)
{
    const auto fileOf = [&](const ChangesTrigger& trigger) {
        const std::string identity = tableIdentity(table.workspace, trigger);
        return identity.substr(0, identity.find('\n'));
    };
    std::vector<std::string> tables;
    for (const Trigger* trigger : changesTriggers(table.workspace)) {
        const auto& changes = std::get<ChangesTrigger>(trigger->kind);
        if (fileOf(changes) == fileOf(table.trigger))
            tables.push_back(changes.table);
    }
    return tables;
}

} // namespace

Result<std::string> connectionOf(const std::string& connection, const std::filesystem::path& folder)
{
    const auto variables = readVariables(folder);
    if (!variables)
        return tl::unexpected(variables.error());
    const auto whole = expandReferences(connection, *variables);
    if (!whole)
        return tl::unexpected(Error{
            .code = Error::Code::Missing,
            .message
            = fmt::format("the variable {} is not set, which the connection needs", whole.error()),
            .hint
            = fmt::format("write {}=… into secrets.env beside coldframe.json", whole.error())});
    // libpq's own words could quote a secret.
    if (!referencesIn(connection).empty() && !postgres::checkConnectionText(*whole))
        return tl::unexpected(Error{
            .code = Error::Code::Malformed,
            .message = "the connection cannot be read once its variables are filled in",
            .hint = "write password='${env:NAME}' for a value with spaces; in a URI, spaces and "
                    "signs such as @ and / are written %20, %40 and %2F"});
    return *whole;
}

std::string_view nameOf(State state)
{
    switch (state) {
    case State::Absent:
        return "not captured";
    case State::Ready:
        return "captured";
    case State::Outdated:
        return "outdated";
    case State::Renamed:
        return "renamed";
    case State::Broken:
        return "broken";
    case State::Foreign:
        break;
    }
    return "captured for another reader";
}

std::string sentenceOf(const CaptureView& view)
{
    const std::string_view name = nameOf(view.state);
    return view.reasons.empty() ? std::string(name)
                                : fmt::format("{}: {}", name, fmt::join(view.reasons, "; "));
}

std::string captureOwner(const std::filesystem::path& workspace, const std::filesystem::path& state)
{
    namespace fs = std::filesystem;
    std::error_code ignored;
    const auto real = [&](const fs::path& path) {
        const fs::path whole = fs::weakly_canonical(fs::absolute(path, ignored), ignored);
        return whole.has_filename() ? whole : whole.parent_path(); // "state/" is "state"
    };
    if (state.empty() || real(state) == real(workspace / ".coldframe"))
        return workspace.string();
    return std::string(kStateOption) + real(state).string();
}

std::string ownerInWords(const std::string& owner)
{
    return (owner.starts_with(kStateOption) ? "a run with " : "the workspace ") + owner;
}

std::vector<const Trigger*> changesTriggers(const Workspace& workspace)
{
    std::vector<const Trigger*> triggers;
    for (const Trigger& trigger : workspace.triggers)
        if (std::holds_alternative<ChangesTrigger>(trigger.kind))
            triggers.push_back(&trigger);
    return triggers;
}

std::string placeOf(const Workspace& workspace, const ChangesTrigger& trigger)
{
    const Store& store = storeOfTable(workspace, trigger);
    if (std::holds_alternative<PostgresStore>(store.kind))
        return fmt::format("{} of the store {}", trigger.table, store.name);
    const std::filesystem::path near = pathOf(store).lexically_relative(workspace.folder);
    const bool inside = !near.empty() && *near.begin() != "..";
    return fmt::format("{} in {}", trigger.table, (inside ? near : pathOf(store)).string());
}

std::string tableIdentity(const Workspace& workspace, const ChangesTrigger& trigger)
{
    const Store& store = *workspace.findStore(trigger.store);
    if (const auto* server = std::get_if<PostgresStore>(&store.kind))
        return postgres::databaseOf(server->connection) + '\n' + trigger.table;
    std::error_code ignored;
    std::string table = trigger.table; // SQLite does not heed the case of ASCII letters
    std::ranges::transform(table, table.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    return std::filesystem::weakly_canonical(pathOf(store), ignored).string() + '\n' + table;
}

std::unique_ptr<changes::RowSource>
makeRowSource(const Workspace& workspace, const ChangesTrigger& trigger, const std::string& owner)
{
    const Store& store = storeOfTable(workspace, trigger);
    if (const auto* server = std::get_if<PostgresStore>(&store.kind))
        return std::make_unique<postgres::PostgresRowSource>(
            [connection = server->connection, folder = workspace.folder] {
                return connectionOf(connection, folder);
            },
            namesOf(trigger.table, owner));
    return std::make_unique<changes::SqliteRowSource>(pathOf(store), trigger.table, owner);
}

namespace {

Result<CaptureView> look(changes::RowSource& source, const CapturedTable& table)
{
    const auto state = source.inspect();
    if (!state) {
        // Of a table that is not there nothing is installed, and that is so after a removal, too.
        auto removal = source.planRemoval(tablesBeside(table));
        if (!removal || state.error().code != Error::Code::Missing)
            return tl::unexpected(state.error());
        CaptureView view{State::Absent, {}, {}, stepsOf(std::move(*removal)), {}};
        view.refused = state.error();
        return view;
    }
    CaptureView view{stateOf(state->kind), state->reasons, {}, {}, state->owner};
    if (!state->owner.empty() && state->owner != table.owner) {
        view.state = State::Foreign;
        view.reasons.insert(view.reasons.begin(),
                            state->owner == table.workspace.folder.string()
                                ? "this workspace without --state"
                                : ownerInWords(state->owner));
    }
    // Of a table that is gone there is nothing to install, and what there was can be removed.
    auto install = source.planInstall();
    auto removal = source.planRemoval(tablesBeside(table));
    if (!removal || (!install && view.state == State::Absent))
        return tl::unexpected(removal ? install.error() : removal.error());
    view.waiting = removal->waiting;
    if (install)
        view.install = stepsOf(std::move(*install));
    else
        view.refused = std::move(install.error());
    view.removal = stepsOf(std::move(*removal));
    return view;
}

} // namespace

Result<CaptureView> answerCapture(changes::RowSource& source, const CapturedTable& table,
                                  const CaptureRequest& request)
{
    const changes::CapturePlan agreed{.statements = request.agreed.statements};
    Result<void> done;
    if (request.what == CaptureRequest::What::Install)
        done = source.install(agreed);
    else if (request.what == CaptureRequest::What::Remove)
        done = source.remove(agreed, tablesBeside(table));
    return done ? look(source, table) : tl::unexpected(done.error());
}

Result<CaptureView> inspectCapture(const CapturedTable& table)
{
    return look(*makeRowSource(table.workspace, table.trigger, table.owner), table);
}

Result<void> installCapture(const CapturedTable& table, const CaptureSteps& agreed)
{
    return makeRowSource(table.workspace, table.trigger, table.owner)
        ->install({.statements = agreed.statements});
}

Result<void> removeCapture(const CapturedTable& table, const CaptureSteps& agreed)
{
    return makeRowSource(table.workspace, table.trigger, table.owner)
        ->remove({.statements = agreed.statements}, tablesBeside(table));
}

} // namespace coldframe::session
