#!/bin/sh
# Makes previews of one picture, 128 and 512 pixels wide. The S3-shaped event comes on stdin, the result goes to stdout.
set -eu

if command -v magick >/dev/null; then convert=magick; else convert=convert; fi
command -v "$convert" >/dev/null || { echo "ImageMagick is missing: apt-get install imagemagick" >&2; exit 127; }

# the key as a path, and its name without the suffix as a JSON string
decode='
import json, sys, urllib.parse
key = urllib.parse.unquote_plus(json.load(sys.stdin)["Records"][0]["s3"]["object"]["key"])
print(key); print(key.rsplit(".", 1)[0]); print(json.dumps(key.rsplit(".", 1)[0])[1:-1])
'
parts=$(python3 -c "$decode")
key=$(printf '%s\n' "$parts" | sed -n 1p)
name=$(printf '%s\n' "$parts" | sed -n 2p)
quoted=$(printf '%s\n' "$parts" | sed -n 3p)

source="$COLDFRAME_STORE_PICTURES/$key"
[ -r "$source" ] || { echo "no picture $key" >&2; exit 1; }
mkdir -p "$(dirname "$COLDFRAME_STORE_PREVIEWS/$name")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

list=
for width in 128 512; do
    # read from stdin: no file name can be taken for an option or a format
    size=$("$convert" '-[0]' -auto-orient -background white -flatten -strip -thumbnail "${width}x" \
        -write "jpg:$work/preview" -format '%w %h' info:- <"$source") || { echo "$key is not a picture" >&2; exit 1; }
    mv "$work/preview" "$COLDFRAME_STORE_PREVIEWS/$name-$width.jpg"
    list="$list${list:+, }{\"w\": ${size% *}, \"h\": ${size#* }, \"key\": \"$quoted-$width.jpg\"}"
done
printf '{"thumbnails": [%s]}\n' "$list"
