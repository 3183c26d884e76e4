#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

// Logarithm, exponential and the normal distribution's quantile, from additions, multiplications,
// divisions and bits alone. The C library's own differ from version to version in the last bits;
// these give the same bits wherever doubles follow IEEE 754 and nothing is contracted (the build
// sees to that), and compilers can do several at once. No branches, so a loop over them can be
// vectorised. Always inlined: a copy compiled for a newer processor must not be called elsewhere.
namespace coldframe::sim {

inline constexpr double kLn2High = 0x1.62e42fee00000p-1, kLn2Low = 0x1.a39ef35793c76p-33;

/// Of a positive, normal number. Within 2 units in the last place.
[[gnu::always_inline]] inline double logOf(double x)
{
    // x = 2^k (1 + f) with 1 + f between sqrt(1/2) and sqrt(2); log(1 + f) = 2 artanh(f / (2 + f)).
    constexpr std::uint64_t kRootHalf = 0x3fe6a09e667f3bcdU, kBias = 0x4000000000000000U;
    const auto bits = std::bit_cast<std::uint64_t>(x);
    const std::uint64_t biased = (bits + (kBias - kRootHalf)) >> 52; // 1024 + k
    const double f = std::bit_cast<double>(bits - ((biased - 1024) << 52)) - 1.0;
    const double k
        = std::bit_cast<double>(biased | 0x4330000000000000U) - (0x1p52 + 1024.0); // no conversion
    const double s = f / (2.0 + f), z = s * s;
    double p = 1.0 / 21.0;
    p = p * z + 1.0 / 19.0;
    p = p * z + 1.0 / 17.0;
    p = p * z + 1.0 / 15.0;
    p = p * z + 1.0 / 13.0;
    p = p * z + 1.0 / 11.0;
    p = p * z + 1.0 / 9.0;
    p = p * z + 1.0 / 7.0;
    p = p * z + 1.0 / 5.0;
    p = p * z + 1.0 / 3.0;
    const double tail = 2.0 * s * (z * p);
    // f - s f = 2 s: kept apart, so that the sum begins with its largest part.
    return k * kLn2High + (2.0 * s + (tail + k * kLn2Low));
}

/// e^x; below -708 and above 709 as at those. Within 2 units in the last place.
[[gnu::always_inline]] inline double expOf(double x)
{
    constexpr double kRound = 0x1.8p52; // adding it leaves a whole number in the low bits
    const double bounded = x < -708.0 ? -708.0 : (x > 709.0 ? 709.0 : x);
    const double shifted = bounded * 1.44269504088896340736 + kRound;
    const double n = shifted - kRound;
    const double r = (bounded - n * kLn2High) - n * kLn2Low; // within ln(2) / 2 of 0
    double p = 1.0 / 6227020800.0; // 1 / 13!
    p = p * r + 1.0 / 479001600.0;
    p = p * r + 1.0 / 39916800.0;
    p = p * r + 1.0 / 3628800.0;
    p = p * r + 1.0 / 362880.0;
    p = p * r + 1.0 / 40320.0;
    p = p * r + 1.0 / 5040.0;
    p = p * r + 1.0 / 720.0;
    p = p * r + 1.0 / 120.0;
    p = p * r + 1.0 / 24.0;
    p = p * r + 1.0 / 6.0;
    p = p * r + 1.0 / 2.0;
    p = p * r + 1.0;
    p = p * r + 1.0;
    const std::uint64_t scale = (std::bit_cast<std::uint64_t>(shifted) + 1023) << 52; // 2^n
    return p * std::bit_cast<double>(scale);
}

[[gnu::always_inline]] inline double squareRoot(double x)
{
    return __builtin_sqrt(x); // exactly rounded by IEEE 754
}

/// The middle of the normal distribution's quantile: for |u - 1/2| up to 0.425.
/// Source: M. J. Wichura, Algorithm AS 241 (PPND16), Applied Statistics 37 (1988), 477-484.
[[gnu::always_inline]] inline double normalQuantileMiddle(double u)
{
    const double q = u - 0.5, r = 0.180625 - q * q;
    double a = 2.5090809287301226727e3, b = 5.2264952788528545610e3;
    a = a * r + 3.3430575583588128105e4, b = b * r + 2.8729085735721942674e4;
    a = a * r + 6.7265770927008700853e4, b = b * r + 3.9307895800092710610e4;
    a = a * r + 4.5921953931549871457e4, b = b * r + 2.1213794301586595867e4;
    a = a * r + 1.3731693765509461125e4, b = b * r + 5.3941960214247511077e3;
    a = a * r + 1.9715909503065514427e3, b = b * r + 6.8718700749205790830e2;
    a = a * r + 1.3314166789178437745e2, b = b * r + 4.2313330701600911252e1;
    a = a * r + 3.3871328727963666080e0, b = b * r + 1.0;
    return q * a / b;
}

/// Beyond this distance from 1/2 the tails begin.
inline constexpr double kNormalMiddle = 0.425;
/// A tail's share below which its far part begins: e^-25.
inline constexpr double kNormalFar = 1.3887943864964021e-11;

/// Its tails, from e^-25 on; `least` is the share that lies beyond. Source: as above.
[[gnu::always_inline]] inline double normalQuantileTail(double least)
{
    const double t = squareRoot(-logOf(least)) - 1.6;
    double a = 7.74545014278341407640e-4, b = 1.05075007164441684324e-9;
    a = a * t + 2.27238449892691845833e-2, b = b * t + 5.47593808499534494600e-4;
    a = a * t + 2.41780725177450611770e-1, b = b * t + 1.51986665636164571966e-2;
    a = a * t + 1.27045825245236838258e0, b = b * t + 1.48103976427480074590e-1;
    a = a * t + 3.64784832476320460504e0, b = b * t + 6.89767334985100004550e-1;
    a = a * t + 5.76949722146069140550e0, b = b * t + 1.67638483018380384940e0;
    a = a * t + 4.63033784615654529590e0, b = b * t + 2.05319162663775882187e0;
    a = a * t + 1.42343711074968357734e0, b = b * t + 1.0;
    return a / b;
}

/// The far tails, down to e^-729. Source: as above.
[[gnu::always_inline]] inline double normalQuantileFarTail(double least)
{
    const double t = squareRoot(-logOf(least)) - 5.0;
    double a = 2.01033439929228813265e-7, b = 2.04426310338993978564e-15;
    a = a * t + 2.71155556874348757815e-5, b = b * t + 1.42151175831644588870e-7;
    a = a * t + 1.24266094738807843860e-3, b = b * t + 1.84631831751005468180e-5;
    a = a * t + 2.65321895265761230930e-2, b = b * t + 7.86869131145613259100e-4;
    a = a * t + 2.96560571828504891230e-1, b = b * t + 1.48753612908506148525e-2;
    a = a * t + 1.78482653991729133580e0, b = b * t + 1.36929880922735805310e-1;
    a = a * t + 5.46378491116411436990e0, b = b * t + 5.99832206555887937690e-1;
    a = a * t + 6.65790464350110377720e0, b = b * t + 1.0;
    return a / b;
}

/// The x below which a standard normal number lies with probability u, 0 < u < 1.
[[gnu::always_inline]] inline double normalQuantile(double u)
{
    const double q = u - 0.5;
    if (q >= -kNormalMiddle && q <= kNormalMiddle)
        return normalQuantileMiddle(u);
    const double least = std::min(u, 1.0 - u);
    const double x = least >= kNormalFar ? normalQuantileTail(least) : normalQuantileFarTail(least);
    return q < 0 ? -x : x;
}

} // namespace coldframe::sim
