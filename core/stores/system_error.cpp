#include "stores/system_error.h"

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

namespace coldframe::stores {

namespace {

struct Advice {
    int number;
    Error::Code code;
    const char* hint;
};

constexpr Advice kAdvice[]{
    {ENOSPC, Error::Code::Io, "free some space there, or move the store to another disk"},
    {EDQUOT, Error::Code::Io, "your quota is used up: free some space, or move the store"},
    {EFBIG, Error::Code::LimitReached, "the file is larger than the system allows here"},
    {EROFS, Error::Code::Io, "the file system is read-only: mount it writable, or move the store"},
    {EACCES, Error::Code::Io, "allow your user to enter, read and write it (chmod, chown)"},
    {EPERM, Error::Code::Io, "allow your user to change it (chmod, chown, chattr -i)"},
    {ENOENT, Error::Code::Missing, "create it, or correct the path"},
    {ENOTDIR, Error::Code::Conflict, "a file stands where a folder is needed: rename one of them"},
    {EISDIR, Error::Code::Conflict, "a folder stands where a file is needed: rename one of them"},
    {ELOOP, Error::Code::Conflict,
     "a folder on the way is a symbolic link, which stores do not follow: use a real folder"},
    {EXDEV, Error::Code::Conflict,
     "it is a symbolic link to a place outside the store: put the file itself there"},
    {EMFILE, Error::Code::LimitReached, "too many files are open: raise the limit (ulimit -n)"},
    {ENAMETOOLONG, Error::Code::LimitReached, "use a shorter key or a shorter path"},
};

} // namespace

Error systemError(std::string_view doing, const std::filesystem::path& file, int number)
{
    Error error{.code = Error::Code::Io,
                .message
                = fmt::format("cannot {}: {}", doing, std::generic_category().message(number)),
                .hint = "check the disk and try again",
                .file = file.string()};
    for (const Advice& advice : kAdvice) {
        if (advice.number == number) {
            error.code = advice.code;
            error.hint = advice.hint;
        }
    }
    return error;
}

} // namespace coldframe::stores
