#include "check/json_diff.h"

#include <algorithm>
#include <map>
#include <set>

#include "check/json_equal.h"

namespace coldframe::check {

namespace {

class Difference {
public:
    Difference(std::vector<JsonChange>& changes, std::size_t limit)
        : m_changes(changes), m_limit(limit)
    { }

    void values(const JsonValue& before, const JsonValue& after, const std::string& pointer)
    {
        if (before.isObject() && after.isObject())
            objects(before, after, pointer);
        else if (before.isArray() && after.isArray())
            lists(before.elements(), after.elements(), pointer);
        else if (!sameValue(before, after))
            tell({pointer, JsonChange::Kind::Changed, before.compact(), after.compact()});
    }

private:
    bool full() const { return m_changes.size() >= m_limit; }
    void tell(JsonChange change)
    {
        if (!full())
            m_changes.push_back(std::move(change));
    }
    void added(const JsonValue& value, std::string pointer)
    {
        tell({std::move(pointer), JsonChange::Kind::Added, {}, value.compact()});
    }
    void removed(const JsonValue& value, std::string pointer)
    {
        tell({std::move(pointer), JsonChange::Kind::Removed, value.compact(), {}});
    }

    void objects(const JsonValue& before, const JsonValue& after, const std::string& pointer)
    {
        const auto old = before.members(), fresh = after.members();
        std::map<std::string_view, const JsonValue*> byKey;
        for (const JsonMember& member : fresh)
            byKey.emplace(member.key, &member.value);
        std::set<std::string_view> known;
        for (const JsonMember& member : old) {
            if (full())
                return;
            known.insert(member.key);
            const auto found = byKey.find(member.key);
            if (found == byKey.end())
                removed(member.value, childPointer(pointer, member.key));
            else
                values(member.value, *found->second, childPointer(pointer, member.key));
        }
        for (const JsonMember& member : fresh)
            if (!known.contains(member.key))
                added(member.value, childPointer(pointer, member.key));
    }

    void lists(const std::vector<JsonValue>& before, const std::vector<JsonValue>& after,
               const std::string& pointer)
    {
        const std::size_t shorter = std::min(before.size(), after.size());
        std::size_t begin = 0, end = 0;
        while (begin < shorter && sameValue(before[begin], after[begin]))
            ++begin;
        while (begin + end < shorter
               && sameValue(before[before.size() - 1 - end], after[after.size() - 1 - end]))
            ++end;
        const std::size_t pairs = shorter - end;
        for (std::size_t i = begin; i < pairs && !full(); ++i)
            values(before[i], after[i], childPointer(pointer, i));
        for (std::size_t i = pairs; i + end < before.size() && !full(); ++i)
            removed(before[i], childPointer(pointer, i));
        for (std::size_t i = pairs; i + end < after.size() && !full(); ++i)
            added(after[i], childPointer(pointer, i));
    }

    std::vector<JsonChange>& m_changes;
    std::size_t m_limit;
};

} // namespace

std::vector<JsonChange> jsonDiff(const JsonText& before, const JsonText& after, std::size_t limit)
{
    std::vector<JsonChange> changes;
    Difference(changes, limit).values(before.root(), after.root(), "");
    return changes;
}

} // namespace coldframe::check
