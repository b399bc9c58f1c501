#include "told.h"

#include "commands.h"

#include <stdio.h>

int told_faults(const char *what, const struct faults *why)
{
    (void)fprintf(stderr, "misaq: %s:", what);
    for (uint32_t i = 0; i < faults_kept(why); i++)
        (void)fprintf(stderr, "%s %s %s", i ? ";" : "", why->kept[i].member, why->kept[i].detail);
    (void)fprintf(stderr, "\n");
    return COMMAND_FAILED;
}

int told(const char *format, ...)
{
    va_list args;
    (void)fprintf(stderr, "misaq: ");
    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    va_end(args);
    (void)fprintf(stderr, "\n");
    return COMMAND_FAILED;
}
