# Read by the programs in ../bin, which set home, program, main and flags: becomes the Java of this tree, or, where the tree
# has none, one of the machine. DKIMPROXY_JAVA_OPTS, if set, is given to it as well.

# whether Linux lets this process take a processor from another when it wakes (SCHED_OTHER), and lets that be changed
takes_processors() {
    [ -r "/proc/$$/stat" ] || return 1
    read -r stat <"/proc/$$/stat"
    # the second field, a name, ends in the last parenthesis; the 41st is the policy
    set -- ${stat##*) }
    [ $# -gt 38 ] || return 1
    shift 38
    [ "$1" = 0 ] && chrt -b 0 true 2>/dev/null
}

# becomes the java of path $1, without a process more
become() {
    java=$1
    shift
    # a small heap that one thread collects in place; it grows when it must, to a bound that 1,000 sessions and a reload of a
    # large map fit in, and that the cache can be used with; room for what a session leaves behind to be collected young
    set -- -XX:+UseSerialGC -Xms48m -Xmn24m -XX:SurvivorRatio=2 -Xmx1g $flags "$@"
    # no memory-mapped statistics file in /tmp; jcmd and jstack would announce themselves with QUIT, which drains
    # dkimproxy.out, if there were no listener; the crypto provider is a native library; warnings never to standard output,
    # where dkimproxy-signfile writes mail, and none of a cache that cannot be used
    exec $batch "$java" -XX:-UsePerfData -XX:+StartAttachListener --enable-native-access=ALL-UNNAMED \
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

# the threads of the proxy wait for their turn on a processor when they wake, so that the mail servers beside it can finish
# what they are at; a policy given from outside stays
batch=
if [ "$program" = dkimproxy.out ] && takes_processors; then
    batch="chrt -b 0"
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
