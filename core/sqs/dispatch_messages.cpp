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

/// Entries that go to the backend, and what is known of the others already.
template <typename Content, typename Wish> struct Split {
    EntryResults results; ///< of all entries; of those that go on empty so far
    std::vector<std::size_t> places; ///< in `results`, of those that go on
    std::vector<Content> contents; ///< of those
    std::vector<Wish> wishes; ///< and what the backend is asked for
};

/// `judge` says of each entry what the backend is asked for, or what is wrong with it.
template <typename Wish, typename Content, typename Judge>
Split<Content, Wish> split(const std::vector<Entry<Content>>& entries, Judge judge)
{
    Split<Content, Wish> all;
    for (const auto& [id, content] : entries) {
        Expected<Wish> wish = content ? judge(*content) : tl::unexpected(content.error());
        if (wish) {
            all.places.push_back(all.results.size());
            all.contents.push_back(*content);
            all.wishes.push_back(std::move(*wish));
            all.results.push_back({id, ordered_json::object()});
        } else {
            all.results.push_back({id, tl::unexpected(wish.error())});
        }
    }
    return all;
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
    auto all = split<Draft>(send.entries, [&](const Draft& given) -> Expected<Draft> {
        if (auto problem = problemOf(given, *queue))
            return tl::unexpected(std::move(*problem));
        Draft draft = given;
        if (queue->fifo && draft.deduplication.empty())
            draft.deduplication = sha256Of(draft.body);
        return draft;
    });
    if (all.wishes.empty())
        return answerEntries(*exchange, all.results);
    std::vector<Draft> drafts = std::move(all.wishes);
    m_backend.send(
        send.queue, std::move(drafts), exchange->call.accessKey,
        [exchange, all = std::move(all)](const std::vector<Expected<Accepted>>& answers) mutable {
            for (std::size_t i = 0; i < all.places.size() && i < answers.size(); ++i) {
                auto& content = all.results[all.places[i]].content;
                if (answers[i])
                    content = toJson(all.contents[i], *answers[i]);
                else
                    content = tl::unexpected(answers[i].error());
            }
            answerEntries(*exchange, all.results);
        });
}

void Dispatcher::run(const Shared& exchange, const DeleteMessages& erase)
{
    if (!find(exchange, erase.queue))
        return;
    auto all = split<ReceiptHandle>(
        erase.entries, [&](const std::string& text) { return handleOf(text, erase.queue); });
    if (all.wishes.empty())
        return answerEntries(*exchange, all.results);
    std::vector<ReceiptHandle> receipts = std::move(all.wishes);
    m_backend.erase(
        erase.queue, std::move(receipts),
        [exchange, all = std::move(all)](const std::vector<ReceiptOutcome>& outcomes) mutable {
            for (std::size_t i = 0; i < all.places.size() && i < outcomes.size(); ++i)
                if (auto problem = problemOfDelete(outcomes[i], all.contents[i]))
                    all.results[all.places[i]].content = tl::unexpected(std::move(*problem));
            answerEntries(*exchange, all.results);
        });
}

void Dispatcher::run(const Shared& exchange, const ChangeVisibility& change)
{
    if (!find(exchange, change.queue))
        return;
    using Wish = QueueBackend::NewTimeout;
    auto all = split<Wish>(change.entries, [&](const VisibilityChange& one) -> Expected<Wish> {
        const auto handle = handleOf(one.handle, change.queue);
        if (!handle)
            return tl::unexpected(handle.error());
        return Wish{*handle, one.timeout};
    });
    if (all.wishes.empty())
        return answerEntries(*exchange, all.results);
    std::vector<Wish> wishes = std::move(all.wishes);
    m_backend.changeVisibility(
        change.queue, std::move(wishes),
        [exchange, all = std::move(all)](const std::vector<ReceiptOutcome>& outcomes) mutable {
            for (std::size_t i = 0; i < all.places.size() && i < outcomes.size(); ++i)
                if (auto problem = problemOfChange(outcomes[i], all.contents[i]))
                    all.results[all.places[i]].content = tl::unexpected(std::move(*problem));
            answerEntries(*exchange, all.results);
        });
}

} // namespace coldframe::sqs
