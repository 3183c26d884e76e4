#pragma once

#include <QList>
#include <QString>

#include "model/error.h"
#include "model/workspace.h"

// Scenarios to begin with, and where a workspace keeps its own.
namespace coldframe::ui {

struct ScenarioEntry {
    QString title, path;
    bool operator==(const ScenarioEntry&) const = default;
};

/// `scenarios/*.json` of a workspace's folder, by name.
QList<ScenarioEntry> scenariosOf(const QString& workspaceFolder);
/// The shipped ones, by the names in them.
QList<ScenarioEntry> shippedScenarios(const QString& examplesFolder);

/// Whether a file is a scenario, by what stands in it; a broken one by where it lies.
bool isScenario(const QString& path);

/// A scenario of the workspace's own functions: platform, memory, timeouts and concurrency are the
/// file's; how often they are called and how long they run is to be filled in.
std::string scenarioOf(const Workspace& workspace, const QString& resourceFolder);
/// The text of a shipped one, its schema where this program has it.
Result<std::string> copyOf(const QString& path, const QString& resourceFolder);

} // namespace coldframe::ui
