#!/bin/sh
# Makes sample pictures with ImageMagick: make_data.sh [COUNT] [FOLDER]
set -eu
count=${1:-12}
out=${2:-$(dirname "$0")/samples}
if command -v magick >/dev/null; then convert=magick; else convert=convert; fi
mkdir -p "$out"
n=1
while [ "$n" -le "$count" ]; do
    case $((n % 3)) in
    0) size=1200x800 pattern="plasma:fractal" ;;
    1) size=800x1200 pattern="gradient:#1b5e20-#f9fbe7" ;;
    2) size=1024x1024 pattern="radial-gradient:#fff3e0-#bf360c" ;;
    esac
    "$convert" -seed "$n" -size "$size" "$pattern" -quality 85 "$out/$(printf 'picture %02d.jpg' "$n")"
    n=$((n + 1))
done
echo "$count pictures in $out"
