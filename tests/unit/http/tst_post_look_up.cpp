// A name service that is slow: nobody waits for it longer than they said.

#include <atomic>
#include <chrono>
#include <thread>

#include <dlfcn.h>
#include <netdb.h>

#include <gmock/gmock.h>

#include "http/post.h"

namespace {

std::atomic<bool> slow = false;
std::atomic<int> asked = 0;

} // namespace

/// In place of the C library's, for all of this program.
extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                           addrinfo** found)
{
    ++asked;
    while (slow)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    using Own = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
    const auto own = reinterpret_cast<Own>(dlsym(RTLD_NEXT, "getaddrinfo"));
    return own(node, service, hints, found);
}

using namespace coldframe;
using namespace coldframe::http;
using namespace std::chrono_literals;
using testing::HasSubstr;

namespace {

PostRequest toNowhere(std::chrono::milliseconds timeout)
{
    return {.url = parseHttpUrl("http://localhost:1/").value(), .timeout = timeout};
}

TEST(PostLookUp, endsWithTheTimeout)
{
    slow = true;
    Poster poster;
    const auto answer = poster.post(toNowhere(50ms));
    ASSERT_FALSE(answer);
    EXPECT_THAT(answer.error().message, HasSubstr("it takes longer than timeoutMs"));
    slow = false;
}

TEST(PostLookUp, endsWithTheRun)
{
    slow = true;
    const int before = asked;
    Poster poster;
    std::thread stopper([&] {
        while (asked == before)
            std::this_thread::sleep_for(1ms);
        poster.stop();
    });
    const auto answer = poster.post(toNowhere(10min));
    stopper.join();
    ASSERT_FALSE(answer);
    EXPECT_THAT(answer.error().message, HasSubstr("the run ends"));
    slow = false;
}

TEST(PostLookUp, aNameThatIsFoundIsConnectedTo)
{
    Poster poster;
    const auto answer = poster.post(toNowhere(10s));
    ASSERT_FALSE(answer);
    EXPECT_THAT(answer.error().message, HasSubstr("no connection to localhost:1"));
}

} // namespace
