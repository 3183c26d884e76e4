#pragma once

#include "model/resources.h"

namespace coldframe::session {

using coldframe::findResources;
using coldframe::platformFile;
using coldframe::platformIds;
using coldframe::readText;

} // namespace coldframe::session
