# Shared by the scripts of this folder: where things are, and how to speak.
# Sourced, not run. Each script changes into the clone first.

VENV=.venv
PYTHON="$VENV/bin/python"
STATE="${MENTORMOTHERS_STATE:-.mentormothers}"

say() { printf '%s\n' "$*" >&2; }
fail() {
    say "$0: $*"
    exit 1
}
