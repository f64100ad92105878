import { LUA_PARSE_STATE } from "../router/guard";
import { Script } from "../router/script";

/** The worker lost its partitions to another: what it was about to write is refused. */
export const STALE = "LOGCASTERSTALE";

// ARGV: token, number of partitions, partitions...; `first` is the index after them.
const CHECK_TOKEN = `
local states, token, count = KEYS[1], ARGV[1], tonumber(ARGV[2])
local first = 3 + count
for i = 1, count do
  local mover = redis.call('HGET', states, 'mover:' .. ARGV[2 + i])
  if mover ~= token then
    return redis.error_reply('${STALE} partition ' .. ARGV[2 + i] .. ' belongs to worker ' .. tostring(mover))
  end
end
`;

/** KEYS: states. ARGV: token, n, partitions. Makes the caller the mover unless a newer one is. */
export const CLAIM = new Script(`
local token, count = ARGV[1], tonumber(ARGV[2])
for i = 1, count do
  local mover = redis.call('HGET', KEYS[1], 'mover:' .. ARGV[2 + i])
  if mover and tonumber(mover) > tonumber(token) then
    return redis.error_reply('${STALE} partition ' .. ARGV[2 + i] .. ' belongs to worker ' .. mover)
  end
end
for i = 1, count do redis.call('HSET', KEYS[1], 'mover:' .. ARGV[2 + i], token) end
return redis.status_reply('OK')
`);

/** KEYS: states. ARGV: token, n, partitions, state ('' for none). */
export const SET_STATE = new Script(`${CHECK_TOKEN}
for i = 1, count do
  if ARGV[first] == '' then redis.call('HDEL', states, ARGV[2 + i])
  else redis.call('HSET', states, ARGV[2 + i], ARGV[first]) end
end
return redis.status_reply('OK')
`);

/** KEYS: states. ARGV: token, n, partitions, generation, pause in ms. */
export const FENCE = new Script(`${LUA_PARSE_STATE}${CHECK_TOKEN}
local deadline = nowMs() + tonumber(ARGV[first + 1])
for i = 1, count do
  local kind = parse(redis.call('HGET', states, ARGV[2 + i]))
  if kind ~= 'away' then
    redis.call('HSET', states, ARGV[2 + i], string.format('fenced %s %.0f', ARGV[first], deadline))
  end
end
return redis.status_reply('OK')
`);

/**
 * KEYS: states, then dirty and draining set of each partition.
 * ARGV: token, n, partitions, generation, shard they go to.
 * The commit point of a cut-over: only under an unexpired fence with nothing left to copy. 1 or 0.
 */
export const SEAL = new Script(`${LUA_PARSE_STATE}${CHECK_TOKEN}
local now = nowMs()
for i = 1, count do
  local kind, gen, rest = parse(redis.call('HGET', states, ARGV[2 + i]))
  local isSealed = kind == 'away' and rest == ARGV[first + 1]
  if not isSealed and (kind ~= 'fenced' or tonumber(rest) <= now) then return 0 end
end
for i = 2, #KEYS do if redis.call('EXISTS', KEYS[i]) == 1 then return 0 end end
for i = 1, count do
  redis.call('HSET', states, ARGV[2 + i], 'away ' .. ARGV[first] .. ' ' .. ARGV[first + 1])
end
return 1
`);

/** KEYS: states, then dirty and draining set of each partition. Sizes of what is being drained. */
export const DRAIN = new Script(`${CHECK_TOKEN}
local sizes = {}
for i = 1, count do
  local dirty, draining = KEYS[2 * i], KEYS[2 * i + 1]
  if redis.call('EXISTS', draining) == 0 and redis.call('EXISTS', dirty) == 1 then
    redis.call('RENAME', dirty, draining)
  end
  sizes[i] = redis.call('SCARD', draining)
end
return sizes
`);

/** KEYS: states, then keys to delete. ARGV: token, n, partitions. */
export const DELETE = new Script(`${CHECK_TOKEN}
local deleted = 0
for i = 2, #KEYS do deleted = deleted + redis.call('UNLINK', KEYS[i]) end
return deleted
`);

/** KEYS: states, then keys. ARGV: token, n, partitions, then expiry (ms, -1 none) and dump of each; an empty dump deletes. */
export const IMPORT = new Script(`${CHECK_TOKEN}
for i = 2, #KEYS do
  local at = first + (i - 2) * 2
  if ARGV[at + 1] == '' then
    redis.call('UNLINK', KEYS[i])
  else
    local expiry = ARGV[at] == '-1' and '0' or ARGV[at]
    redis.call('RESTORE', KEYS[i], expiry, ARGV[at + 1], 'REPLACE', 'ABSTTL')
  end
end
return redis.status_reply('OK')
`);

/** KEYS: states, the key written. ARGV: token, n, partitions, then any command on that key. */
export const WRITE = new Script(`${CHECK_TOKEN}
return redis.call(unpack(ARGV, first))
`);

/** KEYS: states, temporary key, key. ARGV: token, n, partitions, expiry (ms, -1 none). */
export const PUT_IN_PLACE = new Script(`${CHECK_TOKEN}
redis.call('RENAME', KEYS[2], KEYS[3])
if ARGV[first] == '-1' then redis.call('PERSIST', KEYS[3])
else redis.call('PEXPIREAT', KEYS[3], ARGV[first]) end
return redis.status_reply('OK')
`);

/**
 * KEYS: keys. ARGV: bytes above which a key is "big", bytes at which the answer ends.
 * Per key: expiry in ms since 1970 (-1 none, -2 gone), dump ('' when gone or big), bytes, type.
 */
export const EXPORT = new Script(`
local answer, total = {}, 0
for i = 1, #KEYS do
  local expiry = redis.call('PEXPIRETIME', KEYS[i])
  if expiry == -2 then
    answer[i] = {-2, '', 0, 'none'}
  else
    local bytes = redis.call('MEMORY', 'USAGE', KEYS[i]) or 0
    local kind = redis.call('TYPE', KEYS[i])['ok']
    local dump = ''
    if bytes <= tonumber(ARGV[1]) then dump = redis.call('DUMP', KEYS[i]) or '' end
    answer[i] = {expiry, dump, bytes, kind}
    total = total + #dump
    if total >= tonumber(ARGV[2]) then break end
  end
end
return answer
`);

/** KEYS: keys. Positions, from 1, of those that do not exist. */
export const MISSING = new Script(`
local missing = {}
for i = 1, #KEYS do
  if redis.call('EXISTS', KEYS[i]) == 0 then missing[#missing + 1] = i end
end
return missing
`);
