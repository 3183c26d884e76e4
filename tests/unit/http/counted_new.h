#pragma once

namespace coldframe::http::test {

/// How often the calling thread has asked for memory. Linking counted_new.cpp replaces the
/// program's operator new.
long allocationsOfThread();

} // namespace coldframe::http::test
