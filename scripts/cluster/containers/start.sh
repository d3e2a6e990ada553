#!/bin/bash
# The first process of a container: munged, then slurmctld or slurmd in the foreground, which ends the container with it. The files that
# `backtest cluster render` wrote are mounted at /run/cluster; they are copied, for munge insists on the owner of its key.
set -euo pipefail
daemon=${1:?slurmctld or slurmd}
files=${CLUSTER_FILES:-/run/cluster}

install -d -m 700 -o munge -g munge /etc/munge /var/lib/munge /var/log/munge
install -d -m 755 -o munge -g munge /run/munge
install -m 400 -o munge -g munge "$files/munge.key" /etc/munge/munge.key
install -d -m 755 /etc/slurm
install -m 644 "$files/slurm.conf" "$files/cgroup.conf" /etc/slurm/
# Docker wrote the rest of the file: it is added to, not replaced.
grep -qxF -f "$files/hosts" /etc/hosts || cat "$files/hosts" >> /etc/hosts
install -d -m 755 -o slurm -g slurm /var/lib/slurm /var/lib/slurm/slurmctld /var/lib/slurm/slurmd /var/log/slurm

setpriv --reuid=munge --regid=munge --init-groups munged
for _ in {1..50}; do
  if munge -n | unmunge > /dev/null 2>&1; then exec "$daemon" -D; fi
  sleep 0.2
done
echo "start: munge does not answer: $(tail -n 2 /var/log/munge/munged.log)" >&2
exit 1
