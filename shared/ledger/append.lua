#!lua name=misaq_v1
-- The only writer of the ledger. A Function does not roll back, so every check stands before the
-- first write, and the first write is the one that Redis itself may still refuse (XADD). A changed
-- Function is a new library with a new number: programs of both ages then run side by side.
--
-- Outcomes, as in ledger.h: {1, first} appended; {2, first, answer} seen; {3} reused key;
-- {4, subject} conflict; {5} unknown key.

-- Under a key lies "<first> <length of the fingerprint> <fingerprint><answer>".
local function known(key, fingerprint)
    local kept = redis.call('GET', key)
    if not kept then
        return nil
    end
    local first, length, from = string.match(kept, '^(%d+) (%d+) ()')
    if string.sub(kept, from, from + length - 1) ~= fingerprint then
        return {3}
    end
    return {2, tonumber(first), string.sub(kept, from + length)}
end

-- The position of the last entry, kept beside the versions. Entries are never removed, so the
-- stream must be exactly as long: a ledger that was cut or put back in part is not written to.
local function check_head(stream, kept)
    local head = tonumber(kept or 0)
    local length = redis.call('XLEN', stream)
    if head == length then
        return head, nil
    end
    return nil, redis.error_reply(string.format(
        'ALTERED the ledger has %d entries but its last position is %d: restore it', length, head))
end

-- keys: stream, versions, idempotency key
-- args: fingerprint, seconds to keep the key, answer, number of subjects,
--       subject, expected version and number of its events for each subject, then the events
local function append(keys, args)
    local seen = known(keys[3], args[1])
    if seen then
        return seen
    end
    local subjects = tonumber(args[4])
    local fields = {'~head'}
    for i = 1, subjects do
        fields[i + 1] = args[3 * i + 2]
    end
    local versions = redis.call('HMGET', keys[2], unpack(fields))
    for i = 1, subjects do
        if (versions[i + 1] or '0') ~= args[3 * i + 3] then
            return {4, fields[i + 1]}
        end
    end
    local head, altered = check_head(keys[1], versions[1])
    if altered then
        return altered
    end

    local position = head
    for i = 3 * subjects + 5, #args do
        position = position + 1
        redis.call('XADD', keys[1], string.format('%d-0', position), 'e', args[i])
    end
    local grown = {'~head', position}
    for i = 1, subjects do
        local events = args[3 * i + 4]
        if events ~= '0' then
            grown[#grown + 1] = fields[i + 1]
            grown[#grown + 1] = args[3 * i + 3] + events
        end
    end
    redis.call('HSET', keys[2], unpack(grown))
    redis.call('SET', keys[3],
        string.format('%d %d ', head + 1, #args[1]) .. args[1] .. args[3], 'EX', args[2])
    return {1, head + 1}
end

-- keys: idempotency key; args: fingerprint
local function recall(keys, args)
    return known(keys[1], args[1]) or {5}
end

-- keys: stream, versions
local function head(keys)
    local position, altered = check_head(keys[1], redis.call('HGET', keys[2], '~head'))
    return position or altered
end

redis.register_function('misaq_append_v1', append)
redis.register_function{
    function_name = 'misaq_recall_v1', callback = recall, flags = {'no-writes'}}
redis.register_function{
    function_name = 'misaq_head_v1', callback = head, flags = {'no-writes'}}
