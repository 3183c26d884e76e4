#include <algorithm>

#include <nlohmann/json.hpp>

#include "sqs/answers.h"
#include "sqs/digests.h"
#include "sqs/dispatcher.h"

// Requests about messages, each of which may come as a batch.
namespace coldframe::sqs {

namespace {

using nlohmann::ordered_json;

/// Answers for all entries, or for the only one.
void answerEntries(Exchange& exchange, const EntryResults& results)
{
    if (exchange.call.batch)
        exchange.answer(batchResult(results));
    else if (results.front().content)
        exchange.answer(*results.front().content);
    else
        exchange.refuse(results.front().content.error());
}

ordered_json nothingToSay()
{
    return ordered_json::object();
}

Expected<ReceiptHandle> handleOf(const std::string& text, const std::string& queue)
{
    const auto handle = readHandle(text, queue);
    if (!handle)
        return tl::unexpected(receiptHandleIsInvalid(text));
    return *handle;
}

} // namespace

void Dispatcher::run(const Shared& exchange, const SendMessages& send)
{
    const auto queue = find(exchange, send.queue);
    if (!queue)
        return;
    EntryResults results; // of all entries; of those that are sent without their ids so far
    std::vector<std::size_t> places; // of those
    std::vector<Draft> drafts; // likewise
    for (const auto& [id, content] : send.entries) {
        const auto problem = content ? problemOf(*content, *queue) : content.error();
        if (problem) {
            results.push_back({id, tl::unexpected(*problem)});
            continue;
        }
        places.push_back(results.size());
        results.push_back({id, digestsOf(*content)});
        drafts.push_back(*content);
        if (queue->fifo && content->deduplication.empty())
            drafts.back().deduplication = sha256Of(content->body);
    }
    if (drafts.empty())
        return answerEntries(*exchange, results);
    const auto answer = [exchange, places, results = std::move(results)](
                            const std::vector<Expected<Accepted>>& accepted) mutable {
        for (std::size_t i = 0; i < places.size() && i < accepted.size(); ++i) {
            auto& content = results[places[i]].content;
            if (accepted[i])
                addTo(*content, *accepted[i]);
            else
                content = tl::unexpected(accepted[i].error());
        }
        answerEntries(*exchange, results);
    };
    m_backend.send(queue->name, std::move(drafts), exchange->call.accessKey, answer);
}

void Dispatcher::run(const Shared& exchange, const DeleteMessages& erase)
{
    const auto queue = find(exchange, erase.queue);
    if (!queue)
        return;
    EntryResults results;
    for (const auto& [id, content] : erase.entries) {
        const auto handle = content ? handleOf(*content, queue->name)
                                    : Expected<ReceiptHandle>(tl::unexpected(content.error()));
        const auto problem = handle
            ? problemOfDelete(m_backend.erase(queue->name, *handle), *content)
            : handle.error();
        results.push_back({id, nothingToSay()});
        if (problem)
            results.back().content = tl::unexpected(*problem);
    }
    answerEntries(*exchange, results);
}

void Dispatcher::run(const Shared& exchange, const ChangeVisibility& change)
{
    const auto queue = find(exchange, change.queue);
    if (!queue)
        return;
    EntryResults results;
    for (const auto& [id, content] : change.entries) {
        const auto handle = content ? handleOf(content->handle, queue->name)
                                    : Expected<ReceiptHandle>(tl::unexpected(content.error()));
        const auto problem = handle
            ? problemOfChange(m_backend.changeVisibility(queue->name, *handle, content->timeout),
                              *content)
            : handle.error();
        results.push_back({id, nothingToSay()});
        if (problem)
            results.back().content = tl::unexpected(*problem);
    }
    answerEntries(*exchange, results);
    m_polls->ready(queue->name); // what is visible at once is for those that wait
}

} // namespace coldframe::sqs
