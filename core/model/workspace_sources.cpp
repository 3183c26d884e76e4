#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "model/environment.h"
#include "model/source_files.h"
#include "model/text_file.h"
#include "model/workspace_limits.h"
#include "model/workspace_parts.h"

// A guess, and worded as one: reads source files line by line for the variable of the triggering
// store, or a name that was assigned from it, on a line that opens something for writing.
namespace coldframe::detail {

namespace {

constexpr std::array<std::string_view, 22> kWriting{
    "\"w\"",        "'w'",          "\"wb\"",      "'wb'",       "\"a\"",
    "'a'",          "\"ab\"",       "'ab'",        "\"x\"",      "'x'",
    "write_text(",  "write_bytes(", "writeFile",   "appendFile", "createWriteStream",
    "copyFile",     "shutil.copy",  "shutil.move", ".to_csv(",   ".to_json(",
    ".to_parquet(", "> \"$",
};

bool isWordPart(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool mentions(std::string_view line, std::string_view word)
{
    for (std::size_t at = line.find(word); at != std::string_view::npos;
         at = line.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        const bool whole = (at == 0 || !isWordPart(line[at - 1]))
            && (end == line.size() || !isWordPart(line[end]));
        if (whole)
            return true;
    }
    return false;
}

/// "uploads" in `const uploads = process.env.X`; empty when the line assigns nothing.
std::string_view assignedName(std::string_view line)
{
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos || line.substr(equals).starts_with("=="))
        return {};
    std::size_t end = equals;
    while (end > 0 && line[end - 1] == ' ')
        --end;
    std::size_t begin = end;
    while (begin > 0 && isWordPart(line[begin - 1]))
        --begin;
    return line.substr(begin, end - begin);
}

/// The number of the first line that seems to write into the store, or 0.
int writingLine(std::string_view source, const std::string& variable)
{
    std::vector<std::string_view> names{variable};
    for (int number = 1; !source.empty(); ++number) {
        const std::size_t newline = std::min(source.find('\n'), source.size());
        const std::string_view line = source.substr(0, newline);
        source.remove_prefix(std::min(newline + 1, source.size()));
        const bool found = std::ranges::any_of(
            names, [&](std::string_view name) { return mentions(line, name); });
        if (!found)
            continue;
        if (std::ranges::any_of(
                kWriting, [&](std::string_view sign) { return line.find(sign) != line.npos; }))
            return number;
        if (const std::string_view name = assignedName(line); !name.empty())
            names.push_back(name);
    }
    return 0;
}

} // namespace

void warnOfWritingSources(const Workspace& workspace, const JsonText& text, Errors& warnings)
{
    constexpr std::size_t kLargestSource = 1 << 20;
    for (const Trigger& trigger : workspace.triggers) {
        const auto* file = std::get_if<FileTrigger>(&trigger.kind);
        const Function* function = workspace.findFunction(trigger.function);
        if (!file || !(file->onCreated || file->onModified))
            continue;
        const std::string variable = storeVariable(file->store);
        for (const std::filesystem::path& source : sourceFiles(function->code)) {
            const Result<std::string> code = readTextFile(source, kLargestSource);
            const int line = code ? writingLine(*code, variable) : 0;
            if (line == 0)
                continue;
            warnings.push_back(errorAt(
                text, childPointer("/triggers", trigger.name) + "/store", false,
                Error::Code::Conflict,
                fmt::format("line {} of {} seems to write into \"{}\", which triggers \"{}\" again",
                            line, source.lexically_relative(workspace.folder).string(), file->store,
                            function->name),
                fmt::format("after {} invocations in one chain the trigger is paused; write into "
                            "another store",
                            kMaxHops)));
            break;
        }
    }
}

} // namespace coldframe::detail
