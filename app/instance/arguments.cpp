#include "arguments.h"

#include <cstdlib>
#include <cstring>

namespace coldframe::instance {
namespace {

bool parseNumber(const char* text, std::uint64_t& number)
{
    char* end = nullptr;
    number = std::strtoull(text, &end, 10);
    return end != text && *end == '\0';
}

bool parseDescriptor(const char* text, int& descriptor)
{
    std::uint64_t number = 0;
    if (!parseNumber(text, number) || number > 0x7fffffff)
        return false;
    descriptor = static_cast<int>(number);
    return true;
}

bool parseWord(const char* word, Arguments& arguments)
{
    const auto is = [word](const char* name) {
        const std::size_t length = std::strlen(name);
        return std::strncmp(word, name, length) == 0 ? word + length : nullptr;
    };
    if (const char* value = is("control="))
        return parseDescriptor(value, arguments.control);
    if (const char* value = is("status="))
        return parseDescriptor(value, arguments.status);
    if (const char* value = is("stdin="))
        return parseDescriptor(value, arguments.input);
    if (const char* value = is("stdout="))
        return parseDescriptor(value, arguments.output);
    if (const char* value = is("stderr="))
        return parseDescriptor(value, arguments.errors);
    if (const char* value = is("mark="))
        return parseNumber(value, arguments.mark);
    if (const char* value = is("data="))
        return parseNumber(value, arguments.dataLimit);
    if (const char* value = is("filesize="))
        return parseNumber(value, arguments.fileLimit);
    if (const char* value = is("share="))
        return parseNumber(value, arguments.cpuShare);
    if (const char* value = is("folder="))
        return (arguments.folder = value) != nullptr;
    if (const char* value = is("temporary="))
        return (arguments.temporary = value) != nullptr;
    if (const char* value = is("program="))
        return (arguments.program = value) != nullptr;
    return false;
}

} // namespace

bool parse(char** words, Arguments& arguments)
{
    for (; *words != nullptr; ++words) {
        if (std::strcmp(*words, "--") == 0) {
            arguments.argv = words + 1;
            break;
        }
        if (!parseWord(*words, arguments))
            return false;
    }
    const bool runs = arguments.program != nullptr;
    return runs ? arguments.argv != nullptr && *arguments.argv != nullptr && arguments.control >= 0
            && arguments.status >= 0
                : arguments.temporary != nullptr;
}

} // namespace coldframe::instance
