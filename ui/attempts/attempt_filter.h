#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "history/attempt_row.h"
#include "model/workspace.h"

// The filter language of the table of attempts. Plain C++, no Qt:
//   fn:thumb* status:error cold:yes dur>500ms trigger:on-upload id:7f5c "free text" -fn:audit
// All terms must hold; a comma means or; a minus in front means not. Names match in any case, as a
// part of the name unless they hold * or ?.
namespace coldframe::ui {

struct FilterTerm {
    enum class Key {
        Text,
        Function,
        Status,
        Start,
        Trigger,
        RequestId,
        Instance,
        Platform,
        Desk,
        Init,
        Wait,
        Memory,
        Cost
    };
    enum class Comparison { Is, Above, AtLeast, Below, AtMost };
    Key key = Key::Text;
    bool negated = false;
    std::vector<std::string> values; ///< any of them, lower case; empty for numbers
    Comparison comparison = Comparison::Is;
    /// Nanoseconds, kilobytes or picodollars for one attempt.
    std::int64_t number = 0;
    bool operator==(const FilterTerm&) const = default;
};

/// A term that makes no sense, and in what way.
struct FilterProblem {
    enum class Kind {
        UnknownKey,
        UnknownStatus,
        UnknownStart,
        NotYesOrNo,
        NoValue,
        NotADuration,
        NotASize,
        NotAnAmount,
        NeedsComparison, ///< "dur:500ms"
        OpenQuote,
        TooMany
    };
    Kind kind = Kind::UnknownKey;
    std::string term; ///< as it was typed
};

struct AttemptFilter {
    std::vector<FilterTerm> terms;
    bool empty() const { return terms.empty(); }
    bool operator==(const AttemptFilter&) const = default;

    static constexpr std::size_t kMaxTerms = 32;
};
struct ParsedFilter {
    AttemptFilter filter; ///< of the terms that made sense
    std::optional<FilterProblem> problem; ///< the first
};
ParsedFilter parseAttemptFilter(const std::string& text);

/// Compares in any case (of ASCII). Without * and ? a part is enough.
bool matchesName(const std::string& pattern, const std::string& name);

/// A filter made ready for one workspace: names are looked up once, not once a row.
class AttemptMatcher {
public:
    AttemptMatcher() = default;
    AttemptMatcher(AttemptFilter filter, const Workspace* workspace);
    bool operator()(const history::AttemptRow& row) const;
    bool matchesAll() const { return m_terms.empty(); }

private:
    struct Term {
        FilterTerm term;
        std::vector<bool> functions; ///< by FunctionId
        std::vector<bool> triggers; ///< by AttemptRow::trigger
        std::uint32_t statuses = 0; ///< bits of AttemptStatus
        std::uint32_t starts = 0; ///< bits of StartKind
    };
    static bool holds(const Term& term, const history::AttemptRow& row);
    std::vector<Term> m_terms;
};

} // namespace coldframe::ui
