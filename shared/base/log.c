#include "base/log.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/json_text.h"

#include <stdlib.h>
#include <unistd.h>

#define LOG_PENDING_MAX (1u << 20)
#define LOG_FLUSH_AT    (1u << 16)

static struct {
    const char *program;
    enum log_level least;
    struct buf pending;
    size_t line_start;
    bool writing;
} sink = {.program = "misaq", .least = LOG_INFO, .pending = {.max = LOG_PENDING_MAX}};

static const char *const level_words[] = {"debug", "info", "warn", "error"};

void log_open(const char *program, enum log_level least)
{
    static bool opened;
    sink.program = program;
    sink.least = least;
    if (!opened)
        opened = atexit(log_flush) == 0;
}

bool log_wants(enum log_level level)
{
    return level >= sink.least;
}

void log_begin(enum log_level level, const char *event)
{
    sink.writing = log_wants(level);
    if (!sink.writing)
        return;
    char at[MOMENT_TEXT_SIZE];
    moment_to_text(clock_wall_ms(), at);
    sink.line_start = sink.pending.len;
    buf_printf(&sink.pending, "{\"at\":\"%s\",\"level\":\"%s\",\"program\":\"%s\",\"event\":", at,
        level_words[level], sink.program);
    json_text_write(&sink.pending, text_of(event));
}

static void member(const char *name)
{
    buf_char(&sink.pending, ',');
    json_text_write(&sink.pending, text_of(name));
    buf_char(&sink.pending, ':');
}

void log_text(const char *name, struct text value)
{
    if (!sink.writing || !value.at)
        return;
    member(name);
    json_text_write(&sink.pending, value);
}

void log_str(const char *name, const char *value)
{
    log_text(name, text_of(value));
}

void log_whole(const char *name, int64_t value)
{
    if (!sink.writing)
        return;
    member(name);
    buf_whole(&sink.pending, value);
}

void log_end(void)
{
    if (!sink.writing)
        return;
    sink.writing = false;
    buf_str(&sink.pending, "}\n");
    if (sink.pending.full) { /* a whole line or none */
        sink.pending.len = sink.line_start;
        sink.pending.full = false;
        log_flush();
    }
    if (sink.pending.len > LOG_FLUSH_AT)
        log_flush();
}

void log_line(enum log_level level, const char *event, const char *name, const char *value)
{
    log_begin(level, event);
    if (name)
        log_str(name, value);
    log_end();
}

void log_flush(void)
{
    size_t done = 0;
    while (done < sink.pending.len) {
        ssize_t wrote = write(STDERR_FILENO, sink.pending.at + done, sink.pending.len - done);
        if (wrote <= 0)
            break; /* nobody to tell */
        done += (size_t)wrote;
    }
    buf_clear(&sink.pending);
}
