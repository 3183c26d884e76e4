#include "cost/attribution.h"

namespace coldframe::cost {

Money Attribution::add(const AttemptMeter& attempt)
{
    cost::add(m_meters, attempt);
    const Money before = m_total;
    m_total = billTotal(m_meters, m_book, m_options);
    return m_total - before;
}

} // namespace coldframe::cost
