#include "tables/database_copy.h"

#include <fmt/format.h>

#include "sqlite/sqlite.h"

namespace coldframe::tables {

namespace {

tl::unexpected<Error> notCopied(const std::filesystem::path& from, int code, const char* message)
{
    Error error{.code = Error::Code::Io,
                .message = fmt::format("cannot copy the database: {}", message),
                .hint = "check the file",
                .file = from.string()};
    if ((code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED) {
        error.code = Error::Code::Unavailable;
        error.hint = "another program keeps it locked: end its transaction";
    }
    return tl::unexpected(std::move(error));
}

} // namespace

Result<void> copyDatabase(const std::filesystem::path& from, const std::filesystem::path& to,
                          std::uint64_t maxBytes)
{
    std::error_code problem;
    if (!std::filesystem::exists(from, problem))
        return {};
    if (const auto bytes = std::filesystem::file_size(from, problem); !problem && bytes > maxBytes)
        return tl::unexpected(
            Error{.code = Error::Code::LimitReached,
                  .message = fmt::format("it has {} bytes; the limit is {}", bytes, maxBytes),
                  .hint = "use a smaller database",
                  .file = from.string()});
    std::filesystem::create_directories(to.parent_path(), problem);
    sqlite::Database source, target;
    int code = sqlite::openDatabase(from, SQLITE_OPEN_READONLY, source);
    if (code != SQLITE_OK)
        return notCopied(from, code, sqlite3_errmsg(source.get()));
    sqlite3_busy_timeout(source.get(), 5'000);
    code = sqlite::openDatabase(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, target);
    if (code != SQLITE_OK)
        return notCopied(to, code, sqlite3_errmsg(target.get()));
    sqlite3_backup* const backup = sqlite3_backup_init(target.get(), "main", source.get(), "main");
    if (!backup)
        return notCopied(from, sqlite3_errcode(target.get()), sqlite3_errmsg(target.get()));
    sqlite3_backup_step(backup, -1);
    code = sqlite3_backup_finish(backup);
    if (code != SQLITE_OK)
        return notCopied(from, code, sqlite3_errstr(code));
    return {};
}

} // namespace coldframe::tables
