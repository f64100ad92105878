import { Script } from "./script";

/**
 * What a data server itself remembers of partitions that move. Routers and migrators only ever touch
 * these by scripts, so the server decides in one place, atomically with the write:
 *
 *   __logcaster:partitions        hash; field <p> is the state of partition p on this server,
 *                                 field mover:<p> the token of the only worker that may move it
 *   __logcaster:dirty:<p>         set of keys written since capture began
 *   __logcaster:draining:<p>      the part of it that a worker is copying right now
 *
 * A state is one of
 *   (none), open <gen>            plain
 *   capturing <gen>               every write notes its key
 *   fenced <gen> <deadline ms>    no command until the deadline, by the server's clock; then capturing
 *   away <gen> <shard>            lives on that shard since <gen>; a caller who was sent here by a
 *                                 newer generation proves that it came back
 */
export const RESERVED_PREFIX = "__logcaster:";
export const STATES_KEY = `${RESERVED_PREFIX}partitions`;
export const dirtyKey = (partition: number) => `${RESERVED_PREFIX}dirty:${partition}`;
export const drainingKey = (partition: number) => `${RESERVED_PREFIX}draining:${partition}`;

/** Errors of the guard start with these words. */
export const FENCED = "LOGCASTERFENCED";
export const MOVED = "LOGCASTERMOVED";

const PARSE = `
local function parse(text)
  if not text then return 'open', 0, nil end
  local kind, gen, rest = string.match(text, '^(%a+) (%d+) ?(.*)$')
  return kind, tonumber(gen), rest
end
local function nowMs()
  local t = redis.call('TIME')
  return tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
end
`;

/** Shared with the migrator's scripts. */
export const LUA_PARSE_STATE = PARSE;

/**
 * KEYS: states, dirty set, then every key the command writes (none for a read).
 * ARGV: partition, generation by which the caller was sent here (0: none), then the command.
 * A caller may come by the old owner's seal before the migrator has told this server: writes are noted
 * from the first one on, or a rollback would miss those in between.
 * The key is noted before the command runs: a command whose note fails does not run at all.
 */
export const GUARD = new Script(`${PARSE}
local p = ARGV[1]
local kind, gen, rest = parse(redis.call('HGET', KEYS[1], p))
if kind == 'away' then
  if tonumber(ARGV[2]) <= gen then
    return redis.error_reply(string.format('${MOVED} %.0f %s', gen, rest))
  end
  kind = 'capturing'
  redis.call('HSET', KEYS[1], p, 'capturing ' .. ARGV[2])
elseif kind == 'fenced' then
  local left = tonumber(rest) - nowMs()
  if left > 0 then return redis.error_reply('${FENCED} ' .. left) end
  kind = 'capturing'
elseif kind == 'open' and tonumber(ARGV[2]) > gen then
  kind = 'capturing'
  redis.call('HSET', KEYS[1], p, 'capturing ' .. ARGV[2])
end
if kind == 'capturing' then
  for i = 3, #KEYS do redis.call('SADD', KEYS[2], KEYS[i]) end
end
if #ARGV == 2 then return redis.status_reply('OK') end
return redis.pcall(unpack(ARGV, 3))
`);

/** Words of a command that a Lua script can pass on (its C stack holds about 8,000). */
export const GUARD_MAX_WORDS = 7_000;
