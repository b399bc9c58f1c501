/* misaq sample: the sample government as files, or into a running system. */
#include "commands.h"
#include "load.h"
#include "sample.h"

#include <stdio.h>
#include <string.h>

static int print_csv(const char *code)
{
    size_t body = sample_body_find(text_of(code));
    if (body == SIZE_MAX) {
        (void)fprintf(stderr, "misaq: the sample has no body \"%s\"; it has:", code);
        for (size_t i = 0; i < sample_body_count(); i++)
            (void)fprintf(stderr, " %.*s", TEXT_ARG(sample_body(i).id));
        (void)fprintf(stderr, "\n");
        return COMMAND_MISUSED;
    }
    BUF_CLEANUP struct buf out = BUF(SAMPLE_CSV_MAX);
    sample_csv(body, NULL, &out);
    bool fine = !out.full && fwrite(out.at, 1, out.len, stdout) == out.len && fflush(stdout) == 0;
    if (!fine)
        perror("misaq: the CSV cannot be written");
    return fine ? COMMAND_FINE : COMMAND_FAILED;
}

int command_sample(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--csv") == 0)
        return print_csv(argv[2]);
    if (argc == 3 && strcmp(argv[1], "--load") == 0)
        return load_sample(argv[2]);
    return command_misused("sample");
}
