#pragma once

#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <utility> // before Asio: Boost 1.74 uses std::exchange without including it
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "raw_client.h"
#include "s3/endpoint.h"
#include "temporary_folder.h"

// An endpoint with the bucket "in" and "out", on threads of its own as in the program.
namespace coldframe::s3::test {

using http::test::Answer;
using http::test::RawClient;
using namespace coldframe::test;

class S3Bench {
public:
    S3Bench() : m_work(boost::asio::make_work_guard(m_io))
    {
        EndpointOptions options;
        options.state = state / "s3";
        options.post
            = [this](std::function<void()> work) { boost::asio::post(m_workers, std::move(work)); };
        options.now = [] {
            return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
        };
        options.writing = [this](const std::string& accessKey, const std::string& bucket,
                                 const std::string& key) {
            const std::lock_guard lock(m_mutex);
            m_announced.push_back(accessKey + ' ' + bucket + '/' + key);
        };
        options.finished = [this](const RequestReport& report) {
            const std::lock_guard lock(m_mutex);
            m_reports.push_back(report);
        };
        auto listening = Endpoint::listen(m_io, 0, std::move(options));
        if (!listening)
            throw std::runtime_error(describe(listening.error()));
        endpoint = std::move(*listening);
        for (const char* name : {"in", "out"})
            buckets[name] = std::make_shared<const stores::FolderStore>(
                stores::FolderStore::open(data / name).value());
        endpoint->setBuckets(buckets);
        port = endpoint->port();
        m_thread = std::thread([this] { m_io.run(); });
    }

    ~S3Bench()
    {
        onLoop([this] { endpoint->close(); });
        m_work.reset();
        m_io.stop();
        m_thread.join();
        m_workers.join();
    }

    template <typename Work> void onLoop(Work work)
    {
        std::packaged_task<void()> task(std::move(work));
        auto result = task.get_future();
        boost::asio::post(m_io, [&task] { task(); });
        result.get();
    }

    /// One request on a connection of its own.
    Answer send(std::string_view method, std::string_view target, std::string_view body = {},
                std::string_view lines = {})
    {
        RawClient client(port);
        client.send(request(method, target, body, lines));
        return client.read(method == "HEAD");
    }
    Answer get(std::string_view target, std::string_view lines = {})
    {
        return send("GET", target, {}, lines);
    }
    Answer put(std::string_view target, std::string_view body, std::string_view lines = {})
    {
        return send("PUT", target, body, lines);
    }

    static std::string request(std::string_view method, std::string_view target,
                               std::string_view body, std::string_view lines = {})
    {
        return head(method, target, body.size(), lines) + std::string(body);
    }
    static std::string head(std::string_view method, std::string_view target, std::size_t length,
                            std::string_view lines = {})
    {
        std::string text = std::string(method) + ' ' + std::string(target)
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + std::string(lines);
        if (length > 0 || method == "PUT" || method == "POST")
            text += "Content-Length: " + std::to_string(length) + "\r\n";
        return text + "\r\n";
    }

    std::string file(const std::string& name) const { return readFile(data / name); }
    bool exists(const std::string& name) const { return std::filesystem::exists(data / name); }
    /// Everything in the folder of a bucket, hidden files too.
    std::vector<std::string> files(const std::string& bucket) const
    {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(data / bucket))
            if (!entry.is_directory())
                names.push_back(entry.path().lexically_relative(data / bucket).string());
        std::ranges::sort(names);
        return names;
    }

    std::vector<RequestReport> reports()
    {
        const std::lock_guard lock(m_mutex);
        return m_reports;
    }
    std::vector<std::string> announced()
    {
        const std::lock_guard lock(m_mutex);
        return m_announced;
    }
    bool eventually(const std::function<bool()>& condition)
    {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!condition()) {
            if (std::chrono::steady_clock::now() > end)
                return false;
            std::this_thread::yield();
        }
        return true;
    }

    TemporaryFolder data, state;
    std::map<std::string, Endpoint::Store, std::less<>> buckets;
    std::unique_ptr<Endpoint> endpoint;
    std::uint16_t port = 0;

private:
    std::mutex m_mutex;
    std::vector<RequestReport> m_reports;
    std::vector<std::string> m_announced;
    boost::asio::io_context m_io{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> m_work;
    boost::asio::thread_pool m_workers{2};
    std::thread m_thread;
};

/// The value of a header line; empty when there is none.
inline std::string headerOf(const Answer& answer, const std::string& name)
{
    const std::size_t at = answer.head.find("\r\n" + name + ": ");
    if (at == std::string::npos)
        return {};
    const std::size_t begin = at + name.size() + 4;
    return answer.head.substr(begin, answer.head.find("\r\n", begin) - begin);
}

/// The text of the first element of this name.
inline std::string textOf(const std::string& xml, const std::string& name)
{
    const std::size_t at = xml.find('<' + name + '>');
    if (at == std::string::npos)
        return {};
    const std::size_t begin = at + name.size() + 2;
    return xml.substr(begin, xml.find('<', begin) - begin);
}

/// The texts of all elements of this name.
inline std::vector<std::string> textsOf(const std::string& xml, const std::string& name)
{
    std::vector<std::string> texts;
    for (std::size_t at = 0; (at = xml.find('<' + name + '>', at)) != std::string::npos; ++at)
        texts.push_back(textOf(xml.substr(at), name));
    return texts;
}

inline std::string codeOf(const Answer& answer)
{
    return std::to_string(answer.status) + ' ' + textOf(answer.body, "Code");
}

} // namespace coldframe::s3::test
