#!lua name=misaq_outbox_v1
-- What is to leave the house: for each target (a webhook, a mailbox) the positions of the events
-- that it is to get. Nothing but positions lies here: what is sent is made from the ledger.
--
-- keys of every Function, all of one target: due (positions by when to try), tries (position ->
-- tries begun), parked (positions given up), told (receipts, latest first), state (upto: the last
-- position put in; again: that of the last wish to repeat; delivered, failed, left_out: how many)

local PARKED_MOST, TOLD_MOST = 10000, 1000

local function whole(number)
    return string.format('%.0f', number)
end

-- args: first wait, longest wait in milliseconds. Four times as long after every try.
local function wait(tries, first, most)
    return math.min(tonumber(first) * 4 ^ (tries - 1), tonumber(most))
end

local function park(keys, position)
    redis.call('ZREM', keys[1], position)
    redis.call('HDEL', keys[2], position)
    redis.call('ZADD', keys[3], position, position)
    redis.call('ZREMRANGEBYRANK', keys[3], 0, -PARKED_MOST - 1)
end

local function tell(keys, receipt, what)
    redis.call('LPUSH', keys[4], receipt)
    redis.call('LTRIM', keys[4], 0, TOLD_MOST - 1)
    redis.call('HINCRBY', keys[5], what, 1)
end

-- args: now, how many may wait, positions in order; those up to `upto` were put in before.
-- Answers how many found no room: they are left out, and counted.
local function add(keys, args)
    local upto = tonumber(redis.call('HGET', keys[5], 'upto') or 0)
    local room = tonumber(args[2]) - redis.call('ZCARD', keys[1])
    local left = 0
    for i = 3, #args do
        if tonumber(args[i]) > upto then
            upto = tonumber(args[i])
            if room > 0 then
                redis.call('ZADD', keys[1], args[1], args[i])
                room = room - 1
            else
                left = left + 1
            end
        end
    end
    redis.call('HSET', keys[5], 'upto', whole(upto))
    redis.call('HINCRBY', keys[5], 'left_out', left)
    return left
end

-- args: now, most, first wait, longest wait, longest try, most tries. A try is counted before it
-- begins, and the next one has its time: whoever dies in between has tried.
-- Answers when the next is due (0: none), then position, try, position, try ...
local function take(keys, args)
    local ready = redis.call('ZRANGEBYSCORE', keys[1], '-inf', args[1], 'LIMIT', 0, args[2])
    local taken = {0}
    for _, position in ipairs(ready) do
        local tries = redis.call('HINCRBY', keys[2], position, 1)
        if tries > tonumber(args[6]) then
            park(keys, position)
        else
            local again = args[1] + args[5] + wait(tries, args[3], args[4])
            redis.call('ZADD', keys[1], whole(again), position)
            taken[#taken + 1] = tonumber(position)
            taken[#taken + 1] = tries
        end
    end
    local next = redis.call('ZRANGE', keys[1], 0, 0, 'WITHSCORES')
    taken[1] = tonumber(next[2] or 0)
    return taken
end

-- args: position, receipt
local function delivered(keys, args)
    redis.call('ZREM', keys[1], args[1])
    redis.call('HDEL', keys[2], args[1])
    tell(keys, args[2], 'delivered')
    return 1
end

-- args: position
local function drop(keys, args)
    redis.call('HDEL', keys[2], args[1])
    return redis.call('ZREM', keys[1], args[1])
end

-- args: position, receipt, now, first wait, longest wait, most tries (0: give up now)
-- Answers 1 when it is parked.
local function failed(keys, args)
    local tries = tonumber(redis.call('HGET', keys[2], args[1]) or 0)
    if tries == 0 then
        return 0
    end
    tell(keys, args[2], 'failed')
    if tries >= tonumber(args[6]) then
        park(keys, args[1])
        return 1
    end
    redis.call('ZADD', keys[1], 'XX', whole(args[3] + wait(tries, args[4], args[5])), args[1])
    return 0
end

-- args: position of the wish, from, upto (0, 0: all that is parked), now. Done once for a wish.
local function again(keys, args)
    if tonumber(redis.call('HGET', keys[5], 'again') or 0) >= tonumber(args[1]) then
        return 0
    end
    local wanted = {}
    if args[2] == '0' then
        wanted = redis.call('ZRANGE', keys[3], 0, -1)
    else
        for position = tonumber(args[2]), tonumber(args[3]) do
            wanted[#wanted + 1] = whole(position)
        end
    end
    for _, position in ipairs(wanted) do
        redis.call('HDEL', keys[2], position)
        redis.call('ZREM', keys[3], position)
        redis.call('ZADD', keys[1], args[4], position)
    end
    redis.call('HSET', keys[5], 'again', args[1])
    return #wanted
end

-- args: most receipts, most parked
local function read(keys, args)
    local state = redis.call('HMGET', keys[5], 'upto', 'delivered', 'failed', 'left_out')
    local answer = {}
    for i = 1, 4 do
        answer[i] = tonumber(state[i] or 0)
    end
    answer[5] = redis.call('ZCARD', keys[1])
    answer[6] = redis.call('ZCARD', keys[3])
    answer[7] = redis.call('ZREVRANGE', keys[3], 0, args[2] - 1)
    answer[8] = redis.call('LRANGE', keys[4], 0, args[1] - 1)
    return answer
end

redis.register_function('misaq_outbox_add_v1', add)
redis.register_function('misaq_outbox_take_v1', take)
redis.register_function('misaq_outbox_delivered_v1', delivered)
redis.register_function('misaq_outbox_drop_v1', drop)
redis.register_function('misaq_outbox_failed_v1', failed)
redis.register_function('misaq_outbox_again_v1', again)
redis.register_function{
    function_name = 'misaq_outbox_read_v1', callback = read, flags = {'no-writes'}}
