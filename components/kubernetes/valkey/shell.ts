/** The scripts' texts. Variables in capitals are of settings.sh; POD_NAME, POD_IP and NODE_HOST are the pod's own. */

/** Talks to servers as the user `operator`, whose password is a file. */
export const COMMON = String.raw`
REDISCLI_AUTH=$(cat "$PASSWORD_FILE")
VALKEYCLI_AUTH=$REDISCLI_AUTH
export REDISCLI_AUTH VALKEYCLI_AUTH

say() { echo "$(date -u +%FT%TZ) $*" >&2; }

# ask ADDRESS COMMAND...: fails where the server refuses, or does not answer in time.
ask() {
    to=$1
    shift
    answer=$(timeout "$ANSWER_SECONDS" valkey-cli -e -h "$to" -p "$PORT" $TLS --user operator --no-auth-warning "$@" 2>/dev/null) || return 1
    printf '%s\n' "$answer" | tr -d '\r'
}
own() { ask "$POD_IP" "$@"; }

# address POD: where it is now; fails while its name is not known.
address() { getent hosts "$1.$DOMAIN" | awk 'NR == 1 { print $1; found = 1 } END { exit !found }'; }

# field NAME: its value, of lines "name:value".
field() { sed -n "s/^$1://p"; }

# CLUSTER NODES has: 1 id, 2 address, 3 flags, 4 primary, 8 link, from 9 slots.
# linked NODES ADDRESS: the line of the node at an address, where the link to it stands.
linked() {
    echo "$1" | awk -v at="$2:$PORT@" 'index($2, at) == 1 && $3 !~ /fail|handshake|noaddr/ && $8 == "connected"'
}
`;

/**
 * Keeps a node in its cluster: nodes remember each other by address, and a pod that starts again has another. Also takes in a
 * node that has lost its volume, and makes a node without slots a copy of its shard. Ends once every link stands.
 */
export const JOIN = String.raw`
for shard in $SHARDS; do
    case ",$shard," in *",$POD_NAME,"*) MINE=$(echo "$shard" | tr ',' ' ') ;; esac
done

look() { NODES=$(own CLUSTER NODES) && [ -n "$NODES" ]; }
is_alone() { [ "$(echo "$NODES" | wc -l)" -le 1 ]; }

# A node that is alone is taken in by a cluster that has all slots only: a new cluster is made by the Job.
may_meet() {
    is_alone || return 0
    [ "$(ask "$1" CLUSTER INFO | field cluster_slots_assigned)" = "$SLOT_COUNT" ]
}

meet_others() {
    for pod in $PODS; do
        [ "$pod" = "$POD_NAME" ] && continue
        at=$(address "$pod") || continue
        [ -n "$(linked "$NODES" "$at")" ] && continue
        may_meet "$at" && own CLUSTER MEET "$at" "$PORT" >/dev/null && say "meets $pod at $at"
    done
}

# Succeeds once this node is where it belongs. A primary without slots and copies becomes a copy of the primary of its shard
# that has slots, else of the first that is a primary.
is_settled() {
    is_alone && return 1
    me=$(echo "$NODES" | awk '$3 ~ /myself/ && $3 ~ /master/ && NF <= 8 { print $1 }')
    [ -n "$me" ] || return 0
    [ -z "$(echo "$NODES" | awk -v me="$me" '$4 == me')" ] || return 0
    leader=""
    for pod in $MINE; do
        if [ "$pod" = "$POD_NAME" ]; then
            [ -n "$leader" ] || leader=$me
            continue
        fi
        at=$(address "$pod") || return 1
        line=$(linked "$NODES" "$at" | awk '$3 ~ /master/ { print $1, (NF > 8 ? "slots" : "none") }')
        [ -n "$line" ] || continue
        set -- $line
        [ "$2" = slots ] && { leader=$1; break; }
        [ -n "$leader" ] || leader=$1
    done
    [ "$leader" = "$me" ] && return 0
    own CLUSTER REPLICATE "$leader" >/dev/null && say "becomes a copy of $leader"
    return 1
}

# The cluster as every pod sees it; fails while a link is missing. A node that joins does not hear of nodes that are gone.
look_everywhere() {
    EVERYWHERE=$POD_IP
    VIEWS=$NODES
    for pod in $PODS; do
        [ "$pod" = "$POD_NAME" ] && continue
        at=$(address "$pod") && [ -n "$(linked "$NODES" "$at")" ] && view=$(ask "$at" CLUSTER NODES) || return 1
        EVERYWHERE="$EVERYWHERE $at"
        VIEWS="$VIEWS
$view"
    done
}

# Failed nodes without slots are no pod any more, once every pod has been found: what lost its volume is another node now.
forget_the_gone() {
    look_everywhere || return 0
    for id in $(echo "$VIEWS" | awk '$3 ~ /fail/ && $3 !~ /fail\?/ && NF <= 8 { print $1 }' | sort -u); do
        for at in $EVERYWHERE; do ask "$at" CLUSTER FORGET "$id" >/dev/null; done
        say "forgets $id"
    done
}

# Every pod knows every pod and nobody else: that somebody is gone is noticed late.
is_whole() {
    look_everywhere || return 1
    [ -z "$(echo "$VIEWS" | awk '$3 ~ /fail|handshake|noaddr/')" ] || return 1
    [ "$(echo "$VIEWS" | awk '{ print $1 }' | sort -u | wc -l)" -eq "$(echo "$PODS" | wc -w)" ]
}

keep_together() {
    until look && is_whole && is_settled; do
        sleep "$PAUSE_SECONDS"
        # Shards may have been added meanwhile.
        . "$CONFIGURATION/settings.sh"
        look || continue
        meet_others
        forget_the_gone
        is_alone || is_settled
    done
    say "is where it belongs"
}
`;

/** Runs the server and stays its parent, so that SIGTERM first hands a primary's work over. */
export const START = String.raw`
valkey-server "$CONFIGURATION/valkey.conf" --bind "$POD_IP" \
    --cluster-announce-ip "$POD_IP" --cluster-announce-hostname "$NODE_HOST" &
server=$!
keep_together &
joiner=$!
leave() {
    sh "$CONFIGURATION/stop.sh"
    kill -TERM "$server" 2>/dev/null
}
trap leave TERM INT
# A signal that is trapped ends wait before the server has ended.
while kill -0 "$server" 2>/dev/null; do
    wait "$server"
    status=$?
done
kill "$joiner" 2>/dev/null
exit "$status"
`;

/**
 * A primary that leaves lets a copy take over: CLUSTER FAILOVER holds clients until the copy has everything, so that no
 * acknowledged write is lost, and writers wait for milliseconds instead of until the cluster has noticed.
 */
export const HAND_OVER = String.raw`
deadline=$(($(date +%s) + HAND_OVER_SECONDS))
is_primary() { [ "$(own ROLE | head -n 1)" = master ]; }
while is_primary && [ "$(date +%s)" -lt "$deadline" ]; do
    nodes=$(own CLUSTER NODES)
    me=$(echo "$nodes" | awk '$3 ~ /myself/ { print $1 }')
    copies=$(echo "$nodes" | awk -v me="$me" '$4 == me && $3 !~ /fail|noaddr/ && $8 == "connected" { sub(":.*", "", $2); print $2 }')
    [ -n "$copies" ] || { say "has no copy to hand over to"; exit 0; }
    for at in $copies; do
        [ "$(ask "$at" INFO replication | field master_link_status)" = up ] || continue
        ask "$at" CLUSTER FAILOVER >/dev/null || continue
        for look in 1 2 3 4 5 6; do
            is_primary || { say "has handed over to $at"; exit 0; }
            sleep "$PAUSE_SECONDS"
        done
    done
    sleep "$PAUSE_SECONDS"
done
`;

/** A node that is alone waits to be taken in; one of a cluster is ready once the cluster stands and it has what its primary has. */
export const READY = String.raw`
info=$(own CLUSTER INFO) || exit 1
[ "$(echo "$info" | field cluster_known_nodes)" = 1 ] && exit 0
[ "$(echo "$info" | field cluster_state)" = ok ] || exit 1
replication=$(own INFO replication) || exit 1
[ "$(echo "$replication" | field role)" = master ] && exit 0
[ "$(echo "$replication" | field master_link_status)" = up ]
`;

/** Any answer counts: a server that loads its data, or has lost its cluster, must not be started again for it. */
export const LIVE = String.raw`
[ -n "$(timeout "$ANSWER_SECONDS" valkey-cli -h "$POD_IP" -p "$PORT" $TLS --user operator --no-auth-warning PING 2>/dev/null)" ]
`;

/** Makes one cluster of all pods where there is none; done again, it waits until all is well and changes nothing. */
export const CREATE = String.raw`
deadline=$(($(date +%s) + CREATE_SECONDS))
# await WHAT COMMAND...
await() {
    what=$1
    shift
    until "$@"; do
        [ "$(date +%s)" -lt "$deadline" ] || { say "still waits for $what"; exit 1; }
        sleep "$PAUSE_SECONDS"
    done
}

answers() { at=$(address "$1") && [ "$(ask "$at" PING)" = PONG ]; }
for pod in $PODS; do await "$pod to answer" answers "$pod"; done

# The pod that knows most of the cluster speaks for it.
speaker=""
assigned=-1
for pod in $PODS; do
    at=$(address "$pod") || exit 1
    slots=$(ask "$at" CLUSTER INFO | field cluster_slots_assigned)
    [ "$slots" -gt "$assigned" ] && { assigned=$slots; speaker=$pod; }
done

all_know_each_other() {
    from=$(address "$speaker") && nodes=$(ask "$from" CLUSTER NODES) || return 1
    missing=""
    for pod in $PODS; do
        at=$(address "$pod") || return 1
        [ -n "$(linked "$nodes" "$at")" ] && continue
        ask "$from" CLUSTER MEET "$at" "$PORT" >/dev/null
        missing="$missing $pod"
    done
    [ -z "$missing" ]
}

# give FROM-TO POD...: to the first of the shard that is a primary, unless the range has an owner.
give() {
    range=$1
    shift
    for pod in "$@"; do
        at=$(address "$pod") || return 1
        ask "$at" CLUSTER NODES | awk -v range="$range" '{ for (i = 9; i <= NF; i++) if ($i == range) found = 1 } END { exit !found }' && return 0
        [ "$(ask "$at" ROLE | head -n 1)" = master ] || continue
        [ "$(ask "$at" CLUSTER ADDSLOTSRANGE $(echo "$range" | tr '-' ' '))" = OK ]
        return
    done
    return 1
}

if [ "$assigned" -lt "$SLOT_COUNT" ]; then
    say "makes a cluster: $assigned of $SLOT_COUNT slots have an owner"
    await "all pods to know each other" all_know_each_other
    ranges=$FIRST_SLOTS
    for shard in $SHARDS; do
        await "slots of $shard" give $(echo "$ranges" | cut -d ' ' -f 1) $(echo "$shard" | tr ',' ' ')
        ranges=$(echo "$ranges" | cut -d ' ' -f 2-)
    done
fi

# Every pod sees every slot served, every copy is in step, and of each shard one pod is the primary.
is_well() {
    for shard in $SHARDS; do
        primaries=0
        for pod in $(echo "$shard" | tr ',' ' '); do
            at=$(address "$pod") && info=$(ask "$at" CLUSTER INFO) && replication=$(ask "$at" INFO replication) || return 1
            [ "$(echo "$info" | field cluster_state)" = ok ] || return 1
            [ "$(echo "$info" | field cluster_slots_ok)" = "$SLOT_COUNT" ] || return 1
            if [ "$(echo "$replication" | field role)" = master ]; then
                primaries=$((primaries + 1))
            else
                [ "$(echo "$replication" | field master_link_status)" = up ] || return 1
            fi
        done
        [ "$primaries" -eq 1 ] || return 1
    done
}
await "every copy to be in step" is_well
say "the cluster stands"
`;
