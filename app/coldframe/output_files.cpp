#include "output_files.h"

#include <fmt/format.h>

namespace coldframe::commands {

namespace {

bool sameFile(const std::filesystem::path& a, const std::filesystem::path& b)
{
    std::error_code ignored;
    return !a.empty() && !b.empty()
        && (a.lexically_normal() == b.lexically_normal()
            || std::filesystem::equivalent(a, b, ignored));
}

} // namespace

std::optional<Error> clashOf(const std::vector<NamedFile>& read,
                             const std::vector<NamedFile>& written)
{
    for (auto file = written.begin(); file != written.end(); ++file) {
        for (const NamedFile& other : read)
            if (sameFile(file->path, other.path))
                return Error{.code = Error::Code::Conflict,
                             .message = other.name + " itself would be overwritten",
                             .hint = "name another file for " + file->name,
                             .file = other.path.string()};
        for (auto other = written.begin(); other != file; ++other)
            if (sameFile(file->path, other->path))
                return Error{.code = Error::Code::Conflict,
                             .message
                             = fmt::format("{} and {} name the same file", other->name, file->name),
                             .hint = "name two files",
                             .file = file->path.string()};
    }
    return std::nullopt;
}

} // namespace coldframe::commands
