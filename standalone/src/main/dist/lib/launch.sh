# Read by the programs in ../bin, which set home, program, main and flags: becomes the Java of this tree, or, where the tree
# has none, one of the machine. DKIMPROXY_JAVA_OPTS, if set, is given to it as well.

# a crash or a file of the program holds parts of keys and mail: for its user alone, and no core. Its log and its PID file have
# modes of their own
umask 077
ulimit -c 0 2>/dev/null
# a user who can set these could run any code in the program; DKIMPROXY_JAVA_OPTS is the variable for options
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS

# whether a program that this process starts could gain privileges, by a set-user-ID bit or by capabilities (Linux)
gains_privileges() {
    [ -r "/proc/$$/status" ] || return 1
    while read -r name value; do
        if [ "$name" = NoNewPrivs: ]; then
            [ "$value" = 0 ]
            return
        fi
    done <"/proc/$$/status"
    return 1
}

# becomes the java of path $1, without a process more
become() {
    java=$1
    shift
    # a small heap that one thread collects in place; it grows when it must, to a bound that 1,000 sessions and a reload of a
    # large map fit in, and that the cache can be used with; room for what a session leaves behind to be collected young
    set -- -XX:+UseSerialGC -Xms48m -Xmn24m -XX:SurvivorRatio=2 -Xmx1g $flags "$@"
    # nothing in /tmp, where others can write: no memory-mapped statistics file, no socket for jcmd. What a crash would write
    # holds memory and environment: no report but its first lines, no core, no replay file, no heap dump. The crypto provider
    # is a native library; nothing of the machine's own to standard output, where dkimproxy-signfile writes mail, and no
    # warnings of a cache that cannot be used
    exec $prefix "$java" -XX:-UsePerfData -XX:+DisableAttachMechanism -XX:ErrorFile=/dev/null \
        -XX:-CreateCoredumpOnCrash -XX:-DumpReplayDataOnError -XX:-HeapDumpOnOutOfMemoryError \
        -XX:+DisplayVMOutputToStderr --enable-native-access=ALL-UNNAMED \
        -Xlog:disable "-Xlog:all=warning,aot*=off,cds*=off:stderr" "$@"
}

# prints the major version of the Java below directory $1, or nothing
major() {
    if [ -r "$1/release" ]; then
        sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
    else
        "$1/bin/java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p'
    fi
}

# becomes the Java below directory $1 if it is new enough; without a directory it does nothing
try() {
    candidate=$1
    shift
    [ -n "$candidate" ] || return 0
    [ -x "$candidate/bin/java" ] || return 0
    version=$(major "$candidate")
    [ "${version:-0}" -ge 25 ] || return 0
    become "$candidate/bin/java" "$@"
}

# prints the directory that holds the bin/java of PATH
java_of_path() {
    found=$(command -v java) || return 0
    while [ -h "$found" ]; do
        link=$(readlink "$found")
        case $link in
            /*) found=$link ;;
            *) found=${found%/*}/$link ;;
        esac
    done
    (CDPATH= cd -- "${found%/*}/.." && pwd -P)
}

# whether all files have the time of the first: Java 25 takes classes from a cache without a look at the jars they came from
are_of_its_time() {
    first=$1
    for file; do
        if [ "$file" -nt "$first" ] || [ "$file" -ot "$first" ]; then
            return 1
        fi
    done
}

# nothing that the proxy starts can gain privileges (setpriv; a tree with file capabilities has none of them then), where the
# machine has setpriv and allows it
prefix=
if [ "$program" = dkimproxy.out ] && gains_privileges && setpriv --no-new-privs true 2>/dev/null; then
    prefix="setpriv --no-new-privs"
fi

# the jar names all others that it needs
for jar in "$home"/lib/dkimproxy-standalone-*.jar; do :; done
set -- ${DKIMPROXY_JAVA_OPTS:-} -cp "$jar" "$main" "$@"
if [ -d "$home/lib/native" ]; then
    set -- -Dcom.amazon.corretto.crypto.provider.useExternalLib=true "-Djava.library.path=$home/lib/native" "$@"
fi

if [ -x "$home/runtime/bin/java" ]; then
    cache=$home/lib/dkimproxy.aot
    if [ -r "$cache" ] && are_of_its_time "$cache" "$home"/lib/*.jar; then
        set -- "-XX:AOTCache=$cache" "$@"
    fi
    become "$home/runtime/bin/java" "$@"
fi
if [ -n "${JAVA_HOME:-}" ]; then
    try "$JAVA_HOME" "$@"
fi
try "$(java_of_path)" "$@"
# where Linux has them, and where the ports of OpenBSD and FreeBSD put them
for directory in "${DKIMPROXY_JVM_DIR:-/usr/lib/jvm}"/* "${DKIMPROXY_JVM_DIR:-/usr/local}"/jdk-* \
    "${DKIMPROXY_JVM_DIR:-/usr/local}"/openjdk*; do
    try "$directory" "$@"
done
echo "$program: needs Java 25 or later, and found none by JAVA_HOME, in PATH, in /usr/lib/jvm or in /usr/local" >&2
exit 1
