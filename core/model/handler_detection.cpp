#include "model/handler_detection.h"

#include <algorithm>
#include <regex>

#include <unistd.h>

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

/// The parameters that follow an opening bracket, up to the closing one, without annotations.
std::vector<std::string> parameters(std::string_view text)
{
    std::vector<std::string> names{""};
    int depth = 0;
    bool inName = true;
    for (const char c : text.substr(0, 1'000)) {
        if (c == ')' && depth == 0)
            return names;
        if (c == '[' || c == '(' || c == '{')
            ++depth;
        else if (c == ']' || c == ')' || c == '}')
            --depth;
        else if (c == ',' && depth == 0) {
            names.emplace_back();
            inName = true;
        } else if (c == ':' || c == '=') {
            inName = false;
        } else if (inName && depth == 0 && c != ' ' && c != '\t' && c != '\n' && c != '\r') {
            names.back() += c;
        }
    }
    return {};
}

bool isHandlerSignature(const std::vector<std::string>& names)
{
    const auto plain = [](std::string name) { return name.substr(name.starts_with('_') ? 1 : 0); };
    return names.size() >= 2 && plain(names[0]) == "event"
        && (plain(names[1]) == "context" || plain(names[1]) == "ctx" || names[1] == "_");
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

std::vector<std::string> nodeHandlers(std::string_view source)
{
    static const std::regex exported(
        R"(^\s*(?:(?:module\.)?exports\.|export\s+(?:const|let|var)\s+)([A-Za-z_$][\w$]*)\s*=\s*(\S?))");
    static const std::regex function(
        R"(^\s*export\s+(?:async\s+)?function\s*\*?\s*([A-Za-z_$][\w$]*)\s*\()");
    static const std::regex object(R"(^\s*module\.exports\s*=\s*\{\s*([A-Za-z_$][\w$]*)\b)");
    std::vector<std::string> names;
    eachMatch(source, exported, [&](const std::cmatch& match, std::string_view) {
        const std::string begin = match[2];
        if (begin.empty() || std::string("\"'`[{0123456789-").find(begin) == std::string::npos)
            addOnce(names, match[1]);
    });
    const auto add = [&](const std::cmatch& match, std::string_view) { addOnce(names, match[1]); };
    eachMatch(source, function, add);
    eachMatch(source, object, add);
    return names;
}

std::vector<DetectedHandler> detectHandlers(const fs::path& folder)
{
    constexpr std::size_t kLargestSource = 1 << 20;
    std::vector<DetectedHandler> found;
    for (const fs::path& file : sourceFiles(folder)) {
        if (found.size() >= kMostHandlers)
            break;
        const std::string code = file.parent_path().lexically_relative(folder).string();
        const std::string stem = file.stem().string();
        if (file.filename() == "bootstrap" && ::access(file.c_str(), X_OK) == 0)
            found.push_back({Runtime::Lambda, code, {}, {}});
        if (isTest(file) || stem.find('.') != std::string::npos || !file.has_extension()
            || file.extension() == ".sh")
            continue;
        const Result<std::string> source = readTextFile(file, kLargestSource);
        if (!source)
            continue; // unreadable or huge: not something to propose
        const Runtime runtime = file.extension() == ".py" ? Runtime::Python : Runtime::Node;
        const std::vector<std::string> names
            = runtime == Runtime::Python ? pythonHandlers(*source) : nodeHandlers(*source);
        for (const std::string& name : names) {
            HandlerReading reading = readHandler(runtime, *source);
            if (names.size() > 1) // each takes its own events, whatever its neighbours take
                reading.event = readHandler(runtime, partOf(*source, name, names)).event;
            found.push_back({runtime, code, stem + "." + name, std::move(reading)});
        }
    }
    return found;
}

} // namespace coldframe
