#include "session/bring.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "model/text_file.h"
#include "model/workspace_limits.h"
#include "session/sample_event.h"
#include "session/sample_fields.h"
#include "session/sample_object.h"

namespace coldframe::session {

namespace fs = std::filesystem;

namespace {

constexpr const char* kFile = "coldframe.json";
constexpr std::size_t kLargestSample = 8 << 20; ///< a larger object gets no true ETag in its event

Error about(Error::Code code, std::string message, std::string hint, const fs::path& path)
{
    return {code, std::move(message), std::move(hint), path.string(), {}, 0, 0};
}

bool endsWith(const std::string& name, const std::string& ending)
{
    return name.size() >= ending.size()
        && std::equal(ending.rbegin(), ending.rend(), name.rbegin(), [](char a, char b) {
               return std::tolower(static_cast<unsigned char>(a))
                   == std::tolower(static_cast<unsigned char>(b));
           });
}

/// The first file, by name, that lies in the folder itself and has this ending; hidden ones not.
std::string firstFile(const fs::path& folder, const std::string& ending)
{
    std::vector<std::string> names;
    std::error_code problem;
    for (fs::directory_iterator entry(folder, problem), end; !problem && entry != end;
         entry.increment(problem)) {
        std::error_code ignored;
        const std::string name = entry->path().filename().string();
        if (entry->is_regular_file(ignored) && !name.starts_with('.') && endsWith(name, ending))
            names.push_back(name);
    }
    return names.empty() ? std::string() : *std::ranges::min_element(names);
}

/// Chooses the object that a function's sample event tells of, and plans it where there is none.
SampleObject chooseObject(const DraftFunction& function, const std::string& eventFile,
                          BringPlan& plan)
{
    const std::string& ending = function.found.reading.ending;
    const fs::path folder = fs::path("data") / function.source;
    SampleObject object{
        function.source, function.trigger, firstFile(plan.folder / folder, ending), {}};
    if (!object.key.empty()) {
        object.bytes = readTextFile(plan.folder / folder / object.key, kLargestSample).value_or("");
        return object;
    }
    object.key = "sample" + (ending.empty() ? ".txt" : ending);
    if (const auto bytes = sampleObject(ending)) {
        object.bytes = *bytes;
        plan.files.push_back({folder / object.key, *bytes});
    } else {
        plan.draft.notes.push_back(fmt::format(
            "{} reads {} objects, of which no sample can be made: put one into {} and write its "
            "name into {}",
            function.name, ending, folder.generic_string(), eventFile));
    }
    return object;
}

std::string expectation(const DraftFunction& function)
{
    nlohmann::ordered_json json{{"function", function.name}, {"status", "succeeded"}};
    // Which of several is written may depend on the object.
    if (function.targets.size() == 1)
        json["outputs"] = {{{"store", function.targets.front()}, {"keyMatches", "."}}};
    return json.dump(2) + "\n";
}

/// `madeUp` collects the samples in which nothing comes from the handler's source.
Result<void> planEvent(std::size_t index, const fs::path& resources, TimePoint now, BringPlan& plan,
                       std::vector<std::string>& madeUp)
{
    DraftFunction& function = plan.draft.functions[index];
    const std::string name = plan.draft.functions.size() == 1 ? "sample" : function.name;
    const fs::path file = fs::path("events") / (name + ".json");
    const fs::path expected = fs::path("events") / (name + ".expect.json");
    SampleObject object;
    if (!function.source.empty())
        object = chooseObject(function, file.generic_string(), plan);
    Result<std::string> event
        = sampleEventFor(function.found.reading.event, object, resources, now);
    if (!event)
        return tl::unexpected(event.error());
    const HandlerReading& reading = function.found.reading;
    function.event = withFields(*event, reading.event, reading.fields);
    std::error_code ignored;
    const bool isExpected = fs::exists(fs::symlink_status(plan.folder / expected, ignored));
    if (fs::exists(fs::symlink_status(plan.folder / file, ignored))) {
        plan.lacksExpectation = plan.lacksExpectation || !isExpected;
        return {}; // somebody's own; it stays, and so does what is expected of it
    }
    plan.files.push_back({file, function.event});
    if (!isExpected)
        plan.files.push_back({expected, expectation(function)});
    if (!tellsOfObject(reading.event) && !function.isScheduled()
        && !hasFieldsFor(reading.event, reading.fields))
        madeUp.push_back(file.generic_string());
    return {};
}

void addNotes(BringPlan& plan, const std::vector<std::string>& madeUp)
{
    for (const char* name :
         {"template.yaml", "template.yml", "serverless.yml", "serverless.yaml"}) {
        std::error_code ignored;
        if (fs::exists(plan.folder / name, ignored))
            plan.draft.notes.push_back(
                fmt::format("{} lies here and is not read: set memory, timeout and variables from "
                            "it with Edit… or in coldframe.json",
                            name));
    }
    if (madeUp.size() == 1)
        plan.draft.notes.push_back(fmt::format(
            "the sample is made up: put what your handler expects into {}", madeUp.front()));
    else if (!madeUp.empty())
        plan.draft.notes.push_back(
            fmt::format("the samples are made up: put what your handlers expect into {}",
                        fmt::join(madeUp, ", ")));
}

std::string workspaceName(const fs::path& folder)
{
    std::error_code ignored;
    const std::string name = fs::canonical(folder, ignored).filename().string();
    return name.empty() || name.size() > 128 ? "workspace" : name;
}

} // namespace

Result<BringPlan> planBring(const fs::path& folder, const fs::path& resources, TimePoint now)
{
    std::error_code problem;
    if (!fs::is_directory(folder, problem))
        return tl::unexpected(about(Error::Code::Missing, "there is no such folder",
                                    "name the folder that holds your functions", folder));
    if (fs::exists(fs::symlink_status(folder / kFile, problem)))
        return tl::unexpected(about(Error::Code::Duplicate, "the file is already there",
                                    "remove it first, or edit it by hand", folder / kFile));
    const std::vector<DetectedHandler> handlers = detectHandlers(fs::canonical(folder, problem));
    if (handlers.empty())
        return tl::unexpected(about(
            Error::Code::Missing, "no handler was found in this folder",
            "a handler is a Python function with the parameters event and context, a function "
            "that a .js or .mjs file exports, or an executable named bootstrap",
            folder));
    BringPlan plan{folder, draftWorkspace(workspaceName(folder), handlers), {}};
    std::vector<std::string> madeUp;
    for (std::size_t i = 0; i < plan.draft.functions.size(); ++i)
        if (Result<void> planned = planEvent(i, resources, now, plan, madeUp); !planned)
            return tl::unexpected(planned.error());
    addNotes(plan, madeUp);
    plan.files.push_back({kFile, textOf(plan.draft)});
    return plan;
}

Result<std::vector<fs::path>> bring(const BringPlan& plan)
{
    if (Result<void> written = writeNewFiles(plan.folder, plan.files); !written)
        return tl::unexpected(written.error());
    std::vector<fs::path> files;
    for (auto file = plan.files.rbegin(); file != plan.files.rend(); ++file)
        files.push_back(plan.folder / file->path);
    std::ranges::reverse(files.begin() + 1, files.end());
    return files;
}

} // namespace coldframe::session
