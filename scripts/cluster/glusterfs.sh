#!/bin/bash
# The share on GlusterFS instead of NFS: two copies of every file, and an arbiter. Names are those of cluster.toml, which the machines know from
# /etc/hosts once `backtest cluster setup` has stopped at the step `share`. Three machines hold the volume, all others only mount it.
#
#   for pi in 192.168.1.71 192.168.1.72 192.168.1.73; do ssh quant@$pi sudo bash -s prepare < scripts/cluster/glusterfs.sh; done
#   ssh quant@192.168.1.71 sudo bash -s create rpicluster01 rpicluster02 rpicluster03 < scripts/cluster/glusterfs.sh
#   for pi in 192.168.1.71 192.168.1.72 192.168.1.73 192.168.1.74; do
#       ssh quant@$pi sudo bash -s mount rpicluster01 < scripts/cluster/glusterfs.sh
#   done
#
# SHARE, GROUP and BRICK may be set: the folder, who writes to it, where the copies lie.
set -euo pipefail
share=${SHARE:-/sharedfs} group=${GROUP:-sweeps} brick=${BRICK:-/srv/glusterfs/sharedfs} volume=sharedfs

install() { env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$1" < /dev/null; }

case ${1:-} in
prepare)
  install glusterfs-server
  systemctl enable --now glusterd
  mkdir -p "$brick"
  ;;
create)
  shift
  [ $# = 3 ] || { echo "glusterfs: name three machines, this one first; the last is the arbiter" >&2; exit 2; }
  bricks=()
  for machine in "$@"; do
    # This one need not be asked.
    [ "$machine" = "$1" ] || gluster peer probe "$machine" < /dev/null
    bricks+=("$machine:$brick")
  done
  # `force`: on a Pi the copies lie on the card that the system is on.
  gluster volume info "$volume" > /dev/null 2>&1 < /dev/null ||
    gluster --mode=script volume create "$volume" replica 3 arbiter 1 "${bricks[@]}" force < /dev/null
  gluster volume status "$volume" > /dev/null 2>&1 < /dev/null || gluster volume start "$volume" < /dev/null
  ;;
mount)
  install glusterfs-client
  mkdir -p "$share"
  grep -qF " $share glusterfs " /etc/fstab ||
    echo "${2:?the name of a machine that holds the volume}:/$volume $share glusterfs defaults,nofail,_netdev 0 0" >> /etc/fstab
  mountpoint -q "$share" || mount "$share"
  # Once for all: the mode belongs to the volume.
  chown "root:$group" "$share"
  chmod 2775 "$share"
  ;;
*)
  echo "usage: glusterfs.sh prepare | create MACHINE MACHINE MACHINE | mount MACHINE" >&2
  exit 2
  ;;
esac
