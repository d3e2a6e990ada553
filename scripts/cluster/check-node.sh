# Asks this machine how it is, as the user who submits, and prints a line an answer. Changes nothing, but for one file in the share that is
# made and removed. Run by bash; `backtest cluster check` sends it over ssh and judges the answers.
answer() { printf '%s %s\n' "$1" "$(printf '%s' "${2:-}" | tr '\n\t' '  ')"; }
# What a command says, when it fails, and within ten seconds.
try() { timeout 10 "$@" 2>&1 < /dev/null; }

answer clock "$(date +%s.%N)"
answer name "$(uname -n)"
answer machine "$(uname -m)"
answer user "$(id -un) $(id -u)"

if credential=$(try munge -n); then
  answer munge up
  answer credential "$credential"
  # What the controller sealed can be opened here only with the same key, and at about the same time.
  if [ -n "$CREDENTIAL" ]; then
    opened=$(timeout 10 unmunge 2>&1 <<< "$CREDENTIAL")
    answer opened "$(sed -n 's/^STATUS: *//p; s/^unmunge: Error: *//p' <<< "$opened")"
  fi
else
  answer munge "$credential"
fi

if timeout 10 mountpoint -q "$SHARE"; then
  answer share mounted
elif timeout 10 test -d "$SHARE"; then
  answer share folder
else
  answer share absent
fi
if said=$(try mktemp "$SHARE/.check-XXXXXX"); then
  rm -f "$said"
  answer writable yes
else
  answer writable "$said"
fi

if program=$(command -v backtest); then
  answer program "$program"
  answer header "$(od -An -v -tx1 -N20 "$program" | tr -d ' \n')"
  answer checksum "$(sha256sum < "$program" | cut -d' ' -f1)"
  if said=$(try "$program" --version); then answer version "$said"; else answer broken "$said"; fi
else
  answer program ''
fi

answer conf "$(sha256sum < "$SLURM_FOLDER/slurm.conf" 2> /dev/null | cut -d' ' -f1)"
if said=$(try scontrol ping); then answer slurmctld up; else answer slurmctld "$said"; fi
if [ "$IS_CONTROLLER" = yes ]; then
  answer array "$(try scontrol show config | sed -n 's/^MaxArraySize *= *//p')"
  try sinfo --noheader --Node --format='%N|%T|%E' | sort -u | while IFS= read -r line; do answer node "$line"; done
fi
answer end
exit
