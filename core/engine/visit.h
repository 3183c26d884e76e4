#pragma once

#include <cstddef>
#include <utility>
#include <variant>

namespace coldframe::engine {

/// As std::visit for one variant, as a chain of comparisons that the compiler makes a jump of and
/// can see through. The library's own goes through a table of functions from twelve kinds on.
template <typename Visitor, typename Variant>
[[gnu::always_inline]] inline void visitEach(Visitor&& visitor, const Variant& variant)
{
    const std::size_t index = variant.index();
    [&]<std::size_t... I>(std::index_sequence<I...>)
    {
        static_cast<void>(
            ((index == I ? (visitor(*std::get_if<I>(&variant)), true) : false) || ...));
    }
    (std::make_index_sequence<std::variant_size_v<Variant>>());
}

} // namespace coldframe::engine
