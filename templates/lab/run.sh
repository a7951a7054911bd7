# shellcheck shell=bash
# Sourced by prerequisites.sh: how it prints, runs, asks, waits and fails. Reads dry_run.

exec 3>&2 # the story: answers of commands go into variables, so it needs a way of its own
[[ $dry_run ]] && exec 3>&1

fail() { # EXIT-CODE TEXT...
  printf '%s\n' "${@:2}" >&2
  exit "$1"
}

say() { printf '%s\n' "$*" >&3; }

# A command as a person would type it. None here has both kinds of quotes in a word.
typed() {
  local line='' word
  for word; do
    if [[ ! $word =~ ^[A-Za-z0-9_./:=,@%+-]+$ ]]; then
      if [[ $word == *\'* ]]; then word="\"$word\""; else word="'$word'"; fi
    fi
    line+=" $word"
  done
  printf '%s' "${line# }"
}

run() {
  say "+ $(typed "$@")"
  [[ $dry_run ]] || "$@"
}

# Gives what a command answers; in a dry run nobody is asked, and the answer is the placeholder.
ask() { # PLACEHOLDER COMMAND...
  say "+ $(typed "${@:2}")"
  if [[ $dry_run ]]; then echo "$1"; else "${@:2}"; fi
}

wait_until() { # SECONDS WHAT COMMAND...
  say "+ until $(typed "${@:3}")"
  [[ $dry_run ]] && return
  local end=$((SECONDS + $1)) answer
  until answer=$("${@:3}" 2>&1); do
    ((SECONDS < end)) || fail 1 "$2: not within $1 s." "$answer"
    sleep 3
  done
}

# Whether AWS has it: COMMAND succeeds; its error has the words WHAT-IS-ABSENT when it has not.
known() { # WHAT-IS-ABSENT COMMAND...
  local answer
  [[ $dry_run ]] && return
  answer=$("${@:2}" 2>&1) && return
  [[ $answer == *"$1"* ]] || fail 1 "$answer"
  return 1
}

version_of() {
  case $1 in
    aws) aws --version 2>&1 | sed -E 's|^aws-cli/([0-9.]+).*|\1|' ;;
    kubectl) kubectl version --client -o json | sed -nE 's/.*"gitVersion": "v([0-9.]+).*/\1/p' ;;
    helm) helm version --short | sed -E 's/^v([0-9.]+).*/\1/' ;;
    nlbmc) nlbmc --version ;;
  esac
}

missing=()
need() { # TOOL VERSION WHY
  local found
  command -v "$1" >/dev/null || { missing+=("$1 is missing: version $2 or newer, for $3"); return; }
  found=$(version_of "$1") || { missing+=("$1 does not tell its version"); return; }
  [[ $(printf '%s\n' "$2" "$found" | sort -V | head -n 1) == "$2" ]] ||
    missing+=("$1 is $found: it has to be $2 or newer, for $3")
}

report_needs() {
  ((${#missing[@]} == 0)) && return
  [[ $dry_run ]] || fail 2 "${missing[@]}"
  printf '%s\n' "${missing[@]}" >&2
}
