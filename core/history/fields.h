#pragma once

#include <bit>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

// Visits the fields of plain structs one by one, so that files and digests hold values and never
// the bytes between them. Counting the fields makes it complete: a struct that grows past what is
// handled here does not compile.
namespace coldframe::history {

namespace detail {

struct Anything {
    template <typename T> operator T() const; // never called
};

template <typename T, typename... Given> constexpr std::size_t fieldCount()
{
    if constexpr (requires { T{Given{}..., Anything{}}; })
        return fieldCount<T, Given..., Anything>();
    else
        return sizeof...(Given);
}

template <typename T> struct IsDuration : std::false_type { };
template <typename R, typename P>
struct IsDuration<std::chrono::duration<R, P>> : std::true_type { };
template <typename T> struct IsTimePoint : std::false_type { };
template <typename C, typename D>
struct IsTimePoint<std::chrono::time_point<C, D>> : std::true_type { };

/// Hands each direct field of `item` to `f`. C++20 has no packs of structured bindings.
template <typename T, typename F> constexpr void directFields(T& item, F&& f)
{
    constexpr std::size_t kCount = fieldCount<std::remove_const_t<T>>();
    const auto all = [&](auto&... fields) { (f(fields), ...); };
    static_assert(kCount <= 20, "add a line for this many fields");
    // clang-format off
    if constexpr (kCount == 1) { auto& [a] = item; all(a); }
    if constexpr (kCount == 2) { auto& [a, b] = item; all(a, b); }
    if constexpr (kCount == 3) { auto& [a, b, c] = item; all(a, b, c); }
    if constexpr (kCount == 4) { auto& [a, b, c, d] = item; all(a, b, c, d); }
    if constexpr (kCount == 5) { auto& [a, b, c, d, e] = item; all(a, b, c, d, e); }
    if constexpr (kCount == 6) { auto& [a, b, c, d, e, g] = item; all(a, b, c, d, e, g); }
    if constexpr (kCount == 7) { auto& [a, b, c, d, e, g, h] = item; all(a, b, c, d, e, g, h); }
    if constexpr (kCount == 8) {
        auto& [a, b, c, d, e, g, h, i] = item;
        all(a, b, c, d, e, g, h, i);
    }
    if constexpr (kCount == 9) {
        auto& [a, b, c, d, e, g, h, i, j] = item;
        all(a, b, c, d, e, g, h, i, j);
    }
    if constexpr (kCount == 10) {
        auto& [a, b, c, d, e, g, h, i, j, k] = item;
        all(a, b, c, d, e, g, h, i, j, k);
    }
    if constexpr (kCount == 11) {
        auto& [a, b, c, d, e, g, h, i, j, k, l] = item;
        all(a, b, c, d, e, g, h, i, j, k, l);
    }
    if constexpr (kCount == 12) {
        auto& [a, b, c, d, e, g, h, i, j, k, l, m] = item;
        all(a, b, c, d, e, g, h, i, j, k, l, m);
    }
    if constexpr (kCount == 13) {
        auto& [a, b, c, d, e, g, h, i, j, k, l, m, n] = item;
        all(a, b, c, d, e, g, h, i, j, k, l, m, n);
    }
    if constexpr (kCount == 14) {
        auto& [a, b, c, d, e, g, h, i, j, k, l, m, n, o] = item;
        all(a, b, c, d, e, g, h, i, j, k, l, m, n, o);
    }
    if constexpr (kCount == 15) {
        auto& [a, b, c, d, e, g, h, i, j, k, l, m, n, o, p] = item;
        all(a, b, c, d, e, g, h, i, j, k, l, m, n, o, p);
    }
    if constexpr (kCount == 16) {
        auto& [a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q] = item;
        all(a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q);
    }
    if constexpr (kCount == 17) {
        auto& [a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r] = item;
        all(a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r);
    }
    if constexpr (kCount == 18) {
        auto& [a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s] = item;
        all(a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s);
    }
    if constexpr (kCount == 19) {
        auto& [a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t] = item;
        all(a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t);
    }
    if constexpr (kCount == 20) {
        auto& [a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u] = item;
        all(a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u);
    }
    // clang-format on
}

} // namespace detail

/// Whether a field is a number: all others are structs of fields.
template <typename T>
concept Scalar = std::integral<T> || std::is_enum_v<T> || detail::IsDuration<
    T>::value || detail::IsTimePoint<T>::value;

/// The unsigned integer a scalar is stored as.
template <Scalar T> constexpr auto toBits(T value)
{
    if constexpr (detail::IsTimePoint<T>::value)
        return static_cast<std::uint64_t>(value.time_since_epoch().count());
    else if constexpr (detail::IsDuration<T>::value)
        return static_cast<std::uint64_t>(value.count());
    else if constexpr (std::is_enum_v<T>)
        return static_cast<std::make_unsigned_t<std::underlying_type_t<T>>>(value);
    else if constexpr (std::same_as<T, bool>)
        return static_cast<std::uint8_t>(value);
    else
        return static_cast<std::make_unsigned_t<T>>(value);
}
template <Scalar T> using Bits = decltype(toBits(std::declval<T>()));

template <Scalar T> constexpr T fromBits(Bits<T> bits)
{
    if constexpr (detail::IsTimePoint<T>::value)
        return T(typename T::duration(static_cast<typename T::rep>(bits)));
    else if constexpr (detail::IsDuration<T>::value)
        return T(static_cast<typename T::rep>(bits));
    else
        return static_cast<T>(bits);
}

/// Calls f(scalar) for every number in `item`, in order of declaration, structs within included.
template <typename T, typename F> constexpr void forEachScalar(T& item, F&& f)
{
    if constexpr (Scalar<std::remove_const_t<T>>)
        f(item);
    else
        detail::directFields(item, [&](auto& field) { forEachScalar(field, f); });
}

/// Bytes of all numbers in a T, without padding.
template <typename T> constexpr std::size_t packedSize()
{
    std::size_t size = 0;
    T item{};
    forEachScalar(item, [&](const auto& field) {
        size += sizeof(Bits<std::remove_cvref_t<decltype(field)>>);
    });
    return size;
}

static_assert(std::endian::native == std::endian::little, "files are little-endian");

} // namespace coldframe::history
