#include "study/scenario_file.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/platform_file.h"
#include "model/json_edit.h"
#include "model/json_reader.h"
#include "model/resources.h"
#include "model/suggestion.h"
#include "model/text_file.h"
#include "study/cold_starts.h"
#include "study/scenario_recordings.h"
#include "study/scenario_traces.h"
#include "study/trace_shelf.h"

namespace coldframe::study {

namespace {

using Failed = tl::unexpected<std::vector<Error>>;

/// Before a function's memory is changed, its law remembers at which memory it holds.
Result<std::string> keepLawsMemory(const std::string& text, const Setting& setting)
{
    constexpr std::string_view kPrefix = "functions.", kSuffix = ".memoryMb";
    if (!setting.path.starts_with(kPrefix) || !setting.path.ends_with(kSuffix))
        return text;
    auto pointer = pointerOf(setting.path);
    if (!pointer)
        return text;
    const std::string function = pointer->substr(0, pointer->rfind('/'));
    const auto json = parseJson(text, "");
    std::optional<JsonValue> at = json ? std::optional(json->root()) : std::nullopt;
    std::string name = setting.path.substr(kPrefix.size(),
                                           setting.path.size() - kPrefix.size() - kSuffix.size());
    std::erase(name, '"');
    for (const std::string& key : {std::string("functions"), name})
        at = at && at->isObject() ? at->find(key) : std::nullopt;
    const auto service = at && at->isObject() ? at->find("service") : std::nullopt;
    if (!service || !service->isObject() || service->find("atMemoryMb"))
        return text;
    const auto memory = at->find("memoryMb");
    return setJson(text, function + "/service/atMemoryMb", memory ? memory->compact() : "128");
}

/// What is in the scenario under a name of its user's choice.
struct Named {
    const char* key;
    const char* one;
};
constexpr Named kNamed[] = {
    {"functions", "function"}, {"backends", "backend"}, {"queues", "queue"}, {"streams", "stream"}};

/// A misspelt one would be added to the file as a new one.
std::optional<Error> misspelt(const std::string& text, const Setting& setting,
                              const std::string& pointer, const std::string& fileName)
{
    for (const Named& named : kNamed) {
        const std::string prefix = fmt::format("/{}/", named.key);
        if (!pointer.starts_with(prefix))
            continue;
        const auto json = parseJson(text, fileName);
        if (!json)
            return json.error();
        const std::string name
            = pointer.substr(prefix.size(), pointer.find('/', prefix.size()) - prefix.size());
        std::vector<std::string> names;
        const auto all = json->root().isObject() ? json->root().find(named.key) : std::nullopt;
        if (all && all->isObject())
            for (const JsonMember& member : all->members())
                names.push_back(member.key);
        if (std::ranges::find(names, name) != names.end())
            continue;
        // A dot of the name's own has parted the path.
        const auto dotted = std::ranges::find_if(
            names, [&](const std::string& each) { return each.starts_with(name + "."); });
        const auto meant = dotted != names.end() ? std::optional(*dotted) : suggestFor(name, names);
        const bool quoted = dotted != names.end();
        return Error{
            Error::Code::Missing,
            fmt::format("{}: the scenario has no {} \"{}\"", setting.path, named.one, name),
            quoted      ? fmt::format("a name with dots needs quotes: {}.\"{}\"", named.key, *meant)
                : meant ? fmt::format("did you mean \"{}\"?", *meant)
                : names.empty() ? fmt::format("describe it in the file, in \"{}\"", named.key)
                                : "there are " + listOfNames(names),
            fileName,
            {}};
    }
    return std::nullopt;
}

Result<std::string> withSetting(const std::string& text, const Setting& setting,
                                const std::string& fileName)
{
    const auto pointer = pointerOf(setting.path);
    if (!pointer)
        return tl::unexpected(pointer.error());
    if (auto error = misspelt(text, setting, *pointer, fileName))
        return tl::unexpected(std::move(*error));
    const auto kept = keepLawsMemory(text, setting);
    return kept ? setJson(*kept, *pointer, setting.value) : kept;
}

/// Adds the way a bad value came in to what is wrong with it.
std::vector<Error> named(std::vector<Error> errors, const std::vector<Setting>& settings)
{
    for (Error& error : errors)
        for (const Setting& setting : settings) {
            const auto pointer = pointerOf(setting.path);
            if (pointer && error.pointer.starts_with(*pointer)) {
                error.message += fmt::format(" (set by {}={})", setting.path, setting.value);
                error.line = error.column = 0; // of a text nobody wrote
            }
        }
    return errors;
}

} // namespace

Result<ScenarioFile> ScenarioFile::open(const std::filesystem::path& file,
                                        const std::filesystem::path& resources)
{
    constexpr std::size_t kMaxBytes = 256 << 20;
    auto text = readTextFile(file, kMaxBytes);
    if (!text)
        return tl::unexpected(text.error());
    return ScenarioFile(std::move(*text), file.string(), file.parent_path(), resources);
}

ScenarioFile::ScenarioFile(std::string text, std::string fileName, std::filesystem::path folder,
                           std::filesystem::path resources)
    : m_text(std::move(text)), m_fileName(std::move(fileName)), m_folder(std::move(folder)),
      m_resources(std::move(resources)), m_traces(std::make_shared<TraceShelf>())
{ }

tl::expected<Prepared, std::vector<Error>>
ScenarioFile::prepare(const std::vector<Setting>& settings) const
{
    std::string text = m_text;
    for (const Setting& setting : settings) {
        auto changed = withSetting(text, setting, m_fileName);
        if (!changed)
            return Failed({changed.error()});
        text = std::move(*changed);
    }
    const auto json = parseJson(std::move(text), m_fileName);
    if (!json)
        return Failed({json.error()});
    auto scenario = scenario::readScenario(*json);
    if (!scenario)
        return Failed(named(std::move(scenario.error()), settings));

    Prepared prepared;
    prepared.scenario = std::move(*scenario);
    const auto file = platformFile(m_resources, prepared.scenario.platform);
    const auto platformText = readText(file);
    if (!platformText) {
        const auto ids = platformIds(m_resources);
        const auto meant = suggestFor(prepared.scenario.platform, ids);
        return Failed(
            named({errorAt(*json, "/platform", false, Error::Code::Missing,
                           fmt::format("there is no platform \"{}\"", prepared.scenario.platform),
                           meant ? fmt::format("did you mean \"{}\"?", *meant)
                                 : "there are " + listOfNames(ids))},
                  settings));
    }
    const auto platform = engine::readPlatform(*platformText, file.string());
    if (!platform)
        return Failed({platform.error()});
    const auto details = engine::readPlatformDetails(*platformText, file.string());
    const auto standard = details && details->architecture == "arm64" ? cost::Architecture::Arm64
                                                                      : cost::Architecture::X86_64;
    for (scenario::ScenarioFunction& function : prepared.scenario.functions)
        function.model.architecture = function.architecture.value_or(standard);
    if (auto errors = fillColdStarts(prepared, m_resources, *json); !errors.empty())
        return Failed(named(std::move(errors), settings));
    if (auto errors = fillFromRecordings(prepared, m_folder, *json); !errors.empty())
        return Failed(named(std::move(errors), settings));
    if (auto errors = fillFromTraces(prepared, m_folder, *json, *m_traces); !errors.empty())
        return Failed(named(std::move(errors), settings));
    auto model = scenario::resolve(prepared.scenario, *platform, *json);
    if (!model)
        return Failed(named(std::move(model.error()), settings));
    prepared.model = std::move(*model);
    if (!platform->priceBook.empty() && platform->attemptsBilled) {
        const auto book = m_resources / "prices" / (platform->priceBook + ".json");
        if (const auto bookText = readText(book)) {
            auto prices = cost::readPriceBook(*bookText, book.string());
            if (!prices)
                return Failed({prices.error()});
            prepared.prices = std::move(*prices);
        }
    }
    prepared.origins.push_back(
        {"rules of the pool", "modelled",
         fmt::format("{}, figures as of {}", platform->title, platform->asOf)});
    if (!prepared.prices)
        prepared.origins.push_back(
            {"cost", "not priced",
             fmt::format("there is no price book for {}: nothing is priced, which is not $0",
                         platform->title)});
    else
        prepared.origins.push_back({"cost", "modelled",
                                    fmt::format("{}, prices as of {}, without free tier",
                                                prepared.prices->title, prepared.prices->asOf)});
    return prepared;
}

} // namespace coldframe::study
