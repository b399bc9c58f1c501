/* misaq: one command line for what people do with the whole system. */
#include "commands.h"

#include <stdio.h>
#include <string.h>

struct command {
    const char *name;
    const char *usage;
    const char *sentence;
    int (*run)(int argc, char **argv);
};

static const struct command commands[] = {
    {"run", "run", "Start everything in ./run and load the sample the first time", command_run},
    {"sample", "sample --csv BODY | --load URL",
        "Print one body's sample agreement, or load all into a running system", command_sample},
    {"init", "init FIRST NAME SECOND NAME",
        "Found a government: its first two administrators, and the codes for their passwords",
        command_init},
    {"audit", "audit",
        "Hold everything in Redis against the folder of the record and against itself",
        command_audit},
    {"describe", "describe openapi | settings | messages | routes",
        "Print what the tables say: OpenAPI 3.1, or Markdown", command_describe},
    {"help", "help", "This text", command_help},
};

#define COMMANDS (sizeof commands / sizeof *commands)

static void print_usage(FILE *to, const struct command *command)
{
    (void)fprintf(to, "  misaq %s\n      %s\n", command->usage, command->sentence);
}

int command_help(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    (void)printf("misaq - performance agreements of a government\n\n");
    for (size_t i = 0; i < COMMANDS; i++)
        print_usage(stdout, &commands[i]);
    (void)printf("\nSettings come from the environment, MISAQ_...: misaq describe settings.\n"
                 "MISAQ_HOME is the folder of `misaq run`, ./run when it is not set.\n");
    return COMMAND_FINE;
}

int command_misused(const char *name)
{
    (void)fprintf(stderr, "usage:\n");
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            print_usage(stderr, &commands[i]);
    return COMMAND_MISUSED;
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "help";
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        name = "help";
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    (void)fprintf(stderr, "misaq: there is no command \"%s\"; `misaq help` lists them\n", name);
    return COMMAND_MISUSED;
}
