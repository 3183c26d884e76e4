#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/error.h"

namespace coldframe {

/// Where a value, and the key that names it, stand in a text. Lines and columns count from 1,
/// columns in characters (code points), as editors do.
struct Position {
    int line = 0;
    int column = 0;
    int keyLine = 0; ///< 0: the value has no key (the root, or an element of a list)
    int keyColumn = 0;
};

/// Deepest nesting that parseJson() accepts; people write far less, and stacks are finite.
inline constexpr int kMaxJsonDepth = 200;

namespace detail {
struct JsonTape;
}
struct JsonMember;

/// One value of a parsed text. Cheap to copy; valid as long as a copy of its JsonText lives.
class JsonValue {
public:
    enum class Kind : std::uint8_t { Null, Boolean, Number, String, Array, Object };

    Kind kind() const;
    bool isObject() const { return kind() == Kind::Object; }
    bool isArray() const { return kind() == Kind::Array; }
    bool isString() const { return kind() == Kind::String; }

    /// The value as it is written in the file.
    std::string_view raw() const;
    /// As raw(), without the white space between tokens; numbers keep their digits.
    std::string compact() const;

    bool boolean() const; ///< of a Boolean
    std::string string() const; ///< of a String, escapes resolved
    /// Of a Number that is written without fraction and exponent and fits.
    std::optional<std::int64_t> integer() const;
    double number() const; ///< of a Number

    std::vector<JsonMember> members() const; ///< of an Object, in file order
    std::vector<JsonValue> elements() const; ///< of an Array
    std::optional<JsonValue> find(std::string_view key) const; ///< of an Object

private:
    friend class JsonText;
    JsonValue(const detail::JsonTape* tape, std::uint32_t index) : m_tape(tape), m_index(index) { }
    const detail::JsonTape* m_tape;
    std::uint32_t m_index;
};

struct JsonMember {
    std::string key;
    JsonValue value;
};

/// A JSON text that was found to be right, and where everything stands in it.
class JsonText {
public:
    JsonValue root() const;
    const std::string& fileName() const;
    const std::string& text() const;

    /// Place of the value at a JSON Pointer (RFC 6901). Where the pointer leads nowhere, the place
    /// of the innermost value on the way that exists: for "key is missing" that is its object.
    Position positionOf(const std::string& jsonPointer) const;

private:
    friend Result<JsonText> parseJson(std::string text, std::string fileName);
    explicit JsonText(std::shared_ptr<const detail::JsonTape> tape) : m_tape(std::move(tape)) { }
    std::shared_ptr<const detail::JsonTape> m_tape;
};

/// Parses one JSON value (RFC 8259, UTF-8, a byte order mark is skipped) in linear time.
/// Errors carry file, line, column and plain words; a key used twice in one object is an error.
Result<JsonText> parseJson(std::string text, std::string fileName);

/// A JSON Pointer one step longer: "/" and "~" in the key are escaped.
std::string childPointer(const std::string& pointer, std::string_view key);
std::string childPointer(const std::string& pointer, std::size_t index);

} // namespace coldframe
