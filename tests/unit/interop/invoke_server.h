#pragma once

#include <functional>
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

#include "interop/invoke_api.h"
#include "interop/invoke_errors.h"
#include "raw_client.h"

namespace coldframe::interop::test {

using http::test::Answer;
using http::test::get;
using http::test::RawClient;

inline constexpr const char* kRequestId = "7f3a9c0d-51b2-4e68-8d1f-000000000001";

/// Answers as `answer` says and keeps what it was asked.
class FakeBackend final : public InvokeBackend {
public:
    std::function<void(InvokeReply&)> answer = [](InvokeReply& reply) {
        reply.result(std::make_shared<const std::string>("{\"ok\":true}"), false);
    };
    std::vector<InvokeCall> calls;
    InvokeLimits bounds{.syncBytes = 2000, .asyncBytes = 1000};
    std::vector<FunctionInfo> known{{0, "resize", "python", "app.handler", 3500, 256},
                                    {1, "upper", "lambda", "./bootstrap", 3000, 128}};

private:
    InvokeLimits limits() const override { return bounds; }
    FunctionId find(std::string_view name) const override
    {
        for (const FunctionInfo& function : known)
            if (function.name == name)
                return function.id;
        return kNoFunction;
    }
    std::vector<FunctionInfo> functions() const override { return known; }
    std::string newRequestId() override { return kRequestId; }
    void invoke(InvokeCall call, InvokeReply reply) override
    {
        calls.push_back(std::move(call));
        answer(reply);
    }
};

/// The API on a thread of its own, as in the program.
class InvokeServer {
public:
    InvokeServer() : m_work(boost::asio::make_work_guard(m_io))
    {
        auto listening = InvokeApi::listen(m_io, 0, backend);
        if (!listening)
            throw std::runtime_error(describe(listening.error()));
        m_api = std::move(*listening);
        port = m_api->port();
        m_thread = std::thread([this] { m_io.run(); });
    }

    ~InvokeServer()
    {
        onLoop([this] { m_api.reset(); });
        m_work.reset();
        m_thread.join();
    }

    /// Runs `work` on the API's thread and waits for it.
    template <typename Work> std::invoke_result_t<Work> onLoop(Work work)
    {
        std::packaged_task<std::invoke_result_t<Work>()> task(std::move(work));
        auto result = task.get_future();
        boost::asio::post(m_io, [&task] { task(); });
        return result.get();
    }

    FakeBackend backend; ///< between requests only
    std::uint16_t port = 0;

private:
    boost::asio::io_context m_io{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> m_work;
    std::unique_ptr<InvokeApi> m_api;
    std::thread m_thread;
};

/// A POST to the function's invocations.
inline std::string invocation(std::string_view function, std::string_view payload,
                              std::string_view lines = {})
{
    return http::test::post("/2015-03-31/functions/" + std::string(function) + "/invocations",
                            payload, lines);
}

} // namespace coldframe::interop::test
