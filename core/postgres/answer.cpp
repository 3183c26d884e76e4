#include "postgres/answer.h"

#include <poll.h>

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "postgres/connection.h"

namespace coldframe::postgres {

namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

Error noAnswer(PGconn* connection, const Patience& patience)
{
    using namespace std::chrono;
    return {.code = Error::Code::Unavailable,
            .message = fmt::format("the server has not answered for {} s",
                                   duration_cast<seconds>(patience.most).count()),
            .hint = "see whether it is stopped or overloaded; it is tried again",
            .file = placeOf(connection)};
}

/// Until the connection is ready for one of the events of poll(), and takes in what has come.
Result<void> waitFor(PGconn* connection, short events, const Patience& patience, SteadyTime end)
{
    std::array<pollfd, 2> ready{pollfd{PQsocket(connection), events, 0},
                                pollfd{patience.stop, POLLIN, 0}};
    const auto left
        = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    ::poll(ready.data(), ready.size(), static_cast<int>(std::max<long>(left.count(), 0)));
    if (ready[1].revents != 0)
        return tl::unexpected(Error{.code = Error::Code::Unavailable,
                                    .message = "the run has ended before the server answered",
                                    .file = placeOf(connection)});
    if (ready[0].revents == 0 && std::chrono::steady_clock::now() >= end)
        return tl::unexpected(noAnswer(connection, patience));
    if ((ready[0].revents & ~POLLOUT) != 0 && PQconsumeInput(connection) == 0)
        return tl::unexpected(problemOf(connection, nullptr));
    return {};
}

bool isCopy(const PGresult* result)
{
    const ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COPY_BOTH || status == PGRES_COPY_IN || status == PGRES_COPY_OUT;
}

} // namespace

Result<Answer> ask(PGconn* connection, const std::string& sql, std::span<const char* const> values,
                   Patience patience)
{
    const SteadyTime end = std::chrono::steady_clock::now() + patience.most;
    // A frozen server takes nothing, either.
    const bool sent = PQsetnonblocking(connection, 1) == 0
        && (values.empty()
                ? PQsendQuery(connection, sql.c_str())
                : PQsendQueryParams(connection, sql.c_str(), static_cast<int>(values.size()),
                                    nullptr, values.data(), nullptr, nullptr, 0))
            == 1;
    if (!sent)
        return tl::unexpected(problemOf(connection, nullptr));
    for (int left = PQflush(connection); left != 0; left = PQflush(connection)) {
        if (left < 0)
            return tl::unexpected(problemOf(connection, nullptr));
        if (auto ready = waitFor(connection, POLLIN | POLLOUT, patience, end); !ready)
            return tl::unexpected(ready.error());
    }
    Answer last;
    do {
        while (PQisBusy(connection) != 0)
            if (auto ready = waitFor(connection, POLLIN, patience, end); !ready)
                return tl::unexpected(ready.error());
        Answer next(PQgetResult(connection));
        if (!next)
            break;
        last = std::move(next);
    } while (!isCopy(last.get()));
    PQsetnonblocking(connection, 0);
    if (!last)
        return tl::unexpected(problemOf(connection, nullptr));
    return last;
}

} // namespace coldframe::postgres
