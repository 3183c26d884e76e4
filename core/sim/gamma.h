#pragma once

namespace coldframe::sim {

/// The gamma function for x from 1 to 171, within 1e-13 of its value.
/// Source: C. Lanczos, SIAM J. Numer. Anal. B 1 (1964); coefficients for g = 7, n = 9 as published
/// by P. Godfrey.
double gammaOf(double x);

/// The two-sided 95 % point of Student's t with `degrees` of freedom, 1 or more; within 1e-8.
double studentT95(unsigned degrees);

} // namespace coldframe::sim
