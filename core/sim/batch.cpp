#include "sim/batch.h"

namespace coldframe::sim {

extern const Batch kBaselineBatch;
#ifdef COLDFRAME_X86_64
extern const Batch kAvx2Batch, kAvx512Batch;
#endif

std::span<const Batch* const> batches()
{
#ifdef COLDFRAME_X86_64
    static constexpr const Batch* kAll[] = {&kBaselineBatch, &kAvx2Batch, &kAvx512Batch};
    static const std::size_t kRunnable = [] {
        if (!__builtin_cpu_supports("avx2"))
            return std::size_t{1};
        const bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
            && __builtin_cpu_supports("avx512vl");
        return wide ? std::size_t{3} : std::size_t{2};
    }();
    return std::span(kAll).first(kRunnable);
#else
    static constexpr const Batch* kAll[] = {&kBaselineBatch};
    return kAll;
#endif
}

const Batch& batch()
{
    static const Batch* const kBest = batches().back();
    return *kBest;
}

} // namespace coldframe::sim
