#pragma once

#include <functional>
#include <optional>
#include <string>

#include "changes/row_source.h"
#include "postgres/postgres_change_stream.h"

namespace coldframe::postgres {

/// A table of a PostgreSQL database. Where that is, is asked for again whenever there is no
/// connection: a password that was corrected is taken at once.
class PostgresRowSource final : public changes::RowSource {
public:
    /// Gives what libpq takes, with nothing left to fill in.
    using Address = std::function<Result<std::string>()>;

    PostgresRowSource(Address address, CaptureNames names)
        : m_address(std::move(address)), m_names(std::move(names))
    { }

    Result<changes::CaptureState> inspect() override;
    Result<changes::CapturePlan> planInstall() override;
    /// A slot serves one table: what others need is not touched.
    Result<changes::CapturePlan> planRemoval(const std::vector<std::string>& others) override;
    Result<void> install(const changes::CapturePlan& agreed) override;
    Result<void> remove(const changes::CapturePlan& agreed,
                        const std::vector<std::string>& others) override;
    Result<changes::ChangeBatch> read(std::int64_t after, changes::ReadLimit limit) override;
    Result<std::int64_t> latest() override;
    Result<void> forget(std::int64_t upTo) override;
    void wait(int wake, Duration most) override;

private:
    Result<PostgresChangeStream*> stream();
    void see();
    template <typename Work> auto with(const Work& work) -> decltype(work(nullptr));

    Address m_address;
    CaptureNames m_names;
    std::string m_connection; ///< that m_stream was made with
    std::optional<PostgresChangeStream> m_stream;
    changes::CaptureState m_state; ///< as it was seen last
    std::optional<std::chrono::steady_clock::time_point> m_seenAt;
    Duration m_pause{}; ///< until the next try to connect; zero while all is well
};

} // namespace coldframe::postgres
