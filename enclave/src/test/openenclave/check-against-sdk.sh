#!/bin/sh
# Compiles the Open Enclave port against the SDK's headers, and links nothing.
set -eu

usage() {
    cat <<'TEXT'
Usage: check-against-sdk.sh SDK_INCLUDE_DIR [OEEDGER8R]

Compiles every file of the Open Enclave port, those of the enclave and those of its
host, against the headers in SDK_INCLUDE_DIR (/opt/openenclave/include), with the
warnings of the real build. With OEEDGER8R (/opt/openenclave/bin/oeedger8r) it
generates the edge routines from tee.edl first; without, the files that need them are
left out, and said to be. For who has the headers and not the whole SDK, or wants to
know in seconds whether a new SDK still fits. Nothing is linked, signed or run.

Environment, each with its default:
  CC                clang; gcc works too
  LIBC_INCLUDE      the SDK's libc (SDK_INCLUDE_DIR/openenclave/3rdparty/libc)
  OPENSSL_INCLUDE   the SDK's OpenSSL 3 (SDK_INCLUDE_DIR/openenclave/3rdparty/openssl_3);
                    several directories are separated by a colon
Exit code: 0 if all compiled, 1 if a file did not, 2 for wrong use.
TEXT
}

case ${1:-} in
-h | --help) usage; exit 0 ;;
esac
if [ $# -lt 1 ] || [ $# -gt 2 ] || [ ! -f "$1/openenclave/enclave.h" ]; then
    usage >&2
    echo "Expected a directory with openenclave/enclave.h, but got: ${1:-nothing}" >&2
    exit 2
fi
sdk=$1
oeedger8r=${2:-}
cc=${CC:-clang}
libc=${LIBC_INCLUDE:-$sdk/openenclave/3rdparty/libc}
openssl=${OPENSSL_INCLUDE:-$sdk/openenclave/3rdparty/openssl_3}
c=$(cd "$(dirname "$0")/../../main/c" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for needed in "$libc/string.h" "${openssl%%:*}/openssl/evp.h"; do
    if [ ! -f "$needed" ]; then
        echo "Expected $needed, but it is not there; see LIBC_INCLUDE and OPENSSL_INCLUDE" >&2
        exit 2
    fi
done

# The warnings of CMakeLists.txt, so that there is one list of them.
warnings=$(sed -n '/target_compile_options(caduceus_flags/,/-Werror/p' "$c/CMakeLists.txt" | grep -o -- '-W[a-z-]*')
both="-std=c11 -O2 -fstack-protector-strong -DCADUCEUS_PORT_OPENENCLAVE -DOE_API_VERSION=2 -I$c/include -I$work"
# As the SDK's targets compile: no header of the machine's libc.
inside="$both -nostdinc -m64 -fPIE -ftls-model=local-exec -fvisibility=hidden -DOE_BUILD_ENCLAVE -I$c/trusted"
inside="$inside -I$c/port/openenclave -isystem $libc -isystem $sdk"
for dir in $(echo "$openssl" | tr : ' '); do
    inside="$inside -isystem $dir"
done
outside="$both -isystem $sdk -I$c/host -I$c/port/software"
if intrinsics=$($cc -print-resource-dir 2>/dev/null); then
    intrinsics=$intrinsics/include
else
    intrinsics=$($cc -print-file-name=include)
fi

compiled=0
failed=0
compile() { # file, flags
    file=$1
    shift
    # shellcheck disable=SC2086
    if $cc "$@" -c "$file" -o "$work/object.o"; then
        compiled=$((compiled + 1))
    else
        echo "did not compile: $file" >&2
        failed=$((failed + 1))
    fi
}

if [ -n "$oeedger8r" ]; then
    (cd "$work" && "$oeedger8r" "$c/edl/tee.edl" --search-path "$sdk" >"$work/edges.log") || {
        cat "$work/edges.log" >&2
        exit 1
    }
fi

for file in "$c"/trusted/*.c "$c"/port/openenclave/*.c; do
    extra=
    case $file in
    *_evp.c) continue ;; # the software port's
    */ecalls.c) [ -n "$oeedger8r" ] || continue ;;
    */tc_gcm_aesni.c) extra="-maes -mpclmul -mssse3 -idirafter $intrinsics" ;;
    esac
    # shellcheck disable=SC2086
    compile "$file" $warnings $inside $extra
done
if [ -n "$oeedger8r" ]; then
    # shellcheck disable=SC2086
    {
        compile "$work/tee_t.c" -w $inside
        compile "$work/tee_u.c" -w $outside
        compile "$c/host/host_oe.c" $warnings $outside
        compile "$c/host/host_oe.c" $warnings $outside -DCADUCEUS_ENCLAVE_DEBUG
    }
else
    echo "left out, for want of OEEDGER8R: tee.edl, ecalls.c, host_oe.c"
fi
echo "$compiled compiled, $failed failed; by $($cc --version | head -n 1)"
[ "$failed" -eq 0 ]
