#include "ui/editor/json_format.h"

namespace coldframe::ui {

namespace {

constexpr std::size_t kOneLine = 72; ///< characters a container of plain values may take

bool isContainer(const JsonValue& value)
{
    return value.isObject() || value.isArray();
}

std::string jsonString(std::string_view key)
{
    // The key as decoded; escape what must be, keep the rest as UTF-8.
    static constexpr char kHex[] = "0123456789abcdef";
    std::string text = "\"";
    for (const char c : key) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            (text += '\\') += c;
        else if (byte < 0x20)
            ((text += "\\u00") += kHex[byte >> 4]) += kHex[byte & 15];
        else
            text += c;
    }
    return text += '"';
}

class Formatter {
public:
    std::string run(const JsonValue& root)
    {
        write(root, 0, 0);
        m_out += '\n';
        return std::move(m_out);
    }

private:
    void write(const JsonValue& value, int depth, std::size_t column)
    {
        if (!isContainer(value)) {
            m_out += value.raw();
            return;
        }
        const std::string line = oneLine(value);
        if (!line.empty() && column + line.size() <= kOneLine) {
            m_out += line;
            return;
        }
        const bool object = value.isObject();
        m_out += object ? '{' : '[';
        if (object)
            writeMembers(value, depth + 1);
        else
            writeElements(value, depth + 1);
        newLine(depth);
        m_out += object ? '}' : ']';
    }

    void writeMembers(const JsonValue& value, int depth)
    {
        bool first = true;
        for (const JsonMember& member : value.members()) {
            if (!first)
                m_out += ',';
            first = false;
            newLine(depth);
            const std::string key = jsonString(member.key) + ": ";
            m_out += key;
            // The outermost members each get room of their own.
            write(member.value, depth, static_cast<std::size_t>(depth) * 2 + key.size());
        }
    }

    void writeElements(const JsonValue& value, int depth)
    {
        bool first = true;
        for (const JsonValue& element : value.elements()) {
            if (!first)
                m_out += ',';
            first = false;
            newLine(depth);
            write(element, depth, static_cast<std::size_t>(depth) * 2);
        }
    }

    /// "{ "a": 1 }" when nothing in it is a container, else empty.
    static std::string oneLine(const JsonValue& value)
    {
        std::string line;
        if (value.isObject()) {
            for (const JsonMember& member : value.members()) {
                if (isContainer(member.value))
                    return {};
                line += (line.empty() ? " " : ", ") + jsonString(member.key) + ": ";
                line += member.value.raw();
            }
            return line.empty() ? "{}" : "{" + line + " }";
        }
        for (const JsonValue& element : value.elements()) {
            if (isContainer(element))
                return {};
            line += line.empty() ? "" : ", ";
            line += element.raw();
        }
        return "[" + line + "]";
    }

    void newLine(int depth)
    {
        m_out += '\n';
        m_out.append(static_cast<std::size_t>(depth) * 2, ' ');
    }

    std::string m_out;
};

} // namespace

std::string formatJson(const JsonText& json)
{
    return Formatter().run(json.root());
}

} // namespace coldframe::ui
