#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/error.h"
#include "model/json_text.h"

namespace coldframe {

struct IntegerRange {
    std::int64_t min = 0, max = 0; ///< both allowed
};
struct NumberRange {
    double min = 0, max = 0; ///< both allowed
};
struct TextRule {
    std::size_t min = 1, max = 4096; ///< bytes, both allowed
};

/// A list that all readers of one file write their findings into. Not an early return: a person
/// wants to hear of every mistake at once.
using Errors = std::vector<Error>;

/// Reads one JSON object key by key. A getter whose key is absent returns the fallback; a wrong
/// value is recorded, with file, line, column and pointer, and gives the fallback too.
class JsonReader {
public:
    /// `what` names the object in messages: "a function". A value that is no object is recorded
    /// once; all getters then stay silent.
    JsonReader(const JsonText& text, const JsonValue& object, std::string pointer, std::string what,
               Errors& errors);
    /// Of the whole file.
    JsonReader(const JsonText& text, std::string what, Errors& errors);

    bool valid() const { return m_object.has_value(); }
    bool has(const std::string& key); ///< the key counts as known from now on
    std::optional<JsonValue> value(const std::string& key); ///< whatever it is
    std::string pointer(const std::string& key) const { return childPointer(m_pointer, key); }
    const std::string& pointer() const { return m_pointer; }

    std::string string(const std::string& key, std::string fallback = {}, TextRule rule = {});
    bool boolean(const std::string& key, bool fallback);
    std::int64_t integer(const std::string& key, IntegerRange range, std::int64_t fallback);
    double number(const std::string& key, NumberRange range, double fallback);
    std::vector<std::string> strings(const std::string& key, TextRule rule = {});

    /// One of a few words. `later` are words of a coming version: they are refused, saying so.
    template <typename T>
    T choice(const std::string& key, std::initializer_list<std::pair<const char*, T>> words,
             T fallback, std::initializer_list<const char*> later = {});

    void require(const std::string& key, std::string hint = {}); ///< records Missing when absent
    /// Members of the object at `key`; none when it is absent or no object (which is recorded).
    std::vector<JsonMember> members(const std::string& key, const std::string& what);
    /// Every key that no getter asked for is recorded, with the known key it resembles.
    void rejectOtherKeys();

    /// Records an error about the value at `key`, or about the object when that is absent.
    void fail(Error::Code code, const std::string& key, std::string message, std::string hint = {});

private:
    int choose(const std::string& key, const std::vector<std::string>& words,
               const std::vector<std::string>& later);
    void failAt(Error::Code code, const std::string& pointer, bool atKey, std::string message,
                std::string hint);

    const JsonText& m_text;
    std::optional<JsonValue> m_object;
    std::string m_pointer, m_what;
    std::vector<std::string> m_known;
    Errors& m_errors;
};

template <typename T>
T JsonReader::choice(const std::string& key, std::initializer_list<std::pair<const char*, T>> words,
                     T fallback, std::initializer_list<const char*> later)
{
    std::vector<std::string> names;
    for (const auto& word : words)
        names.emplace_back(word.first);
    const int chosen = choose(key, names, {later.begin(), later.end()});
    return chosen < 0 ? fallback : (words.begin() + chosen)->second;
}

/// An error with the place of a pointer; `atKey` points at the key rather than at its value.
Error errorAt(const JsonText& text, const std::string& pointer, bool atKey, Error::Code code,
              std::string message, std::string hint = {});

/// A value as it is written, shortened for a message.
std::string excerpt(const JsonValue& value);

} // namespace coldframe
