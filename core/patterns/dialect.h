#pragma once

namespace coldframe::patterns {

/// Whose patterns: of an event bus, which has all operators, or of the filters of an event source
/// mapping, which has neither "wildcard" nor "cidr".
/// Source: docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering, read 2026-11.
enum class Dialect { EventBus, EventSource };

} // namespace coldframe::patterns
