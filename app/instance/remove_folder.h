#pragma once

namespace coldframe::instance {

/// Removes a folder and everything in it. A symbolic link is removed, never followed; folders
/// without write, read or search permission are opened up first; any depth is fine.
/// False when something remains (an immutable file, say); errno then tells why.
bool removeFolder(const char* path);

} // namespace coldframe::instance
