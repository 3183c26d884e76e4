#include "ui/simulate/new_scenario.h"

#include <QDir>
#include <QFileInfo>

#include "model/json_edit.h"
#include "model/json_text.h"
#include "model/text_file.h"
#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

constexpr std::size_t kLargestFile = 16 << 20; ///< bytes

std::string schemaOf(const QString& resourceFolder)
{
    return quotedJson(
        (resourceFolder + QStringLiteral("/schema/scenario.schema.json")).toStdString());
}

std::string coldStartOf(Runtime runtime)
{
    switch (runtime) {
    case Runtime::Python:
        return R"({ "runtime": "python3.12" })";
    case Runtime::Node:
        return R"({ "runtime": "nodejs22.x" })";
    case Runtime::Lambda:
    case Runtime::Command:
        break;
    }
    return R"({ "law": "lognormal", "medianS": 0.15, "sigma": 0.3 })";
}

std::string functionOf(const Function& function)
{
    const auto line = [](const char* key, int value) {
        return std::string("      \"") + key + "\": " + std::to_string(value) + ",\n";
    };
    std::string made = "    " + quotedJson(function.name) + ": {\n"
        + line("memoryMb", function.memoryMb) + line("timeoutMs", function.timeoutMs);
    if (function.reservedConcurrency)
        made += line("reservedConcurrency", *function.reservedConcurrency);
    if (function.provisionedConcurrency > 0)
        made += line("provisionedConcurrency", function.provisionedConcurrency);
    return made
        + "      \"service\": { \"law\": \"lognormal\", \"medianS\": 0.2, \"sigma\": 0.5, "
          "\"cpuShare\": 0.5 },\n"
          "      \"coldStart\": "
        + coldStartOf(function.runtime)
        + ",\n"
          "      \"arrivals\": { \"law\": \"poisson\", \"ratePerS\": 5 }\n"
          "    }";
}

} // namespace

QList<ScenarioEntry> scenariosOf(const QString& workspaceFolder)
{
    QList<ScenarioEntry> entries;
    if (workspaceFolder.isEmpty())
        return entries;
    const QDir folder(workspaceFolder + QStringLiteral("/scenarios"));
    for (const QFileInfo& file : folder.entryInfoList({QStringLiteral("*.json")}, QDir::Files,
                                                      QDir::Name | QDir::LocaleAware))
        entries.append({file.fileName(), file.absoluteFilePath()});
    return entries;
}

QList<ScenarioEntry> shippedScenarios(const QString& examplesFolder)
{
    QList<ScenarioEntry> entries = scenariosOf(examplesFolder);
    for (ScenarioEntry& entry : entries) {
        const auto read = readTextFile(entry.path.toStdString(), kLargestFile);
        const auto json = read ? parseJson(*read, "") : Result<JsonText>(tl::unexpected(Error()));
        const auto name = json && json->root().isObject() ? json->root().find("name")
                                                          : std::optional<JsonValue>();
        if (name && name->isString())
            entry.title = text(name->string());
    }
    return entries;
}

bool isScenario(const QString& path)
{
    const QFileInfo file(path);
    if (!file.isFile() || file.suffix().compare(QLatin1String("json"), Qt::CaseInsensitive) != 0
        || file.fileName() == QLatin1String("coldframe.json"))
        return false;
    const auto read = readTextFile(path.toStdString(), kLargestFile);
    const auto json = read ? parseJson(*read, "") : Result<JsonText>(tl::unexpected(Error()));
    if (!json || !json->root().isObject())
        return file.dir().dirName() == QLatin1String("scenarios");
    const auto functions = json->root().find("functions");
    return functions && functions->isObject();
}

std::string scenarioOf(const Workspace& workspace, const QString& resourceFolder)
{
    std::string made = "{\n  \"$schema\": " + schemaOf(resourceFolder) + ",\n  \"format\": 1,\n"
        + "  \"name\": " + quotedJson(workspace.name) + ",\n  \"seed\": 1,\n"
        + "  \"replications\": 10,\n  \"durationS\": 86400,\n  \"stepS\": 300,\n  \"platform\": "
        + quotedJson(workspace.platform) + ",\n";
    if (workspace.accountConcurrency > 0)
        made += "  \"accountConcurrency\": " + std::to_string(workspace.accountConcurrency) + ",\n";
    made += "  \"functions\": {\n";
    bool first = true;
    for (const Function& function : workspace.functions) {
        if (function.removed)
            continue;
        made += (first ? "" : ",\n") + functionOf(function);
        first = false;
    }
    return made + "\n  }\n}\n";
}

Result<std::string> copyOf(const QString& path, const QString& resourceFolder)
{
    const auto read = readTextFile(path.toStdString(), kLargestFile);
    return read ? setJson(*read, "/$schema", schemaOf(resourceFolder)) : read;
}

} // namespace coldframe::ui
