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
    {"backup", "backup FOLDER",
        "Copy everything while it runs: Redis, keys, record, evidence, and the sums of all files",
        command_backup},
    {"restore", "restore BACKUP FOLDER", "Check a backup and lay it out to be started on",
        command_restore},
    {"redis-users", "redis-users FOLDER",
        "Make a user at Redis for every program: the file that Redis reads, and the passwords",
        command_redis_users},
    {"password", "password --url URL --person P --code C [--password-file F]",
        "Set the own password with a one-time code", command_password},
    {"sign-in", "sign-in --url URL --person P [--password-file F]",
        "Print the token of a session, for scripts", command_sign_in},
    {"keygen", "keygen FILE", "Make a signing key; the private half never leaves the file",
        command_keygen},
    {"key-proof",
        "key-proof FILE --office O --person P --from DAY --until DAY [--origin NAME | --url URL]",
        "Print what an administrator sends to have the key enrolled", command_key_proof},
    {"sign",
        "sign FILE --url URL --token-file T --office O AGREEMENT\n"
        "      [--act sign|countersign|adopt|withdraw] [--log-key VERIFIERKEY] [--yes]",
        "Check what is to be signed, show it, sign it with the key in FILE and send it",
        command_sign},
    {"archive", "archive --url URL CYCLE FILE",
        "Keep everything public of a cycle in one tar file that verifies without a server",
        command_archive},
    {"verify",
        "verify archive FILE [--key VERIFIERKEY] [--witness VERIFIERKEY]... [--zone MINUTES]\n"
        "  misaq verify backup FOLDER\n"
        "  misaq verify signature FILE --key X\n"
        "  misaq verify checkpoint FILE --key VERIFIERKEY [--witness VERIFIERKEY]...\n"
        "  misaq verify proof FILE --checkpoint FILE --key VERIFIERKEY",
        "Check an archive, a JWS, a checkpoint or an inclusion proof; asks no server",
        command_verify},
    {"witness", "witness --listen HOST:PORT --folder DIR --log VERIFIERKEY [--name NAME]",
        "Co-sign the checkpoints of a ledger that only grows; refuse forks (C2SP tlog-witness)",
        command_witness},
    {"follow",
        "follow --keygen FILE\n"
        "  misaq follow --keys FILE --access ID --url URL --stream tcp://HOST:PORT\n"
        "      --server-key KEY --topic BEGINNING... [--cursor FILE] [--once]",
        "Subscribe to the stream for departments: a line of JSON for every event, once, and every "
        "hole told and closed",
        command_follow},
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
        if (strcmp(commands[i].name, name) == 0) {
            if (argc > 2 && strcmp(argv[2], "--help") == 0) {
                print_usage(stdout, &commands[i]);
                return COMMAND_FINE;
            }
            return commands[i].run(argc - 1, argv + 1);
        }
    (void)fprintf(stderr, "misaq: there is no command \"%s\"; `misaq help` lists them\n", name);
    return COMMAND_MISUSED;
}
