/* misaq init: the first two administrators of a government. It can be repeated: what was founded
 * stays, and the codes are shown again as long as they are good. */
#include "commands.h"
#include "founding.h"

#include <inttypes.h>
#include <stdio.h>

extern char **environ;

static int complain(const char *what, const struct faults *why)
{
    (void)fprintf(stderr, "misaq: %s:", what);
    for (uint32_t i = 0; i < faults_kept(why); i++)
        (void)fprintf(stderr, "%s %s %s", i ? ";" : "", why->kept[i].member, why->kept[i].detail);
    (void)fprintf(stderr, "\n");
    return COMMAND_FAILED;
}

static enum err show_code(const struct settings *settings, struct text person, struct faults *why)
{
    char code[FOUNDING_CODE_SIZE];
    enum err err = founding_code(settings, person, code, why);
    if (err == OK)
        (void)printf("  %.*s  %s\n", TEXT_ARG(person), code);
    return err;
}

int command_init(int argc, char **argv)
{
    static struct settings settings;
    static struct faults why;
    if (argc != 5)
        return command_misused("init");
    if (settings_read(environ, &settings, &why) != OK)
        return complain("the settings are wrong", &why);
    const struct government_found people = {
        .first = {.id = text_of(argv[1]), .name = text_of(argv[2])},
        .has_first = true,
        .second = {.id = text_of(argv[3]), .name = text_of(argv[4])},
        .has_second = true};
    if (founding_do(&settings, &people, &why) != OK)
        return complain("the government is not founded", &why);
    (void)printf(
        "The government %s has two administrators. Their one-time codes:\n", settings.government);
    if (show_code(&settings, people.first.id, &why) != OK ||
        show_code(&settings, people.second.id, &why) != OK)
        return complain("it is founded, but the codes cannot be read", &why);
    (void)printf(
        "Each gives the own code to set a password, within %" PRIu64 " hours:\n"
        "  curl -s -H 'Content-Type: application/json' http://127.0.0.1:8080/v1/passwords \\\n"
        "    -d '{\"person\":\"%s\",\"code\":\"...\",\"password\":\"...\"}'\n"
        "and then signs in: POST /v1/sessions with person and password.\n"
        "One administrator can do little: people and keys need both.\n",
        settings.code_s / 3600, argv[1]);
    return COMMAND_FINE;
}
