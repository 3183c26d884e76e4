#include "model/secret_mask.h"

#include <algorithm>
#include <string_view>

namespace coldframe {

namespace {

constexpr std::size_t kShortest = 4;
constexpr std::string_view kMask = "***";

std::string escaped(const std::string& secret)
{
    std::string out;
    for (const char c : secret) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    return out;
}

} // namespace

std::vector<std::string> secretValues(const Function& function, const VariableLookup& lookup)
{
    std::vector<std::string> values;
    for (const auto& [name, value] : function.environment)
        for (const std::string& reference : referencesIn(value))
            if (auto known = lookup(reference))
                values.push_back(std::move(*known));
    for (const auto* way : {&function.onSuccess, &function.onFailure})
        if (*way)
            for (const DestinationText& text : textsWithVariables(**way))
                for (const std::string& reference : referencesIn(text.text))
                    if (auto known = lookup(reference))
                        values.push_back(std::move(*known));
    return values;
}

std::string maskSecrets(std::string text, const std::vector<std::string>& secrets)
{
    std::vector<std::string> forms;
    for (const std::string& secret : secrets)
        if (secret.size() >= kShortest) {
            forms.push_back(secret);
            forms.push_back(escaped(secret));
        }
    // One secret may be a part of another.
    std::ranges::sort(forms, std::ranges::greater(), &std::string::size);
    for (const std::string& form : forms)
        for (std::size_t at = text.find(form); at != std::string::npos;
             at = text.find(form, at + kMask.size()))
            text.replace(at, form.size(), kMask);
    return text;
}

} // namespace coldframe
