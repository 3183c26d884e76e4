#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "model/base64.h"
#include "sqs/receipt_handle.h"

using namespace coldframe;
using namespace coldframe::sqs;

namespace {

TEST(SqsHandles, comeBackAsTheyWere)
{
    const ReceiptHandle rows[]{
        {0, 0},
        {1, 1},
        {0x0123'4567'89ab'cdef, 0xfedc'ba98},
        {std::numeric_limits<std::uint64_t>::max(), std::numeric_limits<std::uint32_t>::max()},
    };
    for (const ReceiptHandle& handle : rows) {
        const std::string text = writeHandle(handle, "parts");
        EXPECT_EQ(text.find('='), text.npos) << "some callers put it into addresses";
        EXPECT_EQ(readHandle(text, "parts"), handle);
        EXPECT_EQ(readHandle(text, "others"), std::nullopt);
    }
    EXPECT_NE(writeHandle({1, 1}, "parts"), writeHandle({1, 2}, "parts"));
}

TEST(SqsHandles, othersAreRefused)
{
    const std::string text = writeHandle({7, 3}, "parts");
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string other = text;
        other[i] = other[i] == 'A' ? 'B' : 'A';
        EXPECT_EQ(readHandle(other, "parts"), std::nullopt) << i;
        EXPECT_EQ(readHandle(text.substr(0, i), "parts"), std::nullopt) << i;
    }
    for (const std::string& none :
         {std::string(), std::string("x"), text + "AAAA", text + '\0', '\0' + text, " " + text,
          std::string(1U << 20U, 'A'), std::string(48, '\xff'), toBase64(std::string(36, '\0'))})
        EXPECT_EQ(readHandle(none, "parts"), std::nullopt) << none.substr(0, 100);
}

TEST(SqsHandles, randomTextsAreRefused)
{
    std::mt19937 random(11);
    for (int round = 0; round < 20'000; ++round) {
        std::string bytes;
        while (bytes.size() < 36)
            bytes += static_cast<char>(random());
        ASSERT_EQ(readHandle(toBase64(bytes), "parts"), std::nullopt) << toBase64(bytes);
    }
}

} // namespace
