/* misaq password, misaq sign-in: what somebody who has a one-time code, or a password, does first.
 * A password never stands on a command line, where every user of the machine would see it. */
#include "commands.h"
#include "desk.h"
#include "file.h"
#include "options.h"

#include <stdio.h>

#define PASSWORD_SIZE 801 /* 200 characters and the terminator */

static bool get_password(const char *path, bool again, struct buf *line)
{
    return path ? file_read_line(path, line) : file_ask_password(again, line);
}

static bool set_password(
    struct desk *desk, const char *person, const char *code, const char *password)
{
    BUF_CLEANUP struct buf json = BUF(4096);
    JSON_CLEANUP struct json_document document = {0};
    const struct password_set set = {text_of(person), text_of(code), text_of(password)};
    struct password_kept kept;
    if (!desk_write(password_set_record(), &set, &json))
        return false;
    struct call call = {.method = "POST",
        .path = "/v1/passwords",
        .type = "application/json",
        .body = buf_as_text(&json)};
    return desk_read(desk, NULL, call, password_kept_record(), &document, &kept);
}

int command_password(int argc, char **argv)
{
    const char *url = NULL, *person = NULL, *code = NULL, *path = NULL;
    const struct option options[] = {{.name = "--url", .value = &url},
        {.name = "--person", .value = &person}, {.name = "--code", .value = &code},
        {.name = "--password-file", .value = &path}};
    BUF_CLEANUP struct buf line = BUF(PASSWORD_SIZE);
    struct desk desk;
    if (!options_read(argc, argv, options, OPTIONS_COUNT(options), NULL, 0) || !url || !person ||
        !code)
        return command_misused("password");
    if (!get_password(path, true, &line) || !desk_open(&desk, url))
        return COMMAND_FAILED;
    bool fine = set_password(&desk, person, code, line.at);
    desk_close(&desk);
    if (fine)
        (void)printf("The password of %s is set. Next: misaq sign-in --url %s --person %s\n",
            person, url, person);
    return fine ? COMMAND_FINE : COMMAND_FAILED;
}

int command_sign_in(int argc, char **argv)
{
    const char *url = NULL, *person = NULL, *path = NULL;
    const struct option options[] = {{.name = "--url", .value = &url},
        {.name = "--person", .value = &person}, {.name = "--password-file", .value = &path}};
    BUF_CLEANUP struct buf line = BUF(PASSWORD_SIZE);
    struct desk desk;
    struct seat seat;
    if (!options_read(argc, argv, options, OPTIONS_COUNT(options), NULL, 0) || !url || !person)
        return command_misused("sign-in");
    if (!get_password(path, false, &line) || !desk_open(&desk, url))
        return COMMAND_FAILED;
    bool fine = desk_sign_in(&desk, text_of(person), line.at, NULL, &seat, NULL);
    desk_close(&desk);
    if (fine)
        (void)printf("%s\n", seat.token);
    return fine ? COMMAND_FINE : COMMAND_FAILED;
}
