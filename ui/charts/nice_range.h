#pragma once

#include <QString>

namespace coldframe::ui {

/// A round range from zero, cut into equal steps: 0, 20, 40, 60, 80.
struct NiceRange {
    double max = 1.0;
    int steps = 2;
    bool operator==(const NiceRange&) const = default;
};

inline constexpr int kMostSteps = 4;

/// The smallest such range of two to `mostSteps` steps that holds `highest`. With `whole`, steps
/// are whole numbers. Zero, negative and non-finite values get the smallest range.
NiceRange niceRange(double highest, bool whole, int mostSteps = kMostSteps);

/// A range that follows its data without flickering: it grows at once and shrinks only when half of
/// it would do.
class FollowingRange {
public:
    explicit FollowingRange(bool whole) : m_whole(whole) { }
    /// True when the range changed.
    bool follow(double highest);
    /// A low chart has room for few labels. True when the range changed.
    bool setMostSteps(int steps);
    const NiceRange& range() const { return m_range; }

private:
    bool m_whole;
    int m_mostSteps = kMostSteps;
    double m_highest = 0.0;
    NiceRange m_range = niceRange(0.0, m_whole);
};

enum class Quantity { Count, PerSecond, Milliseconds, Dollars, Share };

/// What a number is multiplied by so that it reads well beside `suffix`.
struct Unit {
    double factor = 1.0;
    QString suffix; ///< with its leading space: " ms"
};
/// The unit for an axis that ends at `max`, in counts, events per second, milliseconds, dollars or
/// shares of 1.
Unit unitFor(Quantity quantity, double max);

/// How many decimals the labels of these steps need.
int decimalsFor(const NiceRange& range, double factor);

} // namespace coldframe::ui
