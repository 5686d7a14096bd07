#!/bin/sh
# Prints the Debian packages that the programs and libraries of the package below ROOT need, as its Depends field lists them. Versions
# are those that the symbols ask for, so a package of a newer Debian refuses an older one. Needs ROOT/DEBIAN, as dpkg-shlibdeps does.
#
# library-packages.sh ROOT
set -eu

root=$(cd "$1" && pwd)
home=$root/usr/lib/dkimproxy
work=target/library-packages
rm -rf "$work"
mkdir -p "$work/debian"
# dpkg-shlibdeps wants to run in a source package
printf 'Source: dkimproxy\n\nPackage: dkimproxy\nArchitecture: any\n' > "$work/debian/control"
cd "$work"
find "$home/runtime" "$home/lib/native" -type f \
    \( -name '*.so' -o -path '*/runtime/bin/*' -o -name jspawnhelper -o -name jexec \) \
    -exec dpkg-shlibdeps -O -S"$root" -l"$home/runtime/lib" -l"$home/runtime/lib/server" {} + > depends 2> log || {
    cat log >&2
    exit 1
}
sed -n 's/^shlibs:Depends=//p' depends
