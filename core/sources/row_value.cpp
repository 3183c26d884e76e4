#include <cmath>

#include <fmt/format.h>

#include "model/base64.h"
#include "model/utf8.h"
#include "sources/row_event.h"

namespace coldframe::sources {

namespace {

bool isText(std::string_view bytes)
{
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t length = utf8Length(bytes, at);
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

/// The shortest digits that give the same number again. JSON has no Infinity and no NaN.
std::string realDigits(double number)
{
    return fmt::format("{}", number);
}

const char* endlessName(double number)
{
    return std::isnan(number) ? "NaN" : number < 0 ? "-Infinity" : "Infinity";
}

/// A byte for every two significant digits, and one more.
std::size_t numberSize(std::string_view digits)
{
    std::size_t significant = 0;
    for (const char c : digits.substr(0, digits.find('e')))
        significant += (c >= '1' && c <= '9') || (c == '0' && significant > 0) ? 1 : 0;
    return (significant + 1) / 2 + 1;
}

/// NaN and Infinity, which PostgreSQL's numeric has, are no numbers to JSON.
bool isFinite(const Decimal& number)
{
    return !number.digits.empty()
        && number.digits.find_first_not_of("+-.eE0123456789") == std::string::npos;
}

struct AttributeWriter {
    std::string operator()(Untold) const { return R"({"NULL":true})"; }
    std::string operator()(Null) const { return R"({"NULL":true})"; }
    std::string operator()(bool yes) const { return fmt::format(R"({{"BOOL":{}}})", yes); }
    std::string operator()(std::int64_t number) const
    {
        return fmt::format(R"({{"N":"{}"}})", number);
    }
    std::string operator()(double number) const
    {
        return std::isfinite(number) ? fmt::format(R"({{"N":"{}"}})", realDigits(number))
                                     : fmt::format(R"({{"S":"{}"}})", endlessName(number));
    }
    std::string operator()(const Decimal& number) const
    {
        return fmt::format(R"({{"{}":{}}})", isFinite(number) ? "N" : "S",
                           jsonString(number.digits));
    }
    std::string operator()(const std::string& text) const
    {
        return isText(text) ? R"({"S":)" + jsonString(text) + '}' : (*this)(Blob{text});
    }
    std::string operator()(const Blob& blob) const
    {
        return fmt::format(R"({{"B":"{}"}})", toBase64(blob.bytes));
    }
};

struct PlainWriter {
    std::string operator()(Untold) const { return "null"; }
    std::string operator()(Null) const { return "null"; }
    std::string operator()(bool yes) const { return yes ? "true" : "false"; }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(double number) const
    {
        return std::isfinite(number) ? realDigits(number)
                                     : fmt::format("\"{}\"", endlessName(number));
    }
    std::string operator()(const Decimal& number) const
    {
        return isFinite(number) ? number.digits : jsonString(number.digits);
    }
    std::string operator()(const std::string& text) const
    {
        return isText(text) ? jsonString(text) : (*this)(Blob{text});
    }
    std::string operator()(const Blob& blob) const
    {
        return fmt::format(R"({{"base64":"{}"}})", toBase64(blob.bytes));
    }
};

struct SizeCounter {
    std::size_t operator()(Untold) const { return 0; }
    std::size_t operator()(Null) const { return 1; }
    std::size_t operator()(bool) const { return 1; }
    std::size_t operator()(std::int64_t number) const { return numberSize(std::to_string(number)); }
    std::size_t operator()(double number) const { return numberSize(realDigits(number)); }
    std::size_t operator()(const Decimal& number) const { return numberSize(number.digits); }
    std::size_t operator()(const std::string& text) const { return text.size(); }
    std::size_t operator()(const Blob& blob) const { return blob.bytes.size(); }
};

} // namespace

std::string attributeValue(const RowValue& value)
{
    return std::visit(AttributeWriter{}, value);
}

std::string plainValue(const RowValue& value)
{
    return std::visit(PlainWriter{}, value);
}

std::size_t attributeSize(const RowValue& value)
{
    return std::visit(SizeCounter{}, value);
}

} // namespace coldframe::sources
