#pragma once

#include "session/snapshot.h"
#include "ui/explorer/explorer_model.h"
#include "ui/explorer/workspace_folder.h"
#include "ui/tests_view/test_state.h"

namespace coldframe::ui {

/// What the explorer shows of this moment.
ExplorerRows explorerRows(const session::Snapshot& snapshot, const WorkspaceFolder& folder,
                          const TestMarks& tests = {});

/// The stroke icon of a trigger of this kind.
QString storeIcon(const Store& store);
QString triggerIcon(const Trigger& trigger);
/// What a trigger listens to, in a few words: "uploads/*.json", "cron(0 2 * * ? *)", "by hand".
QString triggerSubject(const Trigger& trigger);

} // namespace coldframe::ui
