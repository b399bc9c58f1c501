/* What the environment says, checked once at start. A MISAQ_ variable that is not in the table is
 * an error: a misspelt setting must not pass for its default. */
#ifndef MISAQ_BASE_SETTINGS_H
#define MISAQ_BASE_SETTINGS_H

#include "base/buf.h"
#include "base/err.h"

#define SETTING_WORD_SIZE 256

struct settings {
#define WORD(name, preset, sentence)                char name[SETTING_WORD_SIZE];
#define SECRET(name, sentence)                      char name[SETTING_WORD_SIZE];
#define AMOUNT(name, least, most, preset, sentence) uint64_t name;
#include "base/settings.def"
#undef WORD
#undef SECRET
#undef AMOUNT
};

/* Reads `environment` ("NAME=value" strings, NULL at the end). Every wrong variable is a fault
 * whose member is its name; on an error *ret is not touched. */
enum err settings_read(char *const *environment, struct settings *ret_settings, struct faults *why)
    MUST_CHECK;
/* The effective settings a line each, secrets as "(set)" or "(not set)": --check. */
void settings_write(const struct settings *settings, struct buf *out);
/* All settings with range, default and sentence: --help and the table of the README. */
void settings_help(struct buf *out);
void settings_markdown(struct buf *out);

/* Copies the next address of a comma-separated list to `out` and moves *list behind it;
 * false when the list is at its end. */
bool settings_next_address(const char **list, char out[SETTING_WORD_SIZE]);

/* What a program is asked to do by its one argument. */
enum settings_task { SETTINGS_RUN = 1, SETTINGS_HEALTH, SETTINGS_DIGEST };

struct settings_program {
    const char *name;
    const char *about;
    bool has_digest; /* it folds the ledger, and knows --digest */
};

/* The first part of every program's main(): answers --help and --check, reads the environment,
 * opens the log. Returns false when the program should exit with *ret_code. */
bool settings_start(int argc, char **argv, const struct settings_program *program,
    struct settings *ret_settings, enum settings_task *ret_task, int *ret_code);

#endif
