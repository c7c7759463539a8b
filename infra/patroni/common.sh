# Shared by the scripts beside it.

fail() { echo "$(basename "$0"): $1" >&2; exit 1; }

# The user the servers run as: PostgreSQL refuses root.
server_user=postgres
[[ $EUID -eq 0 ]] || server_user=$(id -un)

# Runs a command as that user, in the foreground.
as_server() {
  if [[ $EUID -eq 0 ]]; then
    setpriv --reuid="$server_user" --regid="$server_user" --init-groups -- "$@"
  else
    "$@"
  fi
}

# Whether the process of a pid file still is the one this folder's script started: a number may long belong to another.
is_running() {
  local pid
  pid=$(cat "$1" 2>/dev/null) && [[ -n $pid ]] && tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "$dir/"
}
