#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace coldframe::http {

/// The standard phrase of a status: "Not Found". "Unknown" for a status without one.
std::string_view reasonPhrase(int status);

/// How the connection goes on after an answer.
enum class Afterwards { KeepAlive, KeepAliveHttp10, Close };

/// Writes the head of an answer over `out`, from the status line to the empty line.
/// `headers` are whole lines, each ending in CRLF. Statuses 204 and 304 get no Content-Length.
void writeResponseHead(std::string& out, int status, std::string_view headers, std::size_t bodySize,
                       Afterwards afterwards);

/// Whether an answer of this status may carry a body.
bool mayHaveBody(int status);

} // namespace coldframe::http
