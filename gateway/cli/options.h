/* What stands behind a command's name: options "--name value" and flags "--name" in any order,
 * everything else by its place. An option that is not in the list is refused: a mistyped
 * --witness must not silently check less. */
#ifndef MISAQ_CLI_OPTIONS_H
#define MISAQ_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#define OPTION_LIST_MAX 8

/* Values of an option that may come several times. */
struct option_list {
    size_t count;
    const char *at[OPTION_LIST_MAX];
};

/* One of the three is set. */
struct option {
    const char *name;         /* "--url" */
    const char **value;       /* borrowed from argv; as it was when the option is not given */
    struct option_list *list; /* an option that may come again */
    bool *flag;               /* one without a value */
};

/* Fills in the options and exactly `count` places; argv[0] is the name of the command. Says what is
 * wrong on standard error. */
bool options_read(int argc, char **argv, const struct option *options, size_t option_count,
    const char **places, size_t count);
#define OPTIONS_COUNT(options) (sizeof(options) / sizeof *(options))

#endif
