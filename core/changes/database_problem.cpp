#include "changes/database_problem.h"

#include <sqlite3.h>

namespace coldframe::changes {

Error databaseProblem(const std::filesystem::path& file, int code, const std::string& message)
{
    Error error{
        .code = Error::Code::Io, .message = "the database: " + message, .file = file.string()};
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        error.code = Error::Code::Unavailable;
        error.hint = "another program is writing it; its changes are read as soon as it has ended "
                     "its transaction";
        break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        error.code = Error::Code::Malformed;
        error.hint = "check the store's \"path\"; a damaged database may be rescued with "
                     "sqlite3's .recover";
        break;
    case SQLITE_READONLY:
    case SQLITE_PERM:
        error.hint = "allow your user to write the file and its folder: what was read has to be "
                     "taken off the log";
        break;
    case SQLITE_CANTOPEN:
        error.hint = "check that the file is there and that you may open it";
        break;
    case SQLITE_FULL:
        error.hint = "free space on this disk";
        break;
    default:
        error.hint = "check the disk; it is tried again";
    }
    return error;
}

} // namespace coldframe::changes
