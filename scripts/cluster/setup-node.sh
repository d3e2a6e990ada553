# Makes this machine one of the cluster. The values and files above are this machine's; what is there already stays as it is, so a
# second run changes nothing. Run by bash as root; `backtest cluster setup` sends it over ssh.

# ------------------------------------------------------------------- telling
say() { printf '%-8s %-10s %s\n' "$@"; }
ok() { say ok "$STEP" "${1:-}"; }
changed() { if [ "$DRY_RUN" = yes ]; then say 'would' "$STEP" "$1"; else say changed "$STEP" "$1"; fi; }
failed() { # WHAT TO-DO
  say failed "$STEP" "$1"
  say 'to do' "$STEP" "$2"
  exit 1
}
# Runs a command whose output matters only when it fails.
must() { # TO-DO COMMAND...
  local todo=$1 said
  shift
  said=$("$@" 2>&1 < /dev/null) || failed "$* failed: $(tail -n 3 <<< "$said" | tr '\n' ' ')" "$todo"
}
TRY_BY_HAND='run the command on this machine by hand, then the same set-up again'

# --------------------------------------------------------------------- files
# Whether a file is as the function TEXT prints it, with this mode and owner.
is_as() { # PATH MODE OWNER TEXT
  [ -f "$1" ] && "$4" | cmp -s - "$1" && [ "$(stat -c '%a %U:%G' "$1")" = "$2 $3" ]
}
# A file of somebody else's is kept once, beside it.
keep() { # PATH
  local kept=$1.before-backtest
  [ ! -e "$1" ] || [ -e "$kept" ] || cp -p "$1" "$kept"
}
# Makes a file what the function TEXT prints; it appears whole. Fails to say that nothing was to do.
put() { # PATH MODE OWNER TEXT
  local new
  if is_as "$@"; then return 1; fi
  changed "$1"
  [ "$DRY_RUN" = no ] || return 0
  must "$TRY_BY_HAND" mkdir -p "${1%/*}"
  keep "$1"
  new=$(mktemp "$1.XXXXXX") || failed "cannot write beside $1" 'is the disk full, or read-only? see: df -h; mount | grep " / "'
  # Nobody else reads it before it has its mode.
  if "$4" > "$new" && chown "$3" "$new" && chmod "$2" "$new" && mv -f "$new" "$1"; then return 0; fi
  rm -f "$new"
  failed "cannot write $1" 'is the disk full, or read-only? see: df -h; mount | grep " / "'
}
# Lines of ours in a file of others, between two marks.
MARK='the machines of the cluster, written by backtest'
without_block() { # PATH
  [ ! -f "$1" ] || sed "/^# begin $MARK\$/,/^# end $MARK\$/d" "$1"
}
block_in() { # PATH TEXT
  without_block "$1"
  printf '# begin %s\n' "$MARK"
  "$2"
  printf '# end %s\n' "$MARK"
}
HOSTS_TEMPLATE=/etc/cloud/templates/hosts.debian.tmpl
hosts_file() { block_in /etc/hosts text_hosts; }
template_file() { block_in "$HOSTS_TEMPLATE" text_hosts; }
fstab_file() { if [ -n "$(text_fstab)" ]; then block_in /etc/fstab text_fstab; else without_block /etc/fstab; fi; }
hostname_file() { printf '%s\n' "$NAME"; }
folder() { # PATH MODE OWNER: fails if nothing was to do
  [ ! -d "$1" ] || [ "$(stat -c '%a %U:%G' "$1")" != "$2 $3" ] || return 1
  changed "$1"
  [ "$DRY_RUN" = no ] || return 0
  mkdir -p "$1" && chown "$3" "$1" && chmod "$2" "$1" || failed "cannot make $1" "$TRY_BY_HAND"
}

# ------------------------------------------------------------------ services
# systemd where it runs, else the scripts in /etc/init.d, as in a container.
has_systemd() { [ -d /run/systemd/system ]; }
daemon_of() { case $1 in munge) echo munged ;; *) echo "$1" ;; esac; }
is_running() { if has_systemd; then systemctl -q is-active "$1"; else pidof "$(daemon_of "$1")" > /dev/null; fi; }
wait_for() { # SECONDS COMMAND...
  local end=$((SECONDS + $1))
  shift
  until "$@" > /dev/null 2>&1; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.5
  done
}
is_stopped() { ! is_running "$1"; }
restart() { # SERVICE
  if has_systemd; then
    must "see: systemctl status $1; journalctl -u $1" systemctl enable "$1"
    must "see: systemctl status $1; journalctl -u $1" systemctl restart "$1"
  else
    if is_running "$1"; then
      service "$1" stop > /dev/null 2>&1 < /dev/null
      wait_for 20 is_stopped "$1" || failed "$1 does not stop" "end it by hand, then run the same set-up again"
    fi
    must "see: service $1 start" service "$1" start
  fi
  # One that gives up does so at once.
  wait_for 20 is_running "$1" && sleep 1 && is_running "$1" || failed "$1 does not stay up: $(log_of "$1")" "read ${LOGS[$1]:-its log}, then run the same set-up again"
}
declare -A LOGS=([slurmctld]=/var/log/slurm/slurmctld.log [slurmd]=/var/log/slurm/slurmd.log [munge]=/var/log/munge/munged.log)
log_of() { tail -n 2 "${LOGS[$1]}" 2> /dev/null | tr '\n' ' '; }
# Starts a service, or starts it again if what it reads has changed.
service_step() { # SERVICE READS-CHANGED
  if is_running "$1" && [ "$2" = no ]; then ok "$1 runs"; return; fi
  changed "$1 is started"
  [ "$DRY_RUN" = yes ] || restart "$1"
}

# --------------------------------------------------------------------- steps
identity() {
  local all=yes
  STEP=name
  if put /etc/hostname 644 root:root hostname_file; then all=no; fi
  if [ "$(uname -n)" != "$NAME" ]; then
    all=no
    changed "this machine is called $NAME, no longer $(uname -n)"
    [ "$DRY_RUN" = yes ] || must "$TRY_BY_HAND" hostname "$NAME"
  fi
  [ "$all" = no ] || ok "$NAME"
  STEP=hosts
  all=yes
  if put /etc/hosts 644 root:root hosts_file; then all=no; fi
  # Images with cloud-init may write the file anew from this one whenever they start.
  if [ -f "$HOSTS_TEMPLATE" ] && put "$HOSTS_TEMPLATE" 644 root:root template_file; then all=no; fi
  [ "$all" = no ] || ok "$(text_hosts | wc -l) machines in /etc/hosts"
}

missing_packages() {
  local package wanted=(munge slurm-client slurm-wlm-basic-plugins)
  [ "$IS_CONTROLLER" = no ] || wanted+=(slurmctld)
  [ "$IS_NODE" = no ] || wanted+=(slurmd)
  if [ "$IS_NFS" = yes ]; then
    if [ "$IS_CONTROLLER" = yes ]; then wanted+=(nfs-kernel-server); else wanted+=(nfs-common); fi
  fi
  for package in "${wanted[@]}"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2> /dev/null)" = installed ] || printf '%s\n' "$package"
  done
}
apt() { env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600 "$@"; }
packages() {
  local missing program found
  STEP=packages
  command -v apt-get > /dev/null || failed 'no apt-get' 'the set-up is for Debian 12, Raspberry Pi OS 12 and Ubuntu 22.04'
  mapfile -t missing < <(missing_packages)
  if [ ${#missing[@]} -gt 0 ]; then
    changed "${missing[*]}"
    if [ "$DRY_RUN" = yes ]; then return; fi
    must 'can this machine reach the servers of its distribution? try: sudo apt-get update' apt update
    must 'try: sudo apt-get install, with the packages above' apt install -y --no-install-recommends "${missing[@]}"
  else
    ok 'all installed'
  fi
  STEP=version
  if [ "$IS_CONTROLLER" = yes ]; then program=slurmctld; else program=slurmd; fi
  found=$("$program" -V 2> /dev/null < /dev/null)
  case "$found" in
  "slurm-wlm $SLURM".* | "slurm $SLURM".*) ok "$found" ;;
  *) failed "this machine has '$found', cluster.toml says $SLURM" \
    'use the same distribution on all machines, and name its version in cluster.toml: 21.08 on Ubuntu 22.04, 22.05 on Debian 12' ;;
  esac
}

# munge refuses what comes from the past or the future.
clock() {
  STEP=clock
  if ! has_systemd; then ok 'no systemd here: the clock is that of the machine below'; return; fi
  if systemctl -q is-active chrony || systemctl -q is-active chronyd || systemctl -q is-active ntpsec; then
    ok 'kept by its own service'
  elif [ "$(timedatectl show --property=NTP --value)" = yes ]; then
    ok 'kept by systemd-timesyncd'
  else
    changed 'systemd-timesyncd'
    if [ "$DRY_RUN" = yes ]; then return; fi
    [ "$(timedatectl show --property=CanNTP --value)" = yes ] ||
      must 'try: sudo apt-get install systemd-timesyncd' apt install -y --no-install-recommends systemd-timesyncd
    must "$TRY_BY_HAND" timedatectl set-ntp true
  fi
}

users() {
  local number
  STEP=user
  id "$LOGIN" > /dev/null 2>&1 || failed "there is no user $LOGIN" "make it with the same number on all machines: sudo adduser --uid 1000 $LOGIN"
  number=$(getent group "$SHARE_GROUP" | cut -d: -f3)
  if [ -z "$number" ]; then
    changed "group $SHARE_GROUP"
    [ "$DRY_RUN" = yes ] || must 'name another group or group_number under [share]' groupadd --gid "$SHARE_GROUP_NUMBER" "$SHARE_GROUP"
  elif [ "$number" != "$SHARE_GROUP_NUMBER" ]; then
    failed "the group $SHARE_GROUP has number $number here, not $SHARE_GROUP_NUMBER" 'name another group or group_number under [share]'
  fi
  case " $(id -nG "$LOGIN") " in
  *" $SHARE_GROUP "*) ok "$LOGIN is number $(id -u "$LOGIN"), and in $SHARE_GROUP" ;;
  *)
    changed "$LOGIN joins $SHARE_GROUP"
    [ "$DRY_RUN" = yes ] || must "$TRY_BY_HAND" usermod --append --groups "$SHARE_GROUP" "$LOGIN"
    ;;
  esac
}

is_mounted() { mountpoint -q "$SHARE"; }
share() {
  STEP=share
  if [ "$IS_NFS" = no ]; then
    if is_mounted || [ "$IS_CONTROLLER" = yes ] && [ -d "$SHARE" ]; then ok "$SHARE is there"; return; fi
    failed "$SHARE is not mounted" 'mount it first: cluster.toml says that it is no affair of this set-up (nfs = false)'
  elif [ "$IS_CONTROLLER" = yes ]; then
    local all=yes
    # New files belong to the group; nobody outside of it may write.
    if folder "$SHARE" 2775 "root:$SHARE_GROUP"; then all=no; fi
    if put /etc/exports.d/backtest.exports 644 root:root text_exports; then
      all=no
      [ "$DRY_RUN" = yes ] || must 'see: sudo exportfs -ra' exportfs -ra
    fi
    if has_systemd && ! systemctl -q is-active nfs-server; then
      all=no
      changed 'nfs-server is started'
      [ "$DRY_RUN" = yes ] || must 'see: systemctl status nfs-server' systemctl enable --now nfs-server
    fi
    [ "$all" = no ] || ok "$SHARE is exported"
  else
    # Below the mount nobody may write: a task on a machine without the share fails, and fills no SD card.
    if ! is_mounted; then
      folder "$SHARE" 755 root:root || :
    fi
    if put /etc/fstab 644 root:root fstab_file && [ "$DRY_RUN" = no ] && has_systemd; then systemctl daemon-reload; fi
    if is_mounted; then
      ok "$SHARE is mounted"
    else
      changed "$SHARE is mounted"
      if [ "$DRY_RUN" = yes ]; then return; fi
      must "does the controller run, and export the share? see there: sudo exportfs -v" timeout 60 mount "$SHARE"
      is_mounted || failed "$SHARE is not mounted" 'does the controller run, and export the share? see there: sudo exportfs -v'
    fi
  fi
}

munge_key() {
  local is_new=no
  STEP=munge
  if [ "$DRY_RUN" = yes ] && ! id munge > /dev/null 2>&1; then changed /etc/munge/munge.key; return; fi
  if folder /etc/munge 700 munge:munge; then is_new=yes; fi
  if put /etc/munge/munge.key 400 munge:munge text_munge_key; then is_new=yes; fi
  KEY_CHANGED=$is_new
  # Its init script leaves that to others.
  if ! has_systemd && [ "$DRY_RUN" = no ]; then install -d -o munge -g munge -m 755 /run/munge; fi
  service_step munge "$is_new"
  if [ "$DRY_RUN" = yes ]; then return; fi
  wait_for 10 sh -c 'munge -n | unmunge' || failed 'munge does not answer itself' 'see: munge -n | unmunge; sudo cat /var/log/munge/munged.log'
}

slurm() {
  local is_new=$KEY_CHANGED
  STEP=slurm
  if [ "$DRY_RUN" = yes ] && ! id slurm > /dev/null 2>&1; then changed "$SLURM_FOLDER/slurm.conf"; return; fi
  if put "$SLURM_FOLDER/slurm.conf" 644 root:root text_slurm_conf; then is_new=yes; fi
  if put "$SLURM_FOLDER/cgroup.conf" 644 root:root text_cgroup_conf; then is_new=yes; fi
  if [ -n "$(text_allowed_devices)" ] && put "$SLURM_FOLDER/$ALLOWED_DEVICES" 644 root:root text_allowed_devices; then is_new=yes; fi
  if folder /var/log/slurm 755 slurm:slurm; then is_new=yes; fi
  if [ "$IS_CONTROLLER" = yes ]; then
    if folder /var/lib/slurm/slurmctld 755 slurm:slurm; then is_new=yes; fi
    service_step slurmctld "$is_new"
    if [ "$DRY_RUN" = no ]; then
      wait_for 30 scontrol ping || failed "slurmctld does not answer: $(log_of slurmctld)" 'read /var/log/slurm/slurmctld.log'
    fi
  fi
  if [ "$IS_NODE" = yes ]; then
    if [ "$HAS_CGROUPS" = yes ] && [ "$SLURM" = 21.08 ] && [ ! -d /sys/fs/cgroup/freezer ]; then
      failed 'Slurm 21.08 needs the old kind of control groups, and this kernel has the new one' \
        'leave `cgroups = true` out of cluster.toml, or add systemd.unified_cgroup_hierarchy=0 to /boot/firmware/cmdline.txt and restart'
    fi
    if folder /var/lib/slurm/slurmd 755 slurm:slurm; then is_new=yes; fi
    service_step slurmd "$is_new"
  fi
}

main() {
  KEY_CHANGED=no
  [ "$(id -u)" = 0 ] || { STEP=start; failed 'this needs root' 'run it with sudo'; }
  identity
  packages
  clock
  users
  share
  munge_key
  slurm
}
# All is read before the first line runs: no command below may take the rest of the script for its input.
{ main < /dev/null; exit; }
