#include "http/request.h"

#include <algorithm>

namespace coldframe::http {
namespace {

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

} // namespace

bool equalNames(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
               return x == y || lower(x) == lower(y);
           });
}

std::string_view Request::header(std::string_view name) const
{
    if (m_fields) {
        for (const FieldPlace& field : *m_fields) {
            if (equalNames({m_base + field.nameAt, field.nameSize}, name))
                return {m_base + field.valueAt, field.valueSize};
        }
    }
    return {};
}

} // namespace coldframe::http
