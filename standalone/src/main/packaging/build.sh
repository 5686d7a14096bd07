#!/bin/sh
# Makes the installable tree whole, and packages of it: a Java run-time that has just the modules that are needed, an AOT cache,
# a .tar.gz and a .deb. Maven runs it, in the folder of this module, after it removed what an earlier build made and laid out the tree.
#
# build.sh VERSION TIME-OF-BUILD    with JAVA_HOME, a JDK
set -eu

version=$1
time=$2
tree=target/dkimproxy
classes=target/classes

# prints the modules that the classes of the tree need. java.sql and java.xml would be there for one class alone, BouncyCastle's search
# for certificates in LDAP directories, which no class here calls
modules() {
    "$JAVA_HOME/bin/jdeps" --multi-release 25 --ignore-missing-deps --print-module-deps \
        -include '^(?!org\.bouncycastle\.x509\.util\.LDAPStoreHelper$).*' \
        --class-path "$tree/lib/*" "$tree"/lib/*.jar 2> target/jdeps.log | tail -n 1
}

# the modules of this tree that go into the run-time as well; with them in there, and the selector named, a start has no service
# to look for in all jars: Java looks for one of each
logging() {
    set -- "$tree"/lib/slf4j-*.jar
    (IFS=: && echo "$*")
}

# one time for all files: the cache fits jars of these times only, and the archives are the same for the same content
set_times() {
    find "$tree" -exec touch -h -d "$time" {} +
}

"$JAVA_HOME/bin/java" -cp "$classes" org.dkimproxy.standalone.packaging.UnsignedJar "$tree/lib/native" "$tree"/lib/*.jar
# --strip-debug would need objcopy. Debian's JDK has its debug information in files beside the libraries. The list of classes is for
# making a cache of the JDK's own, and jrt-fs.jar for other virtual machines that look into this one.
"$JAVA_HOME/bin/jlink" --module-path "$(logging)" --add-modules "$(modules),org.slf4j.jdk.platform.logging" \
    --add-options=-Djava.nio.channels.spi.SelectorProvider=sun.nio.ch.EPollSelectorProvider \
    --strip-java-debug-attributes --exclude-files '**.debuginfo,**/classlist,**/jrt-fs.jar' --no-header-files --no-man-pages --output "$tree/runtime"
cp ../LICENSE ../NOTICE "$tree"
sh src/main/packaging/extras.sh
"$JAVA_HOME/bin/java" -cp "$classes:$tree/lib/*" org.dkimproxy.standalone.packaging.ManPages src/main/man "$tree/share/man" \
    "$version" "$time"
set_times
"$JAVA_HOME/bin/java" -cp "$classes:$tree/lib/*" org.dkimproxy.standalone.packaging.TrainingRun "$tree" "$tree/lib/dkimproxy.aot"
# the programs make files for their user alone
chmod 0644 "$tree/lib/dkimproxy.aot"
set_times

name=dkimproxy-$version-linux-$(uname -m)
tar --create --sort=name --owner=0 --group=0 --numeric-owner --mode=go-w --transform "s,^dkimproxy,$name,S" -C target dkimproxy |
    gzip -n > "target/$name.tar.gz"

if command -v dpkg-shlibdeps > /dev/null; then
    sh src/main/packaging/debian.sh "$version" "$time"
else
    echo "No .deb is built: dpkg-shlibdeps is missing (Debian package dpkg-dev)."
fi
