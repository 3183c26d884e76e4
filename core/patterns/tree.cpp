#include "patterns/tree.h"

#include <algorithm>
#include <iterator>

namespace coldframe::patterns {

namespace {

using Path = std::vector<std::string>;

Path longer(Path path, const std::string& name)
{
    for (std::size_t at = 0;;) {
        const std::size_t dot = name.find('.', at);
        path.push_back(name.substr(at, dot - at));
        if (dot == name.npos)
            return path;
        at = dot + 1;
    }
}

void put(Alternative& alternative, const Path& path, const Conditions& values)
{
    std::vector<Field>* level = &alternative;
    Field* field = nullptr;
    for (const std::string& name : path) {
        auto found = std::ranges::find(*level, name, &Field::name);
        if (found == level->end())
            found = level->insert(found, Field{name, name + '.', nullptr, {}});
        field = &*found;
        level = &field->fields;
    }
    field->values = values;
}

void expand(std::vector<Alternative>& made, const WrittenFields& fields, const Path& path)
{
    for (const Written& written : fields) {
        if (const auto* values = std::get_if<Conditions>(&written.what)) {
            const Path whole = longer(path, written.name);
            for (Alternative& alternative : made)
                put(alternative, whole, *values);
        } else if (const auto* inner = std::get_if<WrittenFields>(&written.what)) {
            expand(made, *inner, longer(path, written.name));
        } else {
            std::vector<Alternative> all;
            for (const WrittenFields& branch : std::get<std::vector<WrittenFields>>(written.what)) {
                std::vector<Alternative> ours = made;
                expand(ours, branch, path);
                std::ranges::move(ours, std::back_inserter(all));
            }
            made = std::move(all);
        }
    }
}

} // namespace

std::size_t combinations(const WrittenFields& fields, std::size_t limit)
{
    std::size_t product = 1;
    for (const Written& written : fields) {
        if (const auto* inner = std::get_if<WrittenFields>(&written.what))
            product *= combinations(*inner, limit);
        if (const auto* branches = std::get_if<std::vector<WrittenFields>>(&written.what)) {
            product *= branches->size();
            for (const WrittenFields& branch : *branches) {
                if (product > limit)
                    break;
                product *= combinations(branch, limit);
            }
        }
        if (product > limit)
            return limit + 1;
    }
    return product;
}

std::size_t countFields(const WrittenFields& fields)
{
    std::size_t count = 0;
    for (const Written& written : fields) {
        if (const auto* inner = std::get_if<WrittenFields>(&written.what))
            count += countFields(*inner);
        else if (const auto* branches = std::get_if<std::vector<WrittenFields>>(&written.what))
            for (const WrittenFields& branch : *branches)
                count += countFields(branch);
        else
            ++count;
    }
    return count;
}

std::vector<Alternative> alternatives(const WrittenFields& fields)
{
    std::vector<Alternative> made(1);
    expand(made, fields, {});
    return made;
}

} // namespace coldframe::patterns
