#include <gtest/gtest.h>

#include "session/capture.h"
#include "temporary_folder.h"

namespace coldframe::session {
namespace {

namespace fs = std::filesystem;

class CaptureOwner : public testing::Test {
protected:
    CaptureOwner() : m_shop(m_folder / "shop") { fs::create_directories(m_shop); }

    test::TemporaryFolder m_folder;
    fs::path m_shop;
};

TEST_F(CaptureOwner, theWorkspacesOwnStateIsItsFolderHoweverItIsNamed)
{
    const fs::path state = m_shop / ".coldframe";
    for (const fs::path& same : {fs::path(), state, state / "", m_shop / "x" / ".." / ".coldframe"})
        EXPECT_EQ(captureOwner(m_shop, same), m_shop.string()) << same;
    fs::create_directories(state);
    fs::create_symlink(state, m_folder / "link");
    EXPECT_EQ(captureOwner(m_shop, m_folder / "link"), m_shop.string());
}

TEST_F(CaptureOwner, anotherStateIsAReaderOfItsOwn)
{
    const fs::path second = fs::canonical(m_shop.parent_path()) / "second";
    EXPECT_EQ(captureOwner(m_shop, second), "--state " + second.string());
    EXPECT_EQ(captureOwner(m_shop, second / ""), "--state " + second.string());
    EXPECT_EQ(captureOwner(m_folder / "other", second), captureOwner(m_shop, second))
        << "it is the state that knows how far its triggers are";
    EXPECT_NE(captureOwner(m_shop, m_shop / "state"), captureOwner(m_shop, {}));
    const fs::path near = fs::relative(second, fs::current_path());
    EXPECT_EQ(captureOwner(m_shop, near), "--state " + second.string());
}

TEST_F(CaptureOwner, isToldInWords)
{
    EXPECT_EQ(ownerInWords("/home/ada/shop"), "the workspace /home/ada/shop");
    EXPECT_EQ(ownerInWords("--state /tmp/second"), "a run with --state /tmp/second");
}

} // namespace
} // namespace coldframe::session
