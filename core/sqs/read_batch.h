#pragma once

#include <chrono>

#include "sqs/command.h"
#include "sqs/field_reader.h"

// The entries of requests that come singly and in batches. What is wrong with a batch as a whole
// fails the reader; what is wrong with an entry is kept with it.
namespace coldframe::sqs {

inline constexpr std::chrono::seconds kMostDelay{900};
inline constexpr std::chrono::seconds kMostVisibility{43'200};
inline constexpr std::chrono::seconds kMostWait{20};
inline constexpr std::string_view kVisibilityReason = "Must be between 0 and 43200, if provided";

std::vector<Entry<Draft>> readOneDraft(FieldReader& in);
std::vector<Entry<Draft>> readDrafts(FieldReader& in);
std::vector<Entry<std::string>> readOneHandle(FieldReader& in);
std::vector<Entry<std::string>> readHandles(FieldReader& in);
std::vector<Entry<VisibilityChange>> readOneChange(FieldReader& in);
std::vector<Entry<VisibilityChange>> readChanges(FieldReader& in);

} // namespace coldframe::sqs
