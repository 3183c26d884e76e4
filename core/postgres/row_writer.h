#pragma once

#include <functional>
#include <string>

#include "postgres/connection.h"
#include "tables/row_writer.h"

namespace coldframe::postgres {

/// Writes rows into tables of a PostgreSQL database. Values go as parameters, whose types are those
/// of the columns. Waits for a statement as long as the connection's statement_timeout says, ten
/// seconds without one, and for a server that does not answer five more. What was under way when a
/// connection broke is not known to be written, so it may be written twice where there is no key.
class RowWriter final : public tables::RowWriter {
public:
    /// Gives what libpq takes, with nothing left to fill in; asked whenever it must connect.
    using Address = std::function<Result<std::string>()>;
    /// `stop`: a descriptor; once it is readable nothing is waited for any more.
    explicit RowWriter(Address address, int stop = -1)
        : m_address(std::move(address)), m_patience{.stop = stop}
    { }

    using Failures = std::vector<std::optional<tables::Failure>>;
    Failures write(std::span<const tables::Write> writes) override;

private:
    std::optional<tables::Failure> open();
    std::optional<tables::Failure> run(const std::string& sql, const tables::Target& target,
                                       const tables::Row& row = {});
    std::optional<tables::Failure> insert(const tables::Write& write);
    std::optional<tables::Failure> writeOne(const tables::Write& write);
    std::optional<tables::Failure> transact(std::span<const tables::Write> writes,
                                            Failures& failures);

    Address m_address;
    Connection m_connection;
    Patience m_patience;
};

} // namespace coldframe::postgres
