/* One JSON object a line on standard error. Lines collect in memory and leave in one write when
 * the loop is about to wait (log_flush), so a busy program does not pay a system call per line.
 * Rooms under shared/ return errors and never log twice what their caller logs. */
#ifndef MISAQ_BASE_LOG_H
#define MISAQ_BASE_LOG_H

#include "base/text.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* program: borrowed for ever. Lines below `least` are dropped. */
void log_open(const char *program, enum log_level least);
bool log_wants(enum log_level level);

/* log_begin(LOG_INFO, "request"); log_text("path", path); log_whole("status", 200); log_end();
 * Between begin and end nothing else may log; a begin below the level makes the rest no-ops. */
void log_begin(enum log_level level, const char *event);
void log_text(const char *name, struct text value);
void log_str(const char *name, const char *value);
void log_whole(const char *name, int64_t value);
void log_end(void);
/* The whole line in one call for what has one detail. */
void log_line(enum log_level level, const char *event, const char *name, const char *value);
void log_flush(void);

#endif
