#include "study/work_crew.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace coldframe::study {

void runCrew(unsigned threads, const std::function<void(unsigned thread)>& work, const Done& done,
             const Progress& progress)
{
    constexpr std::chrono::milliseconds kTellEvery{100};
    std::mutex mutex;
    std::condition_variable over;
    unsigned running = threads;
    std::vector<std::jthread> crew;
    for (unsigned thread = 0; thread < threads; ++thread)
        crew.emplace_back([&, thread] {
            work(thread);
            const std::lock_guard lock(mutex);
            --running;
            over.notify_one();
        });
    std::unique_lock lock(mutex);
    while (!over.wait_for(lock, kTellEvery, [&] { return running == 0; }))
        if (progress)
            progress(
                std::min(1.0, static_cast<double>(done.units) / static_cast<double>(done.all)));
}

void forEachItem(unsigned threads, std::size_t items, const std::stop_token& stop,
                 const std::function<void(std::size_t item, unsigned thread)>& work,
                 const Done& done, const Progress& progress)
{
    std::atomic<std::size_t> next = 0;
    runCrew(
        threads,
        [&](unsigned thread) {
            for (std::size_t item; (item = next++) < items && !stop.stop_requested();)
                work(item, thread);
        },
        done, progress);
}

} // namespace coldframe::study
