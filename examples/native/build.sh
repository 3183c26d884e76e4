#!/bin/sh
# Compiles functions/native/bootstrap; OUT names another place, CXX another compiler.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${OUT:-$here/functions/native/bootstrap}
exec ${CXX:-c++} -std=c++17 -O2 -Wall -Wextra -o "$out" "$here/functions/native/bootstrap.cpp"
