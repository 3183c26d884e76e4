#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <stop_token>

namespace coldframe::study {

/// Told from time to time, on the thread that waits: the share done, 0 … 1.
using Progress = std::function<void(double share)>;

/// How far the threads of a crew have come, in whatever unit they agree on.
struct Done {
    std::atomic<std::uint64_t> units = 0;
    std::uint64_t all = 1;
};

/// Runs work(thread) on so many threads, waits for all of them and tells meanwhile how far they
/// are.
void runCrew(unsigned threads, const std::function<void(unsigned thread)>& work, const Done& done,
             const Progress& progress);

/// Runs work(item, thread) for items 0 … items-1, in about their order, until all are done or stop
/// is requested.
void forEachItem(unsigned threads, std::size_t items, const std::stop_token& stop,
                 const std::function<void(std::size_t item, unsigned thread)>& work,
                 const Done& done, const Progress& progress);

} // namespace coldframe::study
