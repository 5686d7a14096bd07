#!/bin/sh
# Makes target/dkimproxy_VERSION_ARCHITECTURE.deb of the tree in target/dkimproxy, which has to be whole.
#
# debian.sh VERSION TIME-OF-BUILD    with DEBFULLNAME and DEBEMAIL of the one who publishes it, if any does
set -eu

# a version before its release is lower than that release; 1.4.1 of the Perl program is lower than all of ours
version=$(echo "$1" | sed 's/-SNAPSHOT$/~snapshot/')
time=$2
tree=target/dkimproxy
source=src/main/packaging/debian
root=target/debian
doc=$root/usr/share/doc/dkimproxy
architecture=$(dpkg --print-architecture)
maintainer="${DEBFULLNAME:-The dkimproxy maintainers} <${DEBEMAIL:-dkimproxy@localhost.localdomain}>"

rm -rf "$root"
mkdir -p "$root/DEBIAN" "$root/usr/lib/dkimproxy" "$root/usr/lib/systemd/system" "$root/usr/sbin" "$root/usr/bin" \
    "$root/usr/share/lintian/overrides" "$root/etc/dkimproxy" "$root/etc/logrotate.d" "$doc"

cp -a "$tree/bin" "$tree/lib" "$tree/runtime" "$root/usr/lib/dkimproxy"
# libmail-dkim-perl, which most mail hosts have, owns this name
rm "$root/usr/lib/dkimproxy/bin/dkimproxy-sign"
ln -s ../lib/dkimproxy/bin/dkimproxy.out "$root/usr/sbin/dkimproxy.out"
for tool in signfile check keygen; do
    ln -s "../lib/dkimproxy/bin/dkimproxy-$tool" "$root/usr/bin/dkimproxy-$tool"
done
cp -a "$tree/share/man" "$root/usr/share"
find "$root/usr/share/man" -type f -exec gzip -9n {} +
cp "$source/dkimproxy.service" "$root/usr/lib/systemd/system"
cp "$tree/etc/dkimproxy_out.conf.example" "$root/etc/dkimproxy"
cp "$source/logrotate" "$root/etc/logrotate.d/dkimproxy"
cp -a "$tree/share/bash-completion" "$root/usr/share"

cp "$source/copyright" "$tree/NOTICE" "$tree/README.md" "$doc"
cp -a "$tree/docs" "$doc"
# the package has these where they belong
rm -r "$doc/docs/systemd" "$doc/docs/logrotate.d"
mkdir "$doc/examples"
cp ../docs/init.d/dkimproxy "$doc/examples/dkimproxy.init"
cp "$source/lintian-overrides" "$root/usr/share/lintian/overrides/dkimproxy"
gzip -9nc ../CHANGELOG.md > "$doc/changelog.gz"
gzip -9n > "$doc/changelog.Debian.gz" << END
dkimproxy (1:$version) unstable; urgency=medium

  * What changed is in changelog.gz.

 -- $maintainer  $(LC_ALL=C date -u -d "$time" -R)
END

find "$root" -type d -exec chmod 0755 {} +
# once made it is the administrator's: dpkg leaves the mode of a directory that exists, and postinst knows this one by it
chmod 0750 "$root/etc/dkimproxy"
find "$root/usr/share" "$root/usr/lib/systemd" "$root/usr/lib/dkimproxy/runtime/legal" "$root/etc" -type f \
    -exec chmod 0644 {} +
libraries=$(sh src/main/packaging/library-packages.sh "$root")
sed "s/@libraries@/$libraries/; s/@version@/1:$version/; s/@architecture@/$architecture/; s/@maintainer@/$maintainer/
    s/@size@/$(du -sk --apparent-size "$root" | cut -f 1)/" "$source/control" > "$root/DEBIAN/control"
cp "$source/conffiles" "$source/preinst" "$source/postinst" "$source/prerm" "$source/postrm" "$root/DEBIAN"
chmod 0644 "$root/DEBIAN/control" "$root/DEBIAN/conffiles"
chmod 0755 "$root/DEBIAN/preinst" "$root/DEBIAN/postinst" "$root/DEBIAN/prerm" "$root/DEBIAN/postrm"
(cd "$root" && find usr etc -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) > "$root/DEBIAN/md5sums"
find "$root" -exec touch -h -d "$time" {} +

# the fastest of the compressions that every dpkg can read
SOURCE_DATE_EPOCH=$(date -d "$time" +%s)
export SOURCE_DATE_EPOCH
dpkg-deb --root-owner-group -Zxz -z1 --build "$root" "target/dkimproxy_${version}_$architecture.deb" > /dev/null
rm -rf "$root"
