#pragma once

#include <memory>
#include <span>
#include <string>

#include <libpq-fe.h>

#include "model/error.h"
#include "model/time.h"

namespace coldframe::postgres {

struct ClearResult {
    void operator()(PGresult* result) const { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, ClearResult>;

/// How long an answer is waited for.
struct Patience {
    Duration most = std::chrono::seconds(10);
    int stop = -1; ///< a descriptor: once it is readable nothing is waited for any more
};

/// Runs one statement with its parameters, as text, or several without any, and gives what the last
/// one answers, refused or not. libpq's own calls wait for ever for a server that is frozen.
/// Errors: Unavailable when the connection broke, or no answer came. Then it must be closed, which
/// does not block: what was asked may be answered yet.
Result<Answer> ask(PGconn* connection, const std::string& sql,
                   std::span<const char* const> values = {}, Patience patience = {});

} // namespace coldframe::postgres
