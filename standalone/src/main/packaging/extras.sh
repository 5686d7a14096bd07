#!/bin/sh
# Adds to target/dkimproxy what no program needs to run: guides, what the services of a machine need, completion for bash, and
# names of earlier versions.
#
# extras.sh    with JAVA_HOME, a JDK
set -eu

tree=target/dkimproxy
source=src/main/packaging/debian

# the name of this tool before libmail-dkim-perl turned out to own it; the Debian package does not have it
ln -sf dkimproxy-signfile "$tree/bin/dkimproxy-sign"

rm -rf "$tree/docs"
place=$(pwd)/$tree
(cd .. && find README.md CHANGELOG.md docs -type f ! -path 'docs/decisions/*' -exec cp --parents {} "$place" \;)
mkdir "$tree/docs/systemd" "$tree/docs/logrotate.d"
sed 's,^ExecStart=/usr/sbin/,ExecStart=/usr/local/lib/dkimproxy/bin/,' "$source/dkimproxy.service" \
    > "$tree/docs/systemd/dkimproxy.service"
cp "$source/logrotate" "$tree/docs/logrotate.d/dkimproxy"

"$JAVA_HOME/bin/java" -cp "target/classes:$tree/lib/*" org.dkimproxy.standalone.packaging.Completions \
    "$tree/share/bash-completion/completions"
