#include "session/event_template.h"

#include <array>
#include <utility>

namespace coldframe::session {

EventTemplate::EventTemplate(std::string_view json)
{
    constexpr std::array<std::pair<std::string_view, Variable>, 3> kKnown{
        {{"{{now}}", Variable::Now},
         {"{{uuid}}", Variable::Uuid},
         {"{{counter}}", Variable::Counter}}};
    std::size_t begin = 0;
    for (std::size_t at = json.find("{{"); at != json.npos; at = json.find("{{", at)) {
        const auto* known = kKnown.begin();
        while (known != kKnown.end() && !json.substr(at).starts_with(known->first))
            ++known;
        if (known == kKnown.end()) {
            ++at; // "{{{now}}}" holds one all the same
            continue;
        }
        std::size_t from = at, to = at + known->first.size();
        // A string is quoted on both sides; an escaped quote before it is part of a longer one.
        const bool alone = known->second == Variable::Counter && at > 0 && json[at - 1] == '"'
            && (at < 2 || json[at - 2] != '\\') && to < json.size() && json[to] == '"';
        if (alone) {
            --from;
            ++to;
        }
        m_pieces.push_back({std::string(json.substr(begin, from - begin)), known->second});
        begin = at = to;
    }
    m_pieces.push_back({std::string(json.substr(begin)), Variable::None});
}

std::string EventTemplate::fill(const Values& values) const
{
    std::string json, counter;
    for (const Piece& piece : m_pieces) {
        json += piece.text;
        switch (piece.variable) {
        case Variable::None:
            break;
        case Variable::Now:
            json += values.now();
            break;
        case Variable::Uuid:
            json += values.uuid();
            break;
        case Variable::Counter:
            if (counter.empty())
                counter = std::to_string(values.counter());
            json += counter;
            break;
        }
    }
    return json;
}

} // namespace coldframe::session
