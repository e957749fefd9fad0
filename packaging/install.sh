#!/bin/sh
# Installs the standalone twvault: downloads the program for this machine and the release's checksums, compares, and only
# then puts it in place. --help says more.
set -eu

# Where releases are: RELEASES/latest/download/FILE and RELEASES/download/vVERSION/FILE. packaging/fill.mjs fills this in.
RELEASES='@RELEASES@'

usage() {
    cat <<'END'
Usage: install.sh [--version VERSION] [--prefix DIR] [--uninstall]

  --version VERSION  that release; the newest one, if not given
  --prefix DIR       into DIR/bin; ~/.local, if not given
  --uninstall        take the program away; the vault stays

TWVAULT_INSTALL_DIR is the folder itself, instead of a prefix. TWVAULT_RELEASE_URL is where releases are, such as a mirror.
END
}

main() {
    version=''
    folder="${TWVAULT_INSTALL_DIR:-}"
    action=install_program
    while [ $# -gt 0 ]; do
        case $1 in
            --version | --prefix)
                [ -n "${2:-}" ] || die "$1 needs a value"
                if [ "$1" = --version ]; then version=${2#v}; else folder=$2/bin; fi
                shift
                ;;
            --uninstall) action=uninstall_program ;;
            -h | --help) usage && return ;;
            *) die "unknown option: $1 (--help lists them)" ;;
        esac
        shift
    done
    if [ -z "$folder" ]; then folder=${HOME:?}/.local/bin; fi
    case $folder in /*) ;; *) folder=$PWD/$folder ;; esac
    program=$folder/twvault
    "$action"
}

install_program() {
    name=twvault-$(target)
    from=$(address)
    if [ -L "$program" ] || [ -d "$program" ]; then
        die "$program is a link or a folder, perhaps npm's: take it away first (npm uninstall --global twvault)"
    fi
    work=''
    next=''
    trap clean EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    work=$(mktemp -d)
    download "$from/SHA256SUMS" "$work/SHA256SUMS"
    download "$from/$name" "$work/$name"
    check "$work" "$name"
    put_in_place "$work/$name"
    say "installed twvault $found in $folder"
    look_at_path
}

clean() {
    if [ -n "$next" ]; then rm -f "$next"; fi
    if [ -n "$work" ]; then rm -rf "$work"; fi
}

# linux-x64, darwin-arm64, linux-x64-musl, ...
target() {
    case $(uname -s) in
        Linux) system=linux ;;
        Darwin) system=darwin ;;
        MINGW* | MSYS* | CYGWIN*) die 'on Windows: scoop install twvault, or download twvault-windows-x64.exe from the release' ;;
        *) die "there is no program for $(uname -s): npm install --global twvault" ;;
    esac
    case $(uname -m) in
        x86_64 | amd64) machine=x64 ;;
        aarch64 | arm64) machine=arm64 ;;
        *) die "there is no program for $(uname -m): npm install --global twvault" ;;
    esac
    # A shell under Rosetta takes the machine for another one.
    if [ "$system" = darwin ] && [ "$(sysctl -n sysctl.proc_translated 2>/dev/null)" = 1 ]; then machine=arm64; fi
    if [ "$system" = linux ] && has_musl; then machine=$machine-musl; fi
    echo "$system-$machine"
}

# musl may be there beside the C library of GNU, which then counts.
has_musl() {
    case $(ldd --version 2>&1 || :) in
        *musl*) return 0 ;;
        *GLIBC* | *'GNU libc'* | *'Free Software Foundation'*) return 1 ;;
    esac
    for loader in /lib/ld-musl-*; do
        if [ -e "$loader" ]; then return 0; fi
    done
    return 1
}

address() {
    base=${TWVAULT_RELEASE_URL:-$RELEASES}
    case $base in
        https://* | http://127.0.0.1[:/]* | http://localhost[:/]*) ;;
        @*) die 'this script is not filled in: set TWVAULT_RELEASE_URL to where the releases are' ;;
        *) die "refused: $base is not https" ;;
    esac
    if [ -n "$version" ]; then echo "${base%/}/download/v$version"; else echo "${base%/}/latest/download"; fi
}

download() {
    if has curl; then
        case $1 in https:*) protocol='=https' ;; *) protocol='=http' ;; esac
        curl -fsSL --proto "$protocol" --retry 2 --connect-timeout 30 -o "$2" "$1" || die "cannot download $1"
    elif has wget; then
        case $(wget --help 2>&1 || :) in
            *BusyBox*) die 'the wget of BusyBox may not check certificates: install curl' ;;
        esac
        wget -q -T 30 -O "$2" "$1" || die "cannot download $1"
    else
        die 'needs curl or wget'
    fi
}

check() {
    expected=$(awk -v name="$2" '$2 == name || $2 == "*" name { print $1 }' "$1/SHA256SUMS")
    case $expected in
        '') die "the release has no checksum of $2: nothing was installed" ;;
        *[!0-9a-f]*) die "the release's checksum of $2 makes no sense: nothing was installed" ;;
    esac
    actual=$(digest "$1/$2")
    if [ "$actual" != "$expected" ]; then
        die "$2 is not what the release says (SHA-256 $actual, expected $expected): nothing was installed"
    fi
}

digest() {
    if has sha256sum; then
        sum=$(sha256sum <"$1")
    elif has shasum; then
        sum=$(shasum -a 256 <"$1")
    elif has openssl; then
        sum=$(openssl dgst -sha256 -r <"$1")
    else
        die 'needs sha256sum, shasum or openssl to check what was downloaded'
    fi
    echo "${sum%% *}"
}

# Beside its place and seen to run there, then renamed: a twvault that is running keeps what it has open.
put_in_place() {
    mkdir -p "$folder"
    next=$folder/.twvault.$$
    cp "$1" "$next"
    chmod 755 "$next"
    found=$("$next" --version) || die 'the program does not run on this machine: nothing was installed'
    if [ -n "$version" ] && [ "$found" != "$version" ]; then
        die "the program calls itself $found, not $version: nothing was installed"
    fi
    mv -f "$next" "$program"
    next=''
}

look_at_path() {
    case :$PATH: in
        *:"$folder":*) ;;
        *) say "hint: $folder is not on your PATH: add it, for example in ~/.profile: PATH=\"$folder:\$PATH\"" && return ;;
    esac
    first=$(command -v twvault || :)
    if [ "$first" != "$program" ]; then say "hint: another twvault comes first on your PATH: $first"; fi
}

uninstall_program() {
    if [ -L "$program" ] || ! [ -f "$program" ]; then die "$program is not there, or not what this script installed"; fi
    # The agent may hold a vault open, and start files may name the completion, unless another twvault needs it.
    "$program" lock >/dev/null 2>&1 || :
    if [ "$(command -v twvault || :)" = "$program" ]; then
        for shell in bash zsh fish; do "$program" completion uninstall "$shell" >/dev/null 2>&1 || :; done
    fi
    rm -f "$program"
    say "removed $program"
    say "hint: your vault stays; 'To remove everything' in docs/install.md says where it is"
}

has() { command -v "$1" >/dev/null 2>&1; }
say() { echo "twvault: $*" >&2; }
die() { say "$*" && exit 1; }

# On the last line, so that a script that was cut off on its way does nothing.
main "$@"
