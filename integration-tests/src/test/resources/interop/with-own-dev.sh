# Becomes the command of the arguments after the first, in a mount namespace whose /dev is the directory of the first.
directory=$1
shift
for device in null zero random urandom full; do
    : > "$directory/$device"
    mount --bind "/dev/$device" "$directory/$device"
done
mount --rbind "$directory" /dev
exec "$@"
