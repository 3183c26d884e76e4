#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "gateway/route_table.h"
#include "model/time.h"
#include "model/workspace.h"

namespace coldframe::gateway {

/// A request as it came.
struct HttpCall {
    std::string method;
    std::string target; ///< path and query, as sent
    std::vector<std::pair<std::string, std::string>> headers; ///< in order, as sent
    std::string body;
    std::string requestId;
    TimePoint at{}; ///< on the wall
};

/// The path of a target, without its query.
std::string_view pathOf(std::string_view target);

/// What the handler is given, as JSON: payload format 2.0 (HTTP APIs and function URLs) or 1.0
/// (the proxy integration of REST APIs). Ids of the account and the API are made up.
///
/// Bodies that are no text are in base64: those with a Content-Encoding or a Content-Type that is
/// not text, JSON, XML or JavaScript, and those that are no UTF-8. With 1.0 all others are text.
///
/// Source: Amazon API Gateway guide, "Create AWS Lambda proxy integrations for HTTP APIs" and
/// "Input format of a Lambda function for proxy integration", read 2026-11.
std::string httpEvent(const HttpCall& call, const RouteMatch& match, HttpPayload payload);

} // namespace coldframe::gateway
