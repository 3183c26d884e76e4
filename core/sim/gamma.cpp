#include "sim/gamma.h"

#include <array>

#include "sim/elementary.h"

namespace coldframe::sim {

double gammaOf(double x)
{
    constexpr std::array kTerms
        = {0.99999999999980993,  676.5203681218851,     -1259.1392167224028,
           771.32342877765313,   -176.61502916214059,   12.507343278686905,
           -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7};
    constexpr double kG = 7, kRootTwoPi = 2.5066282746310005024;
    const double z = x - 1;
    double sum = kTerms[0];
    for (std::size_t i = 1; i < kTerms.size(); ++i)
        sum += kTerms[i] / (z + static_cast<double>(i));
    const double t = z + kG + 0.5;
    return kRootTwoPi * expOf((z + 0.5) * logOf(t) - t) * sum;
}

namespace {

/// P(|T| <= t): the finite sums for whole degrees of freedom, in s = sin, c = cos of atan(t/sqrt
/// v). Source: M. Abramowitz, I. Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
double withinStudentT(double t, unsigned degrees)
{
    constexpr double kTwoOverPi = 0.63661977236758134308;
    const double v = degrees;
    const double c2 = v / (v + t * t), c = squareRoot(c2), s = t / squareRoot(v + t * t);
    double sum = 0, term = 1;
    if (degrees % 2 == 0) {
        for (unsigned k = 0; k < degrees; k += 2) {
            sum += term;
            term *= c2 * (k + 1.0) / (k + 2.0);
        }
        return s * sum;
    }
    // atan by halving the angle: sin and cos of half of it stay algebraic.
    double sine = s, cosine = c, angle = 1;
    for (int i = 0; i < 12; ++i) {
        const double half = squareRoot((1 + cosine) / 2);
        sine = sine / (2 * half), cosine = half, angle *= 2;
    }
    const double x = sine, theta = angle * (x + x * x * x / 6 + 3 * x * x * x * x * x / 40);
    for (unsigned k = 1; k < degrees; k += 2) {
        sum += term;
        term *= c2 * (k + 1.0) / (k + 2.0);
    }
    return kTwoOverPi * (theta + (degrees > 1 ? s * c * sum : 0));
}

} // namespace

double studentT95(unsigned degrees)
{
    double low = 1.9, high = 13;
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (withinStudentT(middle, degrees) < 0.95 ? low : high) = middle;
    }
    return (low + high) / 2;
}

} // namespace coldframe::sim
