#pragma once

#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace coldframe::changes {

/// A Python process that writes the database with the sqlite3 module of its own, as a program of
/// the user's does. The script finds `db`, a connection without transactions of its own making, and
/// `sys`; what go() sends it reads with input().
class PythonWriter {
public:
    PythonWriter(const std::filesystem::path& file, const std::string& script)
    {
        const std::string text
            = fmt::format("import sqlite3, sys\ndb = sqlite3.connect('{}', timeout=60, "
                          "isolation_level=None)\n{}",
                          file.native(), script);
        const std::filesystem::path program = file.string() + fmt::format(".{}.py", s_count++);
        if (std::FILE* out = std::fopen(program.c_str(), "w")) {
            std::fputs(text.c_str(), out);
            std::fclose(out);
        }
        m_pipe = ::popen(("exec python3 '" + program.string() + "'").c_str(), "w");
    }
    PythonWriter(const PythonWriter&) = delete;
    PythonWriter(PythonWriter&& other) noexcept : m_pipe(std::exchange(other.m_pipe, nullptr)) { }
    ~PythonWriter() { end(); }

    void go(const std::string& line = {})
    {
        std::fputs((line + "\n").c_str(), m_pipe);
        std::fflush(m_pipe);
    }
    /// Waits for it; its exit status, 0 when all went well.
    int end()
    {
        const int status = m_pipe ? ::pclose(m_pipe) : 0;
        m_pipe = nullptr;
        return status;
    }

private:
    static inline int s_count = 0;
    std::FILE* m_pipe = nullptr;
};

} // namespace coldframe::changes
