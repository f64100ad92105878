/**
 * What runs on an instance beside the service: POSIX shell, constant text, told everything by environment variables
 * (the units read them from the file env of AGENT_DIR), so that tests run exactly these files.
 */

/** Prints how many TCP connections of the service's port are established; the local health agent's own is not one. */
export const CONNECTIONS = `#!/bin/sh
# Fails rather than print 0 when the kernel's table cannot be read: no sample is better than a wrong one.
set -eu
list=$(ss -Htn state established "sport = :$SERVICE_PORT and not dst 127.0.0.1")
[ -n "$list" ] || { echo 0; exit; }
printf '%s\\n' "$list" | wc -l
`;

/** Publishes the gauge ActiveConnections; only while the instance is healthy, so that a booting one does not lower the average. */
export const PUBLISH_CONNECTIONS = `#!/bin/sh
set -eu
curl -sf -m 2 -o /dev/null "http://127.0.0.1:$HEALTH_PORT/health" || exit 0
value=$("$SCRIPT_DIR/connections")
exec aws cloudwatch put-metric-data --region "$AWS_REGION" --namespace "$METRIC_NAMESPACE" \\
    --metric-name ActiveConnections --unit Count --value "$value" \\
    --dimensions "AutoScalingGroupName=$GROUP_NAME"
`;

/** Pulls the service's image; logs in where the registry is ECR, and keeps no credential. */
export const PULL_IMAGE = `#!/bin/sh
set -eu
docker image inspect "$IMAGE" >/dev/null 2>&1 && exit 0
DOCKER_CONFIG=$(mktemp -d)
export DOCKER_CONFIG
trap 'rm -rf "$DOCKER_CONFIG"' EXIT
registry=\${IMAGE%%/*}
case $registry in
*.dkr.ecr.*)
    region=$(echo "$registry" | cut -d. -f4)
    aws ecr get-login-password --region "$region" |
        docker login --username AWS --password-stdin "$registry"
    ;;
esac
docker pull --quiet "$IMAGE"
`;

/** Writes runtime.json and one file a secret, each readable by the service alone; all of them or none. */
export const FETCH_CONFIG = `#!/bin/sh
set -eu
umask 077
mkdir -p "$CONFIG_DIR"
new=$(mktemp -d "$CONFIG_DIR/.new.XXXXXX")
trap 'rm -rf "$new"' EXIT
aws ssm get-parameter --region "$AWS_REGION" --name "$PARAMETER_PATH/runtime" \\
    --query Parameter.Value --output text >"$new/runtime.json"
jq -r '.secrets // {} | to_entries[] | "\\(.key) \\(.value)"' "$new/runtime.json" >"$new/list"
mkdir "$new/secrets"
while read -r name id; do
    case $name in
    *[!A-Za-z0-9._-]* | .*) echo "runtime.json: \\"$name\\" cannot be the name of a secret's file" >&2; exit 1 ;;
    esac
    value=$(aws secretsmanager get-secret-value --region "$AWS_REGION" --secret-id "$id" \\
        --query SecretString --output text)
    printf %s "$value" >"$new/secrets/$name"
    chmod 0400 "$new/secrets/$name"
done <"$new/list"
chmod 0400 "$new/runtime.json"
chown -R "$SERVICE_USER:$SERVICE_USER" "$new/runtime.json" "$new/secrets"
rm -rf "$CONFIG_DIR/secrets"
mv "$new/secrets" "$CONFIG_DIR/secrets"
mv "$new/runtime.json" "$CONFIG_DIR/runtime.json"
chown "$SERVICE_USER:$SERVICE_USER" "$CONFIG_DIR"
`;

/**
 * Waits until the instance has to leave, lets its connections end, stops the service and completes the lifecycle action.
 * Scale-in and refresh: up to DRAIN_SECONDS. Spot: EC2 gives two minutes, no hook lengthens them, so SPOT_DRAIN_SECONDS.
 */
export const DRAIN = `#!/bin/sh
set -u
imds() {
    token=$(curl -sf -m 2 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$IMDS/latest/api/token") &&
        curl -sf -m 2 -H "X-aws-ec2-metadata-token: $token" "$IMDS/latest/meta-data/$1"
}
now() { date +%s; }
leaving() { [ "$(imds autoscaling/target-lifecycle-state)" = Terminated ]; }
interrupted() { imds spot/instance-action >/dev/null; }
notice() {
    echo "spot interruption: $(imds spot/instance-action)"
    systemctl stop logcaster-health.service # new connections go elsewhere at once
    settled=$(now)
    deadline=$(($(now) + SPOT_DRAIN_SECONDS))
    spot=yes
}

spot=no
until leaving; do
    interrupted && break
    sleep "$POLL_SECONDS"
done
hook_end=$(($(now) + HOOK_SECONDS))
settled=$(($(now) + SETTLE_SECONDS)) # until then the balancer may still send new connections
deadline=$(($(now) + DRAIN_SECONDS))
systemctl stop logcaster-connections.timer # who leaves no longer counts in the average
while :; do
    [ $spot = no ] && interrupted && notice
    left=$("$SCRIPT_DIR/connections") || left=unknown
    echo "leaving: $left connections"
    [ "$left" = 0 ] && [ "$(now)" -ge "$settled" ] && break
    [ "$(now)" -ge "$deadline" ] && break
    sleep "$POLL_SECONDS"
done
systemctl stop logcaster.service
# The action exists once the group has reached Terminating:Wait, which may be later than the first sign of leaving.
until aws autoscaling complete-lifecycle-action --region "$AWS_REGION" --auto-scaling-group-name "$GROUP_NAME" \\
    --lifecycle-hook-name "$HOOK_NAME" --instance-id "$(imds instance-id)" --lifecycle-action-result CONTINUE; do
    [ "$(now)" -ge "$hook_end" ] && exit 1
    sleep "$POLL_SECONDS"
done
`;
