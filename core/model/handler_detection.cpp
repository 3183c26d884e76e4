#include "model/handler_detection.h"

#include <algorithm>
#include <regex>

#include <unistd.h>

#include "model/node_exports.h"
#include "model/parameter_list.h"
#include "model/python_imports.h"
#include "model/source_files.h"
#include "model/source_lines.h"
#include "model/text_file.h"

namespace coldframe {

namespace fs = std::filesystem;

namespace {

void addOnce(std::vector<std::string>& names, std::string name)
{
    if (std::ranges::find(names, name) == names.end())
        names.push_back(std::move(name));
}

bool isHandlerSignature(const std::vector<std::string>& names)
{
    return names.size() >= 2 && isEventName(names[0])
        && (isContextName(names[1]) || names[1] == "_");
}

/// Where a function of this name is defined; the end of the source when that is not seen.
std::size_t definitionOf(std::string_view source, const std::string& name)
{
    std::string escaped;
    for (const char c : name)
        escaped += c == '$' ? std::string("\\$") : std::string(1, c);
    const std::regex pattern(R"((?:\b(?:def|function\s*\*?|const|let|var)\s+|exports\.))" + escaped
                             + R"((?![\w$]))");
    std::size_t place = source.size();
    eachMatch(source, pattern, [&](const std::cmatch&, std::string_view rest) {
        place = std::min(place, source.size() - rest.size());
    });
    return place;
}

/// The source from one handler's definition to the next one's.
std::string_view partOf(std::string_view source, const std::string& name,
                        const std::vector<std::string>& names)
{
    const std::size_t begin = definitionOf(source, name);
    std::size_t end = source.size();
    for (const std::string& other : names)
        if (const std::size_t place = definitionOf(source, other); place > begin)
            end = std::min(end, place);
    return source.substr(begin, end - begin);
}

bool isTest(const fs::path& file)
{
    const std::string stem = file.stem().string();
    return stem.starts_with("test_") || stem.ends_with("_test") || stem.ends_with(".test")
        || stem.ends_with(".spec") || stem == "conftest";
}

} // namespace

std::vector<std::string> pythonHandlers(std::string_view source)
{
    static const std::regex definition(R"(^(?:async\s+)?def\s+([A-Za-z_]\w*)\s*\()");
    std::vector<std::string> names;
    eachMatch(source, definition, [&](const std::cmatch& match, std::string_view rest) {
        const auto length = static_cast<std::size_t>(match.length(0));
        if (isHandlerSignature(parameters(rest.substr(length))))
            addOnce(names, match[1]);
    });
    return names;
}

namespace {

/// The handlers of one file, of which some may be no more than functions.
struct Candidates {
    std::vector<std::string> handlers, functions;
};

Candidates candidatesIn(Runtime runtime, std::string_view source)
{
    if (runtime == Runtime::Python)
        return {pythonHandlers(source), {}};
    Candidates found;
    for (NodeExport& one : nodeExports(source))
        (one.likeness == NodeExport::Likeness::Function ? found.functions : found.handlers)
            .push_back(std::move(one.name));
    return found;
}

/// Where the code of a module begins, relative to `folder`, and how its handlers spell it.
struct HandlerPlace {
    std::string code, module;
};

HandlerPlace placeOf(const fs::path& file, Runtime runtime, const fs::path& folder)
{
    const fs::path own = file.parent_path();
    fs::path root = runtime == Runtime::Python ? pythonRoot(file, folder) : own;
    fs::path module = file.lexically_relative(root).replace_extension();
    if (module.native().find('.') != std::string::npos) { // folders that no import could name
        root = own;
        module = file.stem();
    }
    return {root.lexically_relative(folder).string(), module.generic_string()};
}

} // namespace

std::vector<DetectedHandler> detectHandlers(const fs::path& folder)
{
    constexpr std::size_t kLargestSource = 1 << 20;
    std::vector<DetectedHandler> found, functions;
    for (const fs::path& file : sourceFiles(folder)) {
        if (found.size() >= kMostHandlers)
            break;
        const std::string stem = file.stem().string();
        if (file.filename() == "bootstrap" && ::access(file.c_str(), X_OK) == 0)
            found.push_back(
                {Runtime::Lambda, file.parent_path().lexically_relative(folder).string(), {}, {}});
        if (isTest(file) || stem.find('.') != std::string::npos || !file.has_extension()
            || file.extension() == ".sh")
            continue;
        const Result<std::string> source = readTextFile(file, kLargestSource);
        if (!source)
            continue; // unreadable or huge: not something to propose
        const Runtime runtime = file.extension() == ".py" ? Runtime::Python : Runtime::Node;
        const Candidates candidates = candidatesIn(runtime, *source);
        if (candidates.handlers.empty() && candidates.functions.empty())
            continue;
        const HandlerPlace place = placeOf(file, runtime, folder);
        const auto add = [&](const std::vector<std::string>& names, auto& list) {
            for (const std::string& name : names) {
                HandlerReading reading = readHandler(runtime, *source);
                if (names.size() > 1) { // each takes its own events, whatever its neighbours take
                    HandlerReading own = readHandler(runtime, partOf(*source, name, names));
                    reading.event = own.event;
                    reading.fields = std::move(own.fields);
                }
                list.push_back(
                    {runtime, place.code, place.module + "." + name, std::move(reading)});
            }
        };
        add(candidates.handlers, found);
        if (found.empty() && functions.size() < kMostHandlers)
            add(candidates.functions, functions);
    }
    return found.empty() ? functions : found;
}

} // namespace coldframe
