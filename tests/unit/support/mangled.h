#pragma once

#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

namespace coldframe::test {

/// Another one each time, told at once, as what it finds may end the program. COLDFRAME_SEED=<n>
/// repeats a run.
inline unsigned seedToTry()
{
    const char* const given = std::getenv("COLDFRAME_SEED");
    const unsigned seed = given ? static_cast<unsigned>(std::stoul(given)) : std::random_device()();
    std::printf("COLDFRAME_SEED=%u\n", seed);
    std::fflush(stdout);
    return seed;
}

inline std::size_t below(std::mt19937& random, std::size_t end)
{
    return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
}

/// As a bad disk or a bad client would have it: one to four times a bit is flipped, a byte is
/// replaced, left out or put in, a piece comes twice, or the rest is missing.
inline std::string mangled(std::string bytes, std::mt19937& random)
{
    for (std::size_t times = 1 + below(random, 4); times > 0 && !bytes.empty(); --times) {
        const std::size_t at = below(random, bytes.size());
        switch (below(random, 12)) {
        case 0:
            bytes.resize(at);
            break;
        case 1:
            bytes.erase(at, 1);
            break;
        case 2:
            bytes.insert(at, 1, static_cast<char>(random()));
            break;
        case 3:
            bytes.insert(at, bytes.substr(at, below(random, 20)));
            break;
        case 4:
        case 5:
        case 6:
            bytes[at] = static_cast<char>(random());
            break;
        default:
            bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(random, 8)));
        }
    }
    return bytes;
}

} // namespace coldframe::test
