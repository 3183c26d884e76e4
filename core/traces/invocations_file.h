#pragma once

#include <string_view>
#include <vector>

#include "traces/csv_header.h"
#include "traces/function_name.h"
#include "traces/minute_counts.h"

namespace coldframe::traces {

/// The columns of an Azure Functions 2019 invocations file: names, then one column a minute.
struct InvocationsHeader {
    CsvHeader header;
    std::size_t owner = 0, app = 0, function = 0;
    std::size_t firstMinute = 0, minutes = 0; ///< columns; the first one is minute 0 of the trace
    int nameOfFirst = 0; ///< what the first minute's column is called: 1 in a day, 480 in a sample

    /// Errors: no such columns, minutes that do not follow each other, more than 45 days.
    static Result<InvocationsHeader> read(const CsvText& csv);
};

struct InvocationRows {
    std::vector<FunctionName> names;
    MinuteCounts counts;
};

/// Splits the rows into about `pieces` ranges of equal length, each of whole lines. They can be
/// read at the same time and appended in order.
std::vector<std::string_view> splitRows(const CsvText& csv, const InvocationsHeader& header,
                                        std::size_t pieces);

/// Reads a range of rows. Errors: too few or too many columns, what is no count, with their place.
Result<InvocationRows> readInvocationRows(const CsvText& csv, const InvocationsHeader& header,
                                          std::string_view rows);

void append(InvocationRows& rows, InvocationRows&& more);

/// All of the above, for one file on one thread.
Result<InvocationRows> readInvocations(const CsvText& csv);

} // namespace coldframe::traces
