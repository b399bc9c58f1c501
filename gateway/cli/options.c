#include "options.h"

#include <stdio.h>
#include <string.h>

static const struct option *find(const struct option *options, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(options[i].name, name) == 0)
            return &options[i];
    return NULL;
}

static bool complain(const char *what, const char *name)
{
    (void)fprintf(stderr, "misaq: %s %s\n", name, what);
    return false;
}

static bool take(const struct option *option, const char *value)
{
    if (option->list && option->list->count == OPTION_LIST_MAX)
        return complain("comes too often", option->name);
    if (option->list)
        option->list->at[option->list->count++] = value;
    else
        *option->value = value;
    return true;
}

bool options_read(int argc, char **argv, const struct option *options, size_t option_count,
    const char **places, size_t count)
{
    size_t filled = 0;
    for (int i = 1; i < argc; i++) {
        const struct option *option = find(options, option_count, argv[i]);
        if (option && option->flag)
            *option->flag = true;
        else if (option && i + 1 == argc)
            return complain("wants a value", argv[i]);
        else if (option && !take(option, argv[++i]))
            return false;
        else if (option)
            continue;
        else if (strncmp(argv[i], "--", 2) == 0)
            return complain("is no option of this command", argv[i]);
        else if (filled == count)
            return complain("is one word too many", argv[i]);
        else
            places[filled++] = argv[i];
    }
    return filled == count;
}
