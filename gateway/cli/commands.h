/* The commands of `misaq`, one function each; main.c has the table. */
#ifndef MISAQ_CLI_COMMANDS_H
#define MISAQ_CLI_COMMANDS_H

/* What a command exits with. */
enum { COMMAND_FINE = 0, COMMAND_FAILED = 1, COMMAND_MISUSED = 2 };

/* argv[0] is the name of the command. */
int command_run(int argc, char **argv);
int command_sample(int argc, char **argv);
int command_audit(int argc, char **argv);
int command_backup(int argc, char **argv);
int command_redis_users(int argc, char **argv);
int command_restore(int argc, char **argv);
int command_init(int argc, char **argv);
int command_password(int argc, char **argv);
int command_sign_in(int argc, char **argv);
int command_keygen(int argc, char **argv);
int command_key_proof(int argc, char **argv);
int command_sign(int argc, char **argv);
int command_archive(int argc, char **argv);
int command_verify(int argc, char **argv);
int command_witness(int argc, char **argv);
int command_follow(int argc, char **argv);
int command_describe(int argc, char **argv);
int command_help(int argc, char **argv);

/* Says how a command is used, on standard error; returns COMMAND_MISUSED. */
int command_misused(const char *name);

#endif
