# slurmd. The user has the number that owns the files on the share.
FROM debian:12-slim
ARG USER=quant
ARG USER_NUMBER=1000
ARG GROUP=sweeps
ARG GROUP_NUMBER=3000
RUN apt-get update \
    && apt-get install -y --no-install-recommends munge slurmd slurm-client slurm-wlm-basic-plugins \
    && rm -rf /var/lib/apt/lists/* /etc/munge/munge.key \
    && groupadd --gid "$GROUP_NUMBER" "$GROUP" \
    && useradd --create-home --shell /bin/bash --uid "$USER_NUMBER" --groups "$GROUP" "$USER"
COPY start.sh /usr/local/sbin/start.sh
ENTRYPOINT ["/bin/bash", "/usr/local/sbin/start.sh", "slurmd"]
