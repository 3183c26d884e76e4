#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace coldframe {

/// A bucket that a source names besides the one its event tells of.
struct BucketMention {
    enum class How : std::uint8_t {
        Suffix, ///< bucket + "-resized"; `text` is "-resized"
        Prefix, ///< "resized-" + bucket; `text` is "resized-"
        Literal, ///< `text` is the name
        Variable, ///< `text` is the environment variable that holds the name
    };
    How how = How::Literal;
    std::string text;
    bool isSource = false; ///< it is read from, as far as names tell
    bool operator==(const BucketMention&) const = default;
};

/// Buckets in a Python or JavaScript source, in its order, each once.
std::vector<BucketMention> bucketMentions(std::string_view source);

/// Environment variables that a source cannot do without (`os.environ["X"]`, `process.env.X` with
/// no alternative), besides those that name buckets and those that the platform sets; each once.
std::vector<std::string> neededVariables(std::string_view source);

} // namespace coldframe
