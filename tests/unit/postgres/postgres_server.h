#pragma once

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "temporary_folder.h"

namespace coldframe::test {

/// Where Debian puts the programs of the newest server, or empty.
inline std::filesystem::path postgresPrograms()
{
    std::filesystem::path found;
    std::error_code ignored;
    for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql", ignored))
        if (const auto folder = version.path() / "bin";
            std::filesystem::exists(folder / "postgres") && folder > found)
            found = folder;
    return found;
}

/// A real PostgreSQL server with a cluster of its own, on a free port of the loopback interface. It
/// refuses to run as root, so root runs it as nobody. It ends with the test.
class PostgresServer {
public:
    static constexpr const char* kPassword = "correct horse";

    PostgresServer()
    {
        m_folder.write("password", kPassword);
        if (::geteuid() == 0)
            std::filesystem::permissions(m_folder.path(), std::filesystem::perms(0711));
        makeAnew();
    }
    ~PostgresServer() { stop(SIGQUIT); }

    /// Another cluster at the same address, as after a disk was lost.
    void makeAnew()
    {
        stop(SIGQUIT);
        std::filesystem::remove_all(data());
        if (::geteuid() == 0) {
            std::filesystem::create_directory(data());
            for (const auto& path : {std::filesystem::path(data()), m_folder / "password"})
                if (::chown(path.c_str(), kNobody, kNobody) != 0)
                    throw std::runtime_error("cannot give a folder to nobody");
        }
        const pid_t child = launch({"initdb", "-D", data(), "-U", "postgres", "-A", "scram-sha-256",
                                    "--pwfile", m_folder / "password", "-E", "UTF8", "--locale",
                                    "C", "--no-sync", "--no-instructions"});
        if (const int status = waitFor(child); status != 0)
            throw std::runtime_error(fmt::format("initdb: {}: {}", status, log()));
        start();
    }
    /// With settings of the test's own, "wal_level=replica".
    void start(const std::vector<std::string>& settings = {})
    {
        if (m_port == 0)
            m_port = freePort();
        std::vector<std::string> words = {"postgres", "-D", data(), "-p", std::to_string(m_port)};
        for (const char* setting :
             {"listen_addresses=127.0.0.1", "unix_socket_directories=", "wal_level=logical",
              "fsync=off", "max_wal_senders=10", "max_replication_slots=10", "lc_messages=C"})
            words.insert(words.end(), {"-c", setting});
        for (const std::string& setting : settings)
            words.insert(words.end(), {"-c", setting});
        m_server = launch(words);
        for (int i = 0; i < 3000 && PQping(connection().c_str()) != PQPING_OK; ++i) {
            if (::waitpid(m_server, nullptr, WNOHANG) == m_server) {
                m_server = 0;
                throw std::runtime_error("postgres: " + log());
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
    }
    /// SIGINT: orderly; SIGQUIT: at once, as in a crash.
    void stop(int signal)
    {
        if (m_server == 0)
            return;
        ::kill(m_server, signal);
        ::waitpid(m_server, nullptr, 0);
        m_server = 0;
    }
    /// SIGSTOP and SIGCONT to it and to its processes, which do not answer meanwhile.
    void signalAll(int signal) const
    {
        std::vector<pid_t> all = {m_server};
        std::ifstream children(fmt::format("/proc/{0}/task/{0}/children", m_server));
        for (pid_t child = 0; children >> child;)
            all.push_back(child);
        for (const pid_t one : all)
            ::kill(one, signal);
    }
    std::string connection(const std::string& user = "postgres",
                           const std::string& password = kPassword,
                           const std::string& database = "postgres") const
    {
        return fmt::format("host=127.0.0.1 port={} user={} password='{}' dbname={}", m_port, user,
                           password, database);
    }
    std::string log() const { return readFile(m_folder / "log"); }

private:
    static constexpr uid_t kNobody = 65534;

    std::string data() const { return (m_folder / "data").string(); }

    static int freePort()
    {
        const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        ::bind(listener, reinterpret_cast<sockaddr*>(&address), size);
        ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
        ::close(listener);
        return ntohs(address.sin_port);
    }
    pid_t launch(const std::vector<std::string>& words)
    {
        const std::string program = (postgresPrograms() / words.front()).string();
        const std::string log = (m_folder / "log").string();
        std::vector<char*> arguments;
        for (const std::string& word : words)
            arguments.push_back(const_cast<char*>(word.c_str()));
        arguments.push_back(nullptr);
        const pid_t parent = ::getpid(), child = ::fork();
        if (child != 0)
            return child;
        const int out = ::open(log.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0666);
        ::dup2(out, STDOUT_FILENO);
        ::dup2(out, STDERR_FILENO);
        if (::geteuid() == 0
            && (::setgroups(0, nullptr) != 0 || ::setgid(kNobody) != 0 || ::setuid(kNobody) != 0))
            ::_exit(126);
        ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
        if (::getppid() != parent || ::chdir("/") != 0)
            ::_exit(126);
        ::execv(program.c_str(), arguments.data());
        ::_exit(127);
    }
    static int waitFor(pid_t child)
    {
        int status = 0;
        ::waitpid(child, &status, 0);
        return status;
    }

    TemporaryFolder m_folder;
    int m_port = 0;
    pid_t m_server = 0;
};

} // namespace coldframe::test
