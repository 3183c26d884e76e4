#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sqs/message_attributes.h"

// What requests ask for, whatever protocol they came in.
namespace coldframe::sqs {

/// One of those that a request is about. A request for a single one is a batch of one without an
/// id, whose error is the answer.
template <typename Content> struct Entry {
    std::string id;
    Expected<Content> content; ///< an error concerns this entry alone
};

struct Draft {
    std::string body;
    MessageAttributes attributes;
    MessageAttributes system; ///< AWSTraceHeader at most
    std::optional<std::chrono::seconds> delay; ///< none: the queue's
    std::string group, deduplication; ///< empty: not given
};
struct SendMessages {
    std::string queue;
    std::vector<Entry<Draft>> entries;
};

struct ReceiveMessages {
    std::string queue;
    std::uint32_t most = 1; ///< messages
    std::optional<std::chrono::seconds> wait, visibility; ///< none: the queue's
    std::vector<std::string> systemAttributes; ///< "SenderId", "All"
    std::vector<std::string> attributes; ///< as selected() takes them
};

struct DeleteMessages {
    std::string queue;
    std::vector<Entry<std::string>> entries; ///< receipt handles
};

struct VisibilityChange {
    std::string handle;
    std::chrono::seconds timeout{};
};
struct ChangeVisibility {
    std::string queue;
    std::vector<Entry<VisibilityChange>> entries;
};

struct GetQueueUrl {
    std::string queue;
};
struct GetQueueAttributes {
    std::string queue;
    std::vector<std::string> names;
};
struct SetQueueAttributes {
    std::string queue;
};
struct PurgeQueue {
    std::string queue;
};
struct CreateQueue {
    std::string queue;
    std::vector<std::pair<std::string, std::string>> attributes;
};
struct DeleteQueue {
    std::string queue;
};
/// Pages are of `most` names; `after` is the last one of the page before.
struct ListQueues {
    std::string prefix, after;
    std::size_t most = 1000;
    bool paged = false; ///< asked for so many
};
struct ListDeadLetterSources {
    std::string queue;
};

using Command = std::variant<SendMessages, ReceiveMessages, DeleteMessages, ChangeVisibility,
                             GetQueueUrl, GetQueueAttributes, SetQueueAttributes, PurgeQueue,
                             CreateQueue, DeleteQueue, ListQueues, ListDeadLetterSources>;

/// Reads the parameters of an action. `parameters` are an object, as in the JSON protocol; numbers
/// may be texts. Errors: in the words of SQS; InvalidAction for a name that is none of its actions,
/// UnsupportedOperation for those that are not served.
Expected<Command> readCommand(std::string_view action, const nlohmann::json& parameters);

} // namespace coldframe::sqs
