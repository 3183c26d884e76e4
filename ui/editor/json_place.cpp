#include "ui/editor/json_place.h"

#include <algorithm>
#include <utility>

#include "model/json_text.h"

namespace coldframe::ui {

namespace {

constexpr std::size_t kFactLevels = 6;
constexpr std::size_t kMostFacts = 4000;
constexpr std::size_t kLongestValue = 1024;
constexpr std::size_t kNowhere = std::string_view::npos;

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Of what is no string and no bracket: numbers, true, keys whose quotes are yet to come.
bool isWord(char c)
{
    return !isSpace(c) && std::string_view("{}[]:,\"").find(c) == kNowhere;
}

class Scanner {
public:
    Scanner(std::string_view text, std::size_t cursor)
        : m_text(text), m_cursor(std::min(cursor, text.size()))
    { }
    JsonPlace scan();

private:
    enum class Wants { Key, Colon, Value, Comma };
    struct Frame {
        char kind = ' '; ///< '{', '[', or ' ' around the whole text
        Wants wants = Wants::Value;
        std::string path; ///< where it stands, as far as facts are kept
        std::string key; ///< the one whose value comes
        std::size_t index = 0;
        std::size_t firstFact = 0;
        std::size_t valueEnd = 0;
        bool holdsCursor = false;
        std::optional<std::string> lastString; ///< the value before, when it was one
        std::vector<std::string> keys;
    };

    Frame& top() { return m_stack.back(); }
    void open(char kind);
    void close(char kind);
    void pop();
    void colon();
    void comma();
    void string();
    void word();
    void endValue(std::string_view value, bool isString);
    void addKey(std::string key, bool beingTyped);
    std::string pathOfValue() const;
    struct StringEnd {
        std::size_t at = 0; ///< behind the closing quote, or where the line ends
        bool closed = false;
    };
    StringEnd endOfString(std::size_t quote) const;
    StringEnd endOfTypedString(StringEnd found) const;
    void placeBetween(std::size_t at);
    void placeToken(std::size_t from, std::size_t to, bool inString);
    void setPath(bool ofValue);
    char nextSign(std::size_t at) const;
    bool keyFollows(std::size_t at) const;

    std::string_view m_text;
    std::size_t m_cursor, m_at = 0;
    std::vector<Frame> m_stack;
    JsonPlace m_place;
    bool m_placed = false, m_tooDeep = false;
    std::size_t m_depth = 0; ///< of the object or list around the cursor; 0 once it is closed
};

JsonPlace Scanner::scan()
{
    m_stack.emplace_back();
    while (m_at < m_text.size() && !m_tooDeep) {
        const char c = m_text[m_at];
        if (!m_placed && m_cursor <= m_at)
            placeBetween(m_at);
        if (isSpace(c)) {
            ++m_at;
            continue;
        }
        switch (c) {
        case '{':
        case '[':
            open(c);
            break;
        case '}':
        case ']':
            close(c == '}' ? '{' : '[');
            break;
        case ':':
            colon();
            break;
        case ',':
            comma();
            break;
        case '"':
            string();
            break;
        default:
            word();
        }
    }
    if (m_tooDeep)
        return {};
    if (!m_placed)
        placeBetween(m_text.size());
    if (m_depth > 0)
        m_place.siblings = m_stack[m_depth - 1].keys;
    return std::move(m_place);
}

std::string Scanner::pathOfValue() const
{
    const Frame& frame = m_stack.back();
    if (frame.kind == '[')
        return frame.path + '[' + std::to_string(frame.index) + ']';
    return frame.path.empty() ? frame.key : frame.path + '.' + frame.key;
}

void Scanner::open(char kind)
{
    ++m_at;
    if (m_stack.size() > std::size_t{kMaxJsonDepth}) {
        m_tooDeep = true;
        return;
    }
    if (top().kind == '{' && top().wants == Wants::Key)
        top().key.clear(); // a value without a key
    Frame frame;
    frame.kind = kind;
    frame.wants = kind == '{' ? Wants::Key : Wants::Value;
    frame.firstFact = m_place.facts.size();
    if (m_stack.size() <= kFactLevels) {
        frame.path = pathOfValue();
        if (m_stack.size() > 1 && m_place.facts.size() < kMostFacts)
            m_place.facts.push_back({frame.path, {}});
    }
    m_stack.push_back(std::move(frame));
}

void Scanner::close(char kind)
{
    ++m_at;
    const auto pair = std::ranges::find(m_stack.rbegin(), m_stack.rend(), kind, &Frame::kind);
    if (pair == m_stack.rend())
        return; // nothing of its kind is open
    const auto left = static_cast<std::size_t>(m_stack.rend() - pair) - 1;
    while (m_stack.size() > left)
        pop();
    endValue({}, false);
}

void Scanner::pop()
{
    Frame frame = std::move(m_stack.back());
    m_stack.pop_back();
    if (m_depth > m_stack.size()) {
        m_place.siblings = std::move(frame.keys);
        m_depth = 0;
    }
    if (frame.holdsCursor)
        top().holdsCursor = true;
    else if (top().kind == '[' && top().index > 0)
        m_place.facts.resize(std::min(m_place.facts.size(), frame.firstFact));
}

void Scanner::colon()
{
    ++m_at;
    Frame& frame = top();
    if (frame.kind != '{')
        return;
    if (frame.wants == Wants::Comma && frame.lastString) { // it was a key: the value is missing
        if (!m_place.facts.empty() && m_place.facts.back().path == pathOfValue())
            m_place.facts.pop_back();
        addKey(*std::exchange(frame.lastString, std::nullopt), false);
    }
    frame.wants = Wants::Value;
}

void Scanner::comma()
{
    ++m_at;
    Frame& frame = top();
    frame.lastString.reset();
    if (frame.kind == '{') {
        frame.wants = Wants::Key;
    } else {
        frame.wants = Wants::Value;
        ++frame.index;
    }
}

void Scanner::string()
{
    const bool typed = !m_placed && m_cursor > m_at;
    StringEnd end = endOfString(m_at);
    // Behind the closing quote the cursor is no longer in the string.
    const bool inside = typed && (end.closed ? m_cursor < end.at : m_cursor <= end.at);
    if (inside)
        end = endOfTypedString(end);
    const std::size_t from = std::exchange(m_at, end.at);
    if (inside)
        placeToken(from, end.at, true);
    const std::string_view value
        = m_text.substr(from + 1, end.at - from - (end.closed ? 2 : 1));
    if (top().kind == '{' && top().wants != Wants::Value)
        addKey(std::string(value), inside);
    else
        endValue(value, true);
}

void Scanner::word()
{
    const std::size_t from = m_at;
    while (m_at < m_text.size() && isWord(m_text[m_at]))
        ++m_at;
    const bool inside = !m_placed && m_cursor > from && m_cursor <= m_at;
    if (inside)
        placeToken(from, m_at, false);
    const std::string_view value = m_text.substr(from, m_at - from);
    if (top().kind == '{' && top().wants != Wants::Value)
        addKey(std::string(value), inside);
    else
        endValue(value, false);
}

void Scanner::addKey(std::string key, bool beingTyped)
{
    Frame& frame = top();
    frame.key = key;
    frame.wants = Wants::Colon;
    if (!beingTyped)
        frame.keys.push_back(std::move(key));
}

void Scanner::endValue(std::string_view value, bool isString)
{
    Frame& frame = top();
    if (frame.kind == '{' && (isString || !value.empty()) && m_stack.size() <= kFactLevels + 1
        && m_place.facts.size() < kMostFacts)
        m_place.facts.push_back({pathOfValue(), std::string(value.substr(0, kLongestValue))});
    frame.lastString.reset();
    if (isString)
        frame.lastString = std::string(value);
    frame.wants = Wants::Comma;
    frame.valueEnd = m_at;
}

Scanner::StringEnd Scanner::endOfString(std::size_t quote) const
{
    for (std::size_t at = quote + 1; at < m_text.size(); ++at) {
        if (m_text[at] == '\n' || m_text[at] == '\r')
            return {at, false};
        if (m_text[at] == '"')
            return {at + 1, true};
        if (m_text[at] == '\\' && at + 1 < m_text.size() && m_text[at + 1] != '\n')
            ++at;
    }
    return {m_text.size(), false};
}

/// As long as its closing quote is missing, the next quote opens another string: a closing one has
/// a colon, a comma, a bracket or the end of the line behind it. Else the string ends at the cursor.
Scanner::StringEnd Scanner::endOfTypedString(StringEnd found) const
{
    std::size_t behind = found.at;
    while (behind < m_text.size() && (m_text[behind] == ' ' || m_text[behind] == '\t'))
        ++behind;
    const bool closes = behind == m_text.size()
        || std::string_view(":,}]\r\n").find(m_text[behind]) != kNowhere;
    return found.closed && closes ? found : StringEnd{m_cursor, false};
}

char Scanner::nextSign(std::size_t at) const
{
    while (at < m_text.size() && isSpace(m_text[at]))
        ++at;
    return at < m_text.size() ? m_text[at] : '\0';
}

bool Scanner::keyFollows(std::size_t at) const
{
    while (at < m_text.size() && isSpace(m_text[at]))
        ++at;
    return at < m_text.size() && m_text[at] == '"' && nextSign(endOfString(at).at) == ':';
}

void Scanner::setPath(bool ofValue)
{
    m_placed = true;
    m_depth = m_stack.size();
    top().holdsCursor = true;
    const std::size_t levels = m_stack.size() - (ofValue ? 0 : 1);
    for (std::size_t level = 1; level < levels; ++level) {
        const Frame& frame = m_stack[level];
        m_place.path.push_back(frame.kind == '{' ? JsonStep{false, frame.key, 0}
                                                 : JsonStep{true, {}, frame.index});
    }
}

void Scanner::placeBetween(std::size_t at)
{
    m_place.from = m_place.to = m_cursor;
    const Frame& frame = top();
    const char next = nextSign(at);
    if (frame.wants == Wants::Value) {
        // In front of a value there is room for another one in lists only; a string may be the
        // key behind a value that is missing.
        const bool taken = next != '\0' && std::string_view(",}]:").find(next) == kNowhere;
        m_place.commaAfter = taken && (frame.kind == '[' || keyFollows(at));
        if (!taken || m_place.commaAfter)
            m_place.kind = JsonPlace::Kind::Value;
    } else if (frame.kind == '{' && frame.wants != Wants::Colon) {
        m_place.kind = JsonPlace::Kind::Key;
        m_place.commaAfter = next == '"';
        if (frame.wants == Wants::Comma)
            m_place.commaAt = frame.valueEnd;
    }
    setPath(frame.wants == Wants::Value);
}

void Scanner::placeToken(std::size_t from, std::size_t to, bool inString)
{
    m_place.from = from;
    m_place.to = to;
    m_place.inString = inString;
    const std::size_t begin = from + (inString ? 1 : 0);
    m_place.typed = std::string(m_text.substr(begin, m_cursor - begin));
    const Frame& frame = top();
    const char next = nextSign(to);
    m_place.commaAfter = frame.kind != ' ' && next == '"';
    const bool key = frame.kind == '{' && frame.wants != Wants::Value;
    if (key || frame.wants == Wants::Value)
        m_place.kind = key ? JsonPlace::Kind::Key : JsonPlace::Kind::Value;
    m_place.hasColon = key && next == ':';
    if (key && frame.wants == Wants::Comma)
        m_place.commaAt = frame.valueEnd;
    setPath(!key);
}

} // namespace

std::string pathText(const JsonPath& path, bool withIndices)
{
    std::string text;
    for (const JsonStep& step : path) {
        if (step.element)
            text += withIndices ? '[' + std::to_string(step.index) + ']' : std::string("[]");
        else
            text += text.empty() ? step.key : '.' + step.key;
    }
    return text;
}

JsonPlace jsonPlaceAt(std::string_view text, std::size_t cursor)
{
    return Scanner(text, cursor).scan();
}

} // namespace coldframe::ui
