#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <future>
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
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "../http/raw_client.h"
#include "live/runtime_api.h"

namespace coldframe::live::test {

using http::test::Answer;
using http::test::RawClient;

/// A Runtime API on a thread of its own, as in the program, and all that runtimes told it.
class RuntimeBench {
public:
    explicit RuntimeBench(RuntimeApiLimits limits = {}) : m_work(boost::asio::make_work_guard(m_io))
    {
        RuntimeApiCallbacks on;
        on.next = [this] { tell("next"); };
        on.taken = [this] {
            tell("taken");
            return late;
        };
        on.answered = [this] { tell("answered"); };
        on.response = [this](std::string body, bool streamed, Duration) {
            tell((streamed ? "streamed: " : "response: ") + body);
        };
        on.error
            = [this](std::string body, std::string type) { tell("error " + type + ": " + body); };
        on.initError = [this](std::string body, std::string type) {
            tell("init error " + type + ": " + body);
        };
        on.tooLarge = [this] { tell("too large"); };
        on.truncated = [this] { tell("truncated"); };
        on.refused = [this](int status, std::string_view why) {
            ++refusals;
            lastRefusal = std::to_string(status) + ' ' + std::string(why);
        };
        auto opened = RuntimeApi::open(m_io, limits, std::move(on));
        if (!opened)
            throw std::runtime_error(describe(opened.error()));
        api = std::move(*opened);
        m_thread = std::thread([this] { m_io.run(); });
    }
    ~RuntimeBench()
    {
        onLoop([this] { api.reset(); });
        m_work.reset();
        m_thread.join();
    }

    template <typename Do> std::invoke_result_t<Do> onLoop(Do what)
    {
        std::packaged_task<decltype(what())()> task(std::move(what));
        auto result = task.get_future();
        boost::asio::post(m_io, [&task] { task(); });
        return result.get();
    }
    std::uint16_t port()
    {
        return onLoop([this] { return api->port(); });
    }
    void deliver(const std::string& id, const std::string& body = "{}",
                 const std::string& clientContext = {})
    {
        onLoop([&] {
            api->deliver({.requestId = id,
                          .body = std::make_shared<const std::string>(body),
                          .deadlineMs = 1'772'615'707'412,
                          .functionArn = "arn:aws:lambda:eu-west-1:000000000000:function:f",
                          .clientContext = clientContext});
        });
    }
    /// Asked on the loop: an answer reaches the client a moment before its callback is called.
    std::vector<std::string> told()
    {
        return onLoop([this] { return m_told; });
    }
    std::string last()
    {
        const auto all = told();
        return all.empty() ? std::string() : all.back();
    }
    /// Waits, generously, until it was told so often.
    bool isTold(const std::string& what, std::ptrdiff_t times = 1)
    {
        return eventually([&] {
            const auto all = told();
            return std::count(all.begin(), all.end(), what) >= times;
        });
    }
    static bool eventually(const std::function<bool()>& condition)
    {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!condition()) {
            if (std::chrono::steady_clock::now() > end)
                return false;
            std::this_thread::yield();
        }
        return true;
    }

    std::unique_ptr<RuntimeApi> api; ///< on its own thread only
    std::size_t refusals = 0; ///< on the loop
    std::string lastRefusal;
    Duration late{}; ///< what taken() answers; set it before the event is asked for

private:
    void tell(std::string what) { m_told.push_back(std::move(what)); }

    boost::asio::io_context m_io{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> m_work;
    std::thread m_thread;
    std::vector<std::string> m_told; ///< likewise
};

inline const std::string kBase = "/2018-06-01/runtime/";
inline const std::string kId = "8476a536-e9f4-11e8-9739-2dfe598c3fcd";

inline std::string next()
{
    return http::test::get(kBase + "invocation/next");
}
inline std::string respond(const std::string& id, std::string_view body,
                           std::string_view lines = {})
{
    return http::test::post(kBase + "invocation/" + id + "/response", body, lines);
}
inline std::string fail(const std::string& id, std::string_view body, std::string_view lines = {})
{
    return http::test::post(kBase + "invocation/" + id + "/error", body, lines);
}
inline std::string failInit(std::string_view body, std::string_view lines = {})
{
    return http::test::post(kBase + "init/error", body, lines);
}

/// The errorType of an error document of the Runtime API itself.
inline std::string typeOf(const Answer& answer)
{
    const auto document = nlohmann::json::parse(answer.body, nullptr, false);
    if (!document.is_object() || !document.contains("errorMessage"))
        return "not an error document: " + answer.body;
    return document.value("errorType", "no errorType: " + answer.body);
}

/// Ready, and with the event `kId` under way on this connection.
inline RawClient busy(RuntimeBench& bench)
{
    RawClient client(bench.port());
    bench.deliver(kId, "{\"x\":1}");
    EXPECT_EQ(client.exchange(next()).status, 200);
    return client;
}

/// Nothing that came before has hurt the instance: it takes and answers one more event.
inline void stillServes(RuntimeBench& bench, RawClient& client)
{
    bench.deliver("later");
    ASSERT_EQ(client.exchange(next()).status, 200);
    ASSERT_EQ(client.exchange(respond("later", "7")).status, 202);
    EXPECT_EQ(bench.last(), "response: 7");
}

} // namespace coldframe::live::test
