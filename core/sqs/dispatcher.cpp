#include "sqs/dispatcher.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "model/base64.h"
#include "sqs/queue_url.h"

namespace coldframe::sqs {

namespace {

using nlohmann::ordered_json;

constexpr std::string_view kSetInWorkspace
    = "queues are set in coldframe.json, under stores, with \"kind\": \"queue\"";

} // namespace

void Dispatcher::run(const Shared& exchange)
{
    if (!exchange->call.command)
        return exchange->refuse(exchange->call.command.error());
    std::visit([&](const auto& command) { run(exchange, command); }, *exchange->call.command);
}

std::string Dispatcher::knownQueues()
{
    constexpr std::size_t kMost = 10;
    const std::vector<std::string> names = m_backend.names();
    if (names.empty())
        return "the workspace has no queues";
    std::string list;
    for (std::size_t i = 0; i < names.size() && i < kMost; ++i)
        list += (i == 0 ? "" : ", ") + names[i];
    return "the workspace has " + list + (names.size() > kMost ? " and more" : "");
}

std::optional<QueueFacts> Dispatcher::find(const Shared& exchange, const std::string& name)
{
    auto queue = m_backend.find(name);
    if (!queue)
        exchange->refuse(queueDoesNotExist(knownQueues()));
    return queue;
}

void Dispatcher::run(const Shared& exchange, const ReceiveMessages& receive)
{
    const auto queue = find(exchange, receive.queue);
    if (!queue)
        return;
    ReceiveMessages asked = receive;
    asked.queue = queue->name;
    m_polls->receive(exchange, asked);
}

void Dispatcher::run(const Shared& exchange, const GetQueueUrl& get)
{
    if (const auto queue = find(exchange, get.queue))
        exchange->answer({{"QueueUrl", queueUrl(m_port, queue->name)}});
}

void Dispatcher::run(const Shared& exchange, const GetQueueAttributes& get)
{
    const auto queue = find(exchange, get.queue);
    if (!queue)
        return;
    ordered_json result = ordered_json::object();
    for (const auto& [name, value] : attributesOf(*queue, get.names))
        result["Attributes"][name] = value;
    exchange->answer(result);
}

void Dispatcher::run(const Shared& exchange, const SetQueueAttributes& set)
{
    if (find(exchange, set.queue))
        exchange->refuse(unsupportedOperation(
            fmt::format("SetQueueAttributes changes nothing here: {}.", kSetInWorkspace)));
}

void Dispatcher::run(const Shared& exchange, const PurgeQueue& purge)
{
    const auto queue = find(exchange, purge.queue);
    if (!queue)
        return;
    m_backend.purge(queue->name);
    exchange->answer(ordered_json::object());
}

void Dispatcher::run(const Shared& exchange, const CreateQueue& create)
{
    const auto queue = m_backend.find(create.queue);
    if (!queue)
        return exchange->refuse(unsupportedOperation(
            fmt::format("There is no queue {} and CreateQueue makes none here: {}; {}.",
                        create.queue, knownQueues(), kSetInWorkspace)));
    if (const auto other = differenceFrom(*queue, create.attributes))
        return exchange->refuse(*other);
    exchange->answer({{"QueueUrl", queueUrl(m_port, queue->name)}});
}

void Dispatcher::run(const Shared& exchange, const DeleteQueue& erase)
{
    if (find(exchange, erase.queue))
        exchange->refuse(unsupportedOperation(fmt::format(
            "DeleteQueue deletes nothing here: {}. PurgeQueue empties a queue.", kSetInWorkspace)));
}

void Dispatcher::run(const Shared& exchange, const ListQueues& list)
{
    const std::vector<std::string> names = m_backend.names();
    ordered_json result = ordered_json::object();
    std::size_t count = 0;
    std::string last;
    for (auto name = std::ranges::upper_bound(names, list.after); name != names.end(); ++name) {
        if (!name->starts_with(list.prefix))
            continue;
        if (count++ == list.most) {
            if (list.paged)
                result["NextToken"] = toBase64(last);
            break;
        }
        result["QueueUrls"].push_back(queueUrl(m_port, *name));
        last = *name;
    }
    exchange->answer(result);
}

void Dispatcher::run(const Shared& exchange, const ListDeadLetterSources& list)
{
    const auto queue = find(exchange, list.queue);
    if (!queue)
        return;
    ordered_json result{{"queueUrls", ordered_json::array()}};
    for (const std::string& name : m_backend.names())
        if (const auto source = m_backend.find(name);
            source && source->maxReceives > 0 && source->deadLetters == queue->name)
            result["queueUrls"].push_back(queueUrl(m_port, name));
    exchange->answer(result);
}

} // namespace coldframe::sqs
