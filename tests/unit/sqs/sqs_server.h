#pragma once

#include <future>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <utility> // before Asio: Boost 1.74 uses std::exchange without including it
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <nlohmann/json.hpp>

#include "raw_client.h"
#include "sqs/endpoint.h"

namespace coldframe::sqs::test {

using http::test::Answer;
using http::test::RawClient;
using nlohmann::json;

inline constexpr const char* kRequestId = "7f3a9c0d-51b2-4e68-8d1f-000000000001";
inline constexpr const char* kAbout = "http://127.0.0.1:1/000000000000/parts";

/// Keeps messages in lists and what it was asked.
class ListedQueues final : public QueueBackend {
public:
    std::map<std::string, QueueFacts, std::less<>> known{
        {"orders.fifo", {.name = "orders.fifo", .fifo = true, .contentDeduplication = true}},
        {"parts", {.name = "parts", .maxReceives = 2, .deadLetters = "failed"}},
        {"failed", {.name = "failed"}},
    };
    std::map<std::string, std::vector<Received>> messages;
    std::vector<std::string> calls;
    ReceiptOutcome outcome = ReceiptOutcome::Done; ///< of what is asked next
    std::optional<SqsError> refuses; ///< each message that is sent

    std::string newRequestId() override { return kRequestId; }
    std::vector<std::string> names() override
    {
        std::vector<std::string> all;
        for (const auto& [name, facts] : known)
            all.push_back(name);
        return all;
    }
    std::optional<QueueFacts> find(std::string_view name) override
    {
        const auto it = known.find(name);
        return it == known.end() ? std::nullopt : std::optional(it->second);
    }
    void send(const std::string& queue, std::vector<Draft> drafts, const std::string& accessKey,
              std::function<void(const std::vector<Expected<Accepted>>&)> then) override
    {
        std::vector<Expected<Accepted>> all;
        for (const Draft& draft : drafts) {
            calls.push_back("send " + queue + ' ' + draft.body + ' ' + draft.deduplication + ' '
                            + accessKey);
            const std::string number = std::to_string(++m_sent);
            if (refuses)
                all.push_back(tl::unexpected(*refuses));
            else
                all.push_back(Accepted{"id-" + number, draft.group.empty() ? "" : number});
            if (!refuses)
                messages[queue].push_back(
                    {.messageId = "id-" + number,
                     .receipt = {m_sent, 1},
                     .body = draft.body,
                     .attributes = draft.attributes,
                     .sender = "AIDA",
                     .sentAt = TimePoint(std::chrono::milliseconds(1234)),
                     .firstReceivedAt = TimePoint(std::chrono::milliseconds(1500)),
                     .group = draft.group});
        }
        then(all);
    }
    bool gives(const std::string& queue) override { return !messages[queue].empty(); }
    std::vector<Received> receive(const std::string& queue, std::uint32_t most,
                                  std::optional<std::chrono::seconds> visibility) override
    {
        calls.push_back("receive " + queue + ' ' + std::to_string(most)
                        + (visibility ? ' ' + std::to_string(visibility->count()) : ""));
        auto& all = messages[queue];
        const auto end
            = all.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(most, all.size()));
        std::vector<Received> taken(all.begin(), end);
        all.erase(all.begin(), end);
        return taken;
    }
    ReceiptOutcome erase(const std::string& queue, const ReceiptHandle& receipt) override
    {
        calls.push_back("delete " + queue + ' ' + std::to_string(receipt.message) + '/'
                        + std::to_string(receipt.receive));
        return outcome;
    }
    ReceiptOutcome changeVisibility(const std::string& queue, const ReceiptHandle& receipt,
                                    std::chrono::seconds timeout) override
    {
        calls.push_back("change " + queue + ' ' + std::to_string(receipt.message) + ' '
                        + std::to_string(timeout.count()));
        return receipt.message == 1 ? outcome : ReceiptOutcome::Done;
    }
    void purge(const std::string& queue) override { calls.push_back("purge " + queue); }

private:
    std::uint64_t m_sent = 0;
};

/// The endpoint on a thread of its own, as in the program.
class SqsServer {
public:
    SqsServer() : m_work(boost::asio::make_work_guard(m_io))
    {
        auto listening = Endpoint::listen(m_io, 0, backend);
        if (!listening)
            throw std::runtime_error(describe(listening.error()));
        endpoint = std::move(*listening);
        port = endpoint->port();
        m_thread = std::thread([this] { m_io.run(); });
    }

    ~SqsServer()
    {
        onLoop([this] { endpoint.reset(); });
        m_work.reset();
        m_thread.join();
    }

    /// Runs `work` on the endpoint's thread and waits for it.
    template <typename Work> std::invoke_result_t<Work> onLoop(Work work)
    {
        std::packaged_task<std::invoke_result_t<Work>()> task(std::move(work));
        auto result = task.get_future();
        boost::asio::post(m_io, [&task] { task(); });
        return result.get();
    }

    /// The bytes of a request in the JSON protocol.
    static std::string jsonRequest(const std::string& action, const std::string& body,
                                   const std::string& lines = "")
    {
        return http::test::post("/", body,
                                "Content-Type: application/x-amz-json-1.0\r\nX-Amz-Target: "
                                "AmazonSQS."
                                    + action + "\r\n" + lines);
    }
    /// One request on a connection of its own, about the queue "parts" unless it says otherwise.
    Answer ask(const std::string& action, json parameters, const std::string& lines = "") const
    {
        if (!parameters.contains("QueueUrl"))
            parameters["QueueUrl"] = kAbout;
        return RawClient(port).exchange(jsonRequest(action, parameters.dump(), lines));
    }
    Answer form(const std::string& form, const std::string& path = "/") const
    {
        return RawClient(port).exchange(
            http::test::post(path, form, "Content-Type: application/x-www-form-urlencoded\r\n"));
    }

    ListedQueues backend; ///< between requests, or on the loop
    std::unique_ptr<Endpoint> endpoint;
    std::uint16_t port = 0;

private:
    boost::asio::io_context m_io{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> m_work;
    std::thread m_thread;
};

} // namespace coldframe::sqs::test
