-- The script of every wrk here. Without arguments it sends the one request of the command line;
-- with a file of drafts (one "<path> <token> <office> <body>" a line) and a word it sends them in
-- turn, each under a key of its own that begins with the word. At the end it says one line of JSON.

local drafts, count, sent, word = {}, 0, 0, nil

-- Everything of a request but its key stands ready: the client must not be what is measured.
local function draft_of(line)
    local path, token, office, body = line:match('^(%S+) (%S+) (%S+) (.*)$')
    local whole = wrk.format('POST', path, {
        ['Content-Type'] = 'application/json',
        ['Authorization'] = 'Bearer ' .. token,
        ['Misaq-Office'] = office,
        ['Idempotency-Key'] = '@key@',
    }, body)
    local first, last = whole:find('@key@', 1, true)
    return {whole:sub(1, first - 1), whole:sub(last + 1)}
end

local function next_draft()
    local parts = drafts[sent % count + 1]
    sent = sent + 1
    return parts[1] .. word .. sent .. parts[2]
end

function init(args)
    if #args == 0 then
        return
    end
    for line in io.lines(args[1]) do
        count = count + 1
        drafts[count] = draft_of(line)
    end
    word = args[2]
    request = next_draft
end

function done(summary, latency)
    local failed = summary.errors
    io.write(string.format(
        '{"answers": %d, "refused": %d, "lost": %d, "seconds": %.6f, "p50": %.3f, "p99": %.3f}\n',
        summary.requests, failed.status, failed.connect + failed.read + failed.write +
        failed.timeout, summary.duration / 1e6, latency:percentile(50), latency:percentile(99)))
end
