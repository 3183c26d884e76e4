# shellcheck shell=sh disable=SC2154
# What ./run and ./test share. POSIX sh; the caller has set `root` to the project's folder.

say() { printf '%s\n' "$*"; }
fail() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 2
}

# packages SECTION...: the names that packages.txt lists there and this machine needs, one a line.
packages() {
    awk -v wanted=" $* " '
        /^#/ || NF == 0 { next }
        /^\[/ { section = substr($1, 2, length($1) - 2); next }
        index(wanted, " " section " ") { print $1, ($2 == "unless" ? $3 : "-") }
    ' "$root/scripts/packages.txt" | while read -r name program; do
        if [ "$program" = - ] || ! command -v "$program" >/dev/null 2>&1; then
            say "$name"
        fi
    done
}

# missing_packages SECTION...: those of them that are not installed. Asks dpkg only, no network.
missing_packages() {
    listed=$(packages "$@")
    # shellcheck disable=SC2086 # a list of names
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $listed 2>/dev/null |
        sed -n 's/^installed //p')
    for name in $listed; do
        case "
$installed
" in
        *"
$name
"*) ;;
        *) say "$name" ;;
        esac
    done
}

# need_packages SECTION...: installs what is missing, or says how. COLDFRAME_NO_INSTALL=1 trusts
# that everything is there, for systems that are not Debian.
need_packages() {
    [ "${COLDFRAME_NO_INSTALL:-}" != 1 ] || return 0
    if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
        fail "this is no Debian system: install the counterparts of these packages yourself, then" \
            "set COLDFRAME_NO_INSTALL=1:" "$(packages "$@" | tr '\n' ' ')"
    fi
    missing=$(missing_packages "$@" | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    say "Debian packages that are missing: $missing"
    become=
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null 2>&1 ||
            fail "neither root nor sudo here. As root, run:" \
                "apt-get install --no-install-recommends $missing"
        become=sudo
        [ -t 0 ] || become='sudo -n' # nobody is there to type a password
    fi
    if [ -t 0 ]; then
        printf 'Install them now? [Y/n] '
        read -r answer || answer=n
        case $answer in
        '' | [yY]*) ;;
        *) fail "nothing was installed; it cannot go on without" ;;
        esac
    fi
    # shellcheck disable=SC2086 # $become and $missing are lists
    { $become apt-get update -qq &&
        $become env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends $missing; } >&2 ||
        fail "apt-get could not install them; what it says is above." \
            "As root, run: apt-get install --no-install-recommends $missing"
}

# display_here: whether a window can be shown.
display_here() { [ -n "${DISPLAY:-}" ] || [ -n "${WAYLAND_DISPLAY:-}" ]; }

# cached NAME BUILD: the value that CMake keeps of a variable.
cached() { sed -n "s/^$1:[A-Z]*=//p" "$2/CMakeCache.txt" 2>/dev/null || true; }

# configure PRESET VARIABLE=VALUE...: makes build/PRESET, or makes it again when a variable has
# another value there or the project was moved. Else nothing: ninja notices changed lists itself.
configure() {
    preset=$1
    build=$root/build/$preset
    shift
    again=
    [ -f "$build/build.ninja" ] || again=1
    for pair in "$@"; do
        [ "$(cached "${pair%%=*}" "$build")" = "${pair#*=}" ] || again=1
        set -- "$@" "-D$pair"
        shift
    done
    if [ -f "$build/CMakeCache.txt" ] && [ "$(cached CMAKE_HOME_DIRECTORY "$build")" != "$root" ]; then
        again=1
        set -- --fresh "$@"
    fi
    [ -n "$again" ] || return 0
    mkdir -p "$build"
    (cd "$root" && cmake --preset "$preset" "$@") >"$build/configure.log" 2>&1 || {
        cat "$build/configure.log" >&2
        rm -f "$build/build.ninja" # half of one would pass for a whole one the next time
        fail "build/$preset could not be configured; what CMake says is above"
    }
}

# compile PRESET TARGET...: builds what is out of date; says nothing when nothing is.
compile() {
    preset=$1
    shift
    case $(ninja -C "$root/build/$preset" -n "$@" 2>/dev/null) in
    *"no work to do"*) return 0 ;;
    esac
    # Ninja's own choice, two more than there are cores, takes longer: the compiler maps large
    # precompiled headers, and more of them at once wait for memory.
    ninja -C "$root/build/$preset" -j "$(nproc)" "$@" >&2 ||
        fail "build/$preset could not be built; what went wrong is above"
}
