#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/error.h"
#include "model/workspace.h"

namespace coldframe::changes {
class RowSource;
}

// What is installed in a user's database for a trigger of the kind `changes`, and the consent to
// it: nothing is installed or removed but the steps that somebody was shown and agreed to.
namespace coldframe::session {

/// SQL that would be run, in this order.
struct CaptureSteps {
    std::vector<std::string> statements; ///< without semicolons; none: there is nothing to do
    std::vector<std::string> warnings; ///< what will not work, or be lost, or whose it was
    bool operator==(const CaptureSteps&) const = default;
};

struct CaptureView {
    enum class State {
        Absent, ///< nothing is installed
        Ready, ///< every change is captured
        Outdated, ///< changes are captured, but the table is no longer what it was
        Renamed, ///< changes are captured, under another name than the table has now
        Broken, ///< changes are not captured, or writing the table fails
        Foreign, ///< captured for another workspace or state folder
    };
    State state = State::Absent;
    std::vector<std::string> reasons; ///< sentences, for all but Absent and Ready
    CaptureSteps install, removal;
    std::string owner; ///< for whom it was installed; empty when Absent
    std::optional<std::int64_t>
        waiting{}; ///< changes that not all have read, where they are counted
    std::optional<Error> refused{}; ///< why nothing can be installed: no such table
};

/// What a running workspace is asked of a trigger's table.
struct CaptureRequest {
    enum class What { Look, Install, Remove };
    std::string trigger;
    What what = What::Look;
    CaptureSteps agreed; ///< what is carried out
};
/// How it is afterwards. Called once, on any thread.
using CaptureDone = std::function<void(Result<CaptureView>)>;

/// One word for it: "not captured", "captured" and so on.
std::string_view nameOf(CaptureView::State state);
/// The word and the reasons, in one line.
std::string sentenceOf(const CaptureView& view);

/// Who reads the changes of tables: a state folder, since how far each trigger has come is kept in
/// it. Of the workspace's own (also when `state` is empty) it is the workspace's folder, as it has
/// always been; of another one "--state DIR". Moved or copied, either is another reader.
std::string captureOwner(const std::filesystem::path& workspace,
                         const std::filesystem::path& state);
/// "the workspace /home/ada/shop", "a run with --state /tmp/second"
std::string ownerInWords(const std::string& owner);

/// All of the workspace, in its order.
std::vector<const Trigger*> changesTriggers(const Workspace& workspace);
/// "orders in data/shop.db"; of a server: "orders of the store shop".
std::string placeOf(const Workspace& workspace, const ChangesTrigger& trigger);

/// Which table it is: the same for two triggers with the same words, or two stores that are one
/// file, or one database at the same host and port. Without secrets.
std::string tableIdentity(const Workspace& workspace, const ChangesTrigger& trigger);

/// A store's connection with its variables filled in, from secrets.env in the workspace's folder or
/// from the shell. Errors: one that is not set; what libpq cannot read. Neither quotes a secret.
Result<std::string> connectionOf(const std::string& connection,
                                 const std::filesystem::path& folder);

/// The table a trigger names. It reads the variables of the store's connection whenever it must
/// connect. Errors of its calls: also Missing, for a variable that is not set.
std::unique_ptr<changes::RowSource>
makeRowSource(const Workspace& workspace, const ChangesTrigger& trigger, const std::string& owner);

// These block, for a server that does not answer some seconds.
// Errors: those of changes::RowSource.

/// A trigger's table, for a reader: see captureOwner().
struct CapturedTable {
    const Workspace& workspace;
    const ChangesTrigger& trigger;
    std::string owner;
};

/// With the source of a table that is being read.
Result<CaptureView> answerCapture(changes::RowSource& source, const CapturedTable& table,
                                  const CaptureRequest& request);
Result<CaptureView> inspectCapture(const CapturedTable& table);
/// Conflict when the steps would be others now; then nothing was done.
Result<void> installCapture(const CapturedTable& table, const CaptureSteps& agreed);
Result<void> removeCapture(const CapturedTable& table, const CaptureSteps& agreed);

} // namespace coldframe::session
