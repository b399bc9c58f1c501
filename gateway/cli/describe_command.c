/* misaq describe: the tables of facts in the forms that others read. */
#include "base/settings.h"
#include "commands.h"
#include "describe.h"
#include "routes.h"
#include "schema/messages.h"

#include <stdio.h>
#include <string.h>

#define DESCRIPTION_MAX (8u << 20)

static void write_roles(struct buf *out, uint32_t may)
{
    const struct choices *roles = role_choices();
    const char *between = "";
    if (may & 1u << role_UNSET) {
        buf_str(out, "everyone");
        return;
    }
    for (int role = 1; role <= (int)roles->count; role++)
        if (may & 1u << role) {
            buf_printf(out, "%s%s", between, choices_word(roles, role));
            between = ", ";
        }
}

static void describe_messages(struct buf *out)
{
    static const char *const kinds[] = {
        [MESSAGE_COMMAND] = "command", [MESSAGE_QUERY] = "query", [MESSAGE_EVENT] = "event"};
    buf_str(out, "| message | kind | service | carries | who may | what it is |\n"
                 "| --- | --- | --- | --- | --- | --- |\n");
    for (enum message message = MESSAGE_UNSET + 1; message < MESSAGE_COUNT; message++) {
        const struct message_row *row = message_row(message);
        buf_printf(out, "| `%s` | %s | %s | %s | ", row->wire, kinds[row->kind],
            service_name(row->service), row->carries()->name);
        if (row->kind != MESSAGE_EVENT)
            write_roles(out, row->may);
        buf_printf(out, " | %s |\n", row->sentence);
    }
}

static void describe_routes(struct buf *out)
{
    buf_str(out, "| method | path | who may | what it does |\n| --- | --- | --- | --- |\n");
    for (size_t i = 0; route_at(i); i++) {
        const struct route *route = route_at(i);
        buf_printf(out, "| %s | `%s` | ", method_word(route->method), route->pattern);
        write_roles(out, route_may(route));
        buf_printf(out, " | %s |\n", route_sentence(route));
    }
}

int command_describe(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*write)(struct buf *out);
    } descriptions[] = {
        {"openapi", describe_openapi},
        {"settings", settings_markdown},
        {"messages", describe_messages},
        {"routes", describe_routes},
    };
    for (size_t i = 0; argc == 2 && i < sizeof descriptions / sizeof *descriptions; i++) {
        if (strcmp(argv[1], descriptions[i].name) != 0)
            continue;
        BUF_CLEANUP struct buf out = BUF(DESCRIPTION_MAX);
        descriptions[i].write(&out);
        bool fine =
            !out.full && fwrite(out.at, 1, out.len, stdout) == out.len && fflush(stdout) == 0;
        if (!fine)
            perror("misaq: the description cannot be written");
        return fine ? COMMAND_FINE : COMMAND_FAILED;
    }
    return command_misused("describe");
}
