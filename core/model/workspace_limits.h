#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model/json_reader.h"

// Bounds of the workspace file, shared by the reader and by editors of its values.
namespace coldframe {

inline constexpr int kWorkspaceFormat = 1; ///< the only one this program reads
inline constexpr std::size_t kMaxWorkspaceBytes = 4u << 20;

// Source: docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits, read 2026-11.
inline constexpr IntegerRange kMemoryMb{128, 10'240};
inline constexpr IntegerRange kTimeoutMs{1, 900'000};
inline constexpr IntegerRange kEphemeralStorageMb{512, 10'240};
inline constexpr std::size_t kMaxEnvironmentBytes = 4'096; ///< of the variables written as JSON

// Source: docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling, read 2026-11.
inline constexpr IntegerRange kRetries{0, 2};
inline constexpr IntegerRange kMaxEventAgeS{60, 21'600};

// Source: docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency, read 2026-11.
inline constexpr int kDefaultAccountConcurrency = 1'000;
inline constexpr int kUnreservedMinimum = 100; ///< of the account's, that reservations must leave

inline constexpr IntegerRange kConcurrency{0, 1'000'000};
inline constexpr std::size_t kMaxColumns = 2'000; ///< SQLite's own limit
inline constexpr IntegerRange kHttpTimeoutMs{1, 300'000};
inline constexpr IntegerRange kHttpRetries{0, 1'000};
inline constexpr IntegerRange kRotateMb{1, 1'000'000};
inline constexpr IntegerRange kRotateS{1, 31'536'000};
inline constexpr IntegerRange kSettleMs{0, 3'600'000};
// Source: EventBridge Scheduler API reference, FlexibleTimeWindow, read 2026-11.
inline constexpr IntegerRange kFlexibleWindowMinutes{1, 1'440};

// Source: docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping, read 2026-11. A
// record age from 1 to 59 is taken there, too, but never told of; -1 is no limit.
inline constexpr IntegerRange kStreamBatchSize{1, 10'000};
inline constexpr IntegerRange kBatchWindowS{0, 300};
inline constexpr IntegerRange kMaximumRetryAttempts{-1, 10'000};
inline constexpr IntegerRange kMaximumRecordAgeS{-1, 604'800};
inline constexpr IntegerRange kParallelizationFactor{1, 10};
inline constexpr IntegerRange kTumblingWindowS{0, 900};
inline constexpr int kLeastRecordAgeS = 60;
inline constexpr std::size_t kMaxStreamBatchBytes = 6u << 20; ///< of an event, and so of a line

// Sources: SQS API reference, SetQueueAttributes; Lambda developer guide, "Creating and configuring
// an Amazon SQS event source mapping", read 2026-11.
inline constexpr IntegerRange kVisibilityTimeoutS{0, 43'200};
inline constexpr IntegerRange kDelayS{0, 900};
inline constexpr IntegerRange kRetentionS{60, 1'209'600};
inline constexpr IntegerRange kMaxReceives{1, 1'000};
inline constexpr IntegerRange kQueueBatchSize{1, 10'000};
inline constexpr IntegerRange kMaximumConcurrency{2, 1'000};
inline constexpr int kMostQueuePollers = 1'250; ///< batches at once without that
inline constexpr std::size_t kMostQueueFilters = 32; ///< triggers with one: a limit of ours
inline constexpr std::size_t kMaxMessageBytes = 1'048'576; ///< body and attributes

inline constexpr IntegerRange kSeed{0, 9'007'199'254'740'991}; ///< exact in every JSON editor
inline constexpr NumberRange kTimeScale{0.001, 1'000'000.0};
inline constexpr std::size_t kMaxNameLength = 64;
inline constexpr int kMaxHops = 16; ///< invocations in one chain before it is stopped

/// Variables that the platform sets itself and lets nobody else set.
/// Source: docs.aws.amazon.com/lambda/latest/dg/configuration-envvars, read 2026-11.
const std::vector<std::string>& reservedVariables();

/// A function, store or trigger name: 1 to 64 of A-Z a-z 0-9 _ -
bool isValidName(const std::string& name);
/// A variable name as the platform takes it: a letter, then at least one letter, digit or _
bool isValidVariableName(const std::string& name);

} // namespace coldframe
