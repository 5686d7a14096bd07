# Read by the programs in ../bin, which set home, program, main and flags: finds a Java and becomes it.
# DKIMPROXY_JAVA_OPTS, if set, is given to it as well.

# prints the major version of the Java below directory $1, or nothing
major() {
    if [ -r "$1/release" ]; then
        sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
    else
        "$1/bin/java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p'
    fi
}

# becomes the Java below directory $1 if it is new enough
try() {
    candidate=$1
    shift
    [ -x "$candidate/bin/java" ] || return 0
    version=$(major "$candidate")
    [ "${version:-0}" -ge 25 ] || return 0
    # jcmd and jstack would announce themselves with QUIT, which drains dkimproxy.out, if there were no listener;
    # no memory-mapped statistics file in /tmp; the crypto provider brings a native library
    exec "$candidate/bin/java" $flags -XX:+StartAttachListener -XX:-UsePerfData -Xshare:auto --enable-native-access=ALL-UNNAMED \
        ${DKIMPROXY_JAVA_OPTS:-} -cp "$home/lib/*" "$main" "$@"
}

# prints the directory that holds the bin/java of PATH
java_of_path() {
    found=$(command -v java) || return 0
    while [ -h "$found" ]; do
        link=$(readlink "$found")
        case $link in
            /*) found=$link ;;
            *) found=$(dirname "$found")/$link ;;
        esac
    done
    (cd "$(dirname "$found")/.." && pwd -P)
}

if [ -n "${JAVA_HOME:-}" ]; then
    try "$JAVA_HOME" "$@"
fi
try "$(java_of_path)" "$@"
for directory in "${DKIMPROXY_JVM_DIR:-/usr/lib/jvm}"/*; do
    try "$directory" "$@"
done
echo "$program: needs Java 25 or later, and found none by JAVA_HOME, in PATH or in /usr/lib/jvm" >&2
exit 1
